// The writings in which a key could get out: whoever looks for one looks for all of them.
#pragma once

#include <nlohmann/json.hpp>

#include <cctype>
#include <string>
#include <vector>

namespace dragoman::test {

namespace writing {

inline std::string base64(const std::string& text) {
    static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0, held = 0;
    for (const char c : text) {
        held = held << 8U | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6; bits -= 6) out += kDigits[held >> (bits - 6) & 63U];
    }
    return out;  // without the digit that mixes in what follows
}

inline std::string percent(const std::string& text, const char* digits) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~')
            out += c;
        else
            out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    return out;
}

inline std::string hex(const std::string& text, const char* digits) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out += {digits[byte >> 4U], digits[byte & 15U]};
    }
    return out;
}

inline constexpr const char* kUpper = "0123456789ABCDEF";
inline constexpr const char* kLower = "0123456789abcdef";

}  // namespace writing

/// The writings of `key` as a whole that a gateway or a library might come up with.
inline std::vector<std::string> key_writings(const std::string& key) {
    using namespace writing;
    const std::string json = nlohmann::json(key).dump();
    std::vector<std::string> out{key,
                                 percent(key, kUpper),
                                 percent(key, kLower),
                                 json.substr(1, json.size() - 2),
                                 hex(key, kUpper),
                                 hex(key, kLower)};
    // The key at each of the three places that base64 knows, without the digits that mix in a neighbour.
    out.push_back(base64(key));
    out.push_back(base64("x" + key).substr(2));
    out.push_back(base64("xx" + key).substr(3));
    return out;
}

/// The same, and those of either half.
inline std::vector<std::string> key_traces(const std::string& key) {
    std::vector<std::string> out = key_writings(key);
    for (const std::string& half : {key.substr(0, key.size() / 2), key.substr(key.size() / 2)}) {
        const auto its = key_writings(half);
        out.insert(out.end(), its.begin(), its.end());
    }
    return out;
}

}  // namespace dragoman::test
