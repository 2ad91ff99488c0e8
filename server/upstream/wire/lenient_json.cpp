#include "server/upstream/wire/lenient_json.h"

#include "protocol/base/utf.h"

#include <array>

namespace dragoman::wire {
namespace {

constexpr std::array<std::string_view, 3> kNotNumbers = {"NaN", "-Infinity", "Infinity"};

std::string without_nan(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool in_string = false;
    for (std::size_t at = 0; at < text.size();) {
        if (!in_string) {
            std::size_t length = 0;
            for (const auto word : kNotNumbers) {
                if (text.substr(at).starts_with(word)) length = word.size();
            }
            if (length > 0) {
                out += "null";
                at += length;
                continue;
            }
        } else if (text[at] == '\\' && at + 1 < text.size()) {
            out += text[at++];
            out += text[at++];
            continue;
        }
        if (text[at] == '"') in_string = !in_string;
        out += text[at++];
    }
    return out;
}

}  // namespace

LenientJson parse_lenient(std::string_view text) {
    auto strict = parse_json(text);
    if (strict || strict.error().what != JsonFailure::What::syntax) return {std::move(strict), false};
    const bool bad_utf8 = !is_valid_utf8(text);
    const bool bad_number = text.find("NaN") != text.npos || text.find("Infinity") != text.npos;
    if (!bad_utf8 && !bad_number) return {std::move(strict), false};
    std::string repaired = bad_utf8 ? repair_utf8(text) : std::string{text};
    if (bad_number) repaired = without_nan(repaired);
    return {parse_json(repaired), true};
}

std::string_view text_of(const Json& value) {
    if (!value.is_string()) return {};
    return value.get_ref<const std::string&>();
}

std::string_view text_of(const Json& object, std::string_view name) {
    const Json* member = find(object, name);
    return member ? text_of(*member) : std::string_view{};
}

const Json* array_of(const Json& object, std::string_view name) {
    const Json* member = find(object, name);
    return member && member->is_array() ? member : nullptr;
}

}  // namespace dragoman::wire
