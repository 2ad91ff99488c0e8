// Likely secrets in text: private keys, cloud keys, tokens, passwords in URLs and assignments.
//
// Pure. The patterns are data (data/secrets.json). A guess by shape, meant to keep what is clearly a secret
// from leaving the machine inside a prompt; it never promises to find all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::privacy {

struct Secret {
    std::size_t begin = 0, end = 0;  // bytes
    std::string_view kind;           // "AWS access key", "private key", ...: for the trail
};

/// In order, not overlapping. Linear in the text.
std::vector<Secret> find_secrets(std::string_view text);

/// What stands in place of a secret in a prompt. A model may repeat it: whoever shows answers looks for it.
inline constexpr std::string_view kSecretMask = "********";

struct Masked {
    std::string text;
    std::vector<std::string_view> kinds;  // of what was masked, in order
};
Masked mask_secrets(std::string_view text);

}  // namespace dragoman::privacy
