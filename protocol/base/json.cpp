#include "protocol/base/json.h"

#include "protocol/base/utf.h"

#include <cmath>

namespace dragoman {
namespace {

constexpr double kLargestExact = 9'007'199'254'740'992.0;  // 2^53

// Counts what a tree would cost before it is built. nlohmann's parser is iterative, so depth costs it
// no stack; the tree's copy and dump would.
class Gate final : public nlohmann::json_sax<Json> {
public:
    explicit Gate(const JsonLimits& limits) : limits_{limits} {}

    bool null() override { return count(); }
    bool boolean(bool) override { return count(); }
    bool number_integer(number_integer_t) override { return count(); }
    bool number_unsigned(number_unsigned_t) override { return count(); }
    bool number_float(number_float_t, const string_t&) override { return count(); }
    bool string(string_t&) override { return count(); }
    bool binary(binary_t&) override { return count(); }
    bool start_object(std::size_t) override { return open(); }
    bool key(string_t&) override { return true; }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        failure.offset = position == 0 ? 0 : position - 1;
        return false;
    }

    JsonFailure failure;

private:
    bool count() {
        if (++values_ <= limits_.values) return true;
        failure.what = JsonFailure::What::too_large;
        return false;
    }
    bool open() {
        if (++depth_ > limits_.depth) {
            failure.what = JsonFailure::What::too_deep;
            return false;
        }
        return count();
    }
    bool close() {
        --depth_;
        return true;
    }

    const JsonLimits& limits_;
    std::size_t depth_ = 0, values_ = 0;
};

// The value of four hex digits at `at`, or -1.
int hex4(std::string_view text, std::size_t at) {
    if (at + 4 > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

bool is_high_surrogate(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_surrogate(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

// Overwrites each \uD8xx or \uDCxx escape that has no partner with \ufffd. False: there was none.
bool replace_lone_surrogates(std::string& text) {
    bool changed = false;
    for (std::size_t at = text.find('\\'); at != std::string::npos && at + 1 < text.size();
         at = text.find('\\', at)) {
        if (text[at + 1] != 'u') {
            at += 2;
            continue;
        }
        const int unit = hex4(text, at + 2);
        const bool pair = is_high_surrogate(unit) && text.compare(at + 6, 2, "\\u") == 0 &&
                          is_low_surrogate(hex4(text, at + 8));
        if (!pair && (is_high_surrogate(unit) || is_low_surrogate(unit))) {
            text.replace(at + 2, 4, "fffd");
            changed = true;
        }
        at += pair ? 12 : 2;
    }
    return changed;
}

}  // namespace

Result<Json, JsonFailure> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes) return JsonFailure{JsonFailure::What::too_large, limits.bytes};
    // A text this short or this flat cannot break a limit, so the gate's pass is saved on stream deltas.
    const auto opens = [&] {
        std::size_t n = 0;
        for (const char c : text) n += c == '[' || c == '{' ? 1 : 0;
        return n;
    };
    JsonFailure failure;
    if (opens() > limits.depth || text.size() > limits.values) {
        Gate gate{limits};
        if (!Json::sax_parse(text.begin(), text.end(), &gate)) failure = gate.failure;
        if (failure.what != JsonFailure::What::syntax) return failure;
    }
    try {
        Json tree = Json::parse(text.begin(), text.end(), nullptr, false);
        if (!tree.is_discarded()) return tree;
        std::string repaired{text};
        if (replace_lone_surrogates(repaired)) {
            tree = Json::parse(repaired.begin(), repaired.end(), nullptr, false);
            if (!tree.is_discarded()) return tree;
        }
    } catch (const std::exception&) {
        // A number beyond double's range throws although exceptions are off; what() quotes the input.
    }
    Gate locate{limits};
    try {
        Json::sax_parse(text.begin(), text.end(), &locate);
    } catch (const std::exception&) {
        return JsonFailure{};
    }
    return locate.failure;
}

std::string dump_json(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const Json* find(const Json& object, std::string_view name) {
    if (!object.is_object()) return nullptr;
    const auto member = object.find(name);
    return member == object.end() || member->is_null() ? nullptr : &*member;
}

std::optional<std::string> get_string(const Json& object, std::string_view name) {
    const Json* value = find(object, name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return value->get<std::string>();
}

std::optional<std::int64_t> as_int(const Json& value) {
    if (value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        if (number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    if (value.is_number_integer()) return value.get<std::int64_t>();
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (std::trunc(number) != number || std::abs(number) > kLargestExact) return std::nullopt;
        return static_cast<std::int64_t>(number);
    }
    return std::nullopt;
}

std::optional<std::int64_t> get_int(const Json& object, std::string_view name) {
    const Json* value = find(object, name);
    return value == nullptr ? std::nullopt : as_int(*value);
}

std::optional<double> get_number(const Json& object, std::string_view name) {
    const Json* value = find(object, name);
    if (value == nullptr || !value->is_number()) return std::nullopt;
    const double number = value->get<double>();
    return std::isfinite(number) ? std::optional{number} : std::nullopt;
}

std::optional<bool> get_bool(const Json& object, std::string_view name) {
    const Json* value = find(object, name);
    if (value == nullptr || !value->is_boolean()) return std::nullopt;
    return value->get<bool>();
}

void merge_json(Json& base, const Json& patch) {
    if (!patch.is_object()) {
        base = patch;
        return;
    }
    if (!base.is_object()) base = Json::object();
    for (const auto& [name, value] : patch.items()) {
        if (value.is_null()) {
            base.erase(name);
        } else {
            merge_json(base[name], value);
        }
    }
}

}  // namespace dragoman
