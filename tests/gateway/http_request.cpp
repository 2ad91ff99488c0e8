#include "tests/gateway/http_request.h"

#include <algorithm>
#include <cctype>

namespace dragoman::test {
namespace {

void append_text(const nlohmann::json& value, std::string& out) {
    if (value.is_string()) {
        out += value.get_ref<const std::string&>();
        out += '\n';
    } else if (value.is_array()) {
        for (const auto& part : value) append_text(part, out);
    } else if (value.is_object()) {
        for (const char* key : {"content", "text"})
            if (const auto found = value.find(key); found != value.end()) append_text(*found, out);
    }
}

}  // namespace

std::string HttpRequest::header(std::string_view name) const {
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    for (const auto& [key, value] : headers)
        if (std::equal(key.begin(), key.end(), name.begin(), name.end(), same)) return value;
    return {};
}

std::string HttpRequest::model() const {
    if (!json.is_object()) return {};
    const auto found = json.find("model");
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string HttpRequest::prompt_text() const {
    std::string out;
    if (!json.is_object()) return out;
    for (const char* key :
         {"instructions", "messages", "input", "prompt", "suffix", "input_prefix", "input_suffix"})
        if (const auto found = json.find(key); found != json.end()) append_text(*found, out);
    return out;
}

}  // namespace dragoman::test
