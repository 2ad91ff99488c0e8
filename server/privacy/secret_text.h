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
    bool certain = true;             // by its own form; false: by the name it is given to
};

/// In order, not overlapping. Linear in the text.
std::vector<Secret> find_secrets(std::string_view text);

/// What stands in place of a secret in a prompt. A model may repeat it: whoever shows answers looks for it.
inline constexpr std::string_view kSecretMask = "********";

struct Masked {
    std::string text;
    std::vector<std::string_view> kinds;  // of what was masked, in order
};
/// A secret of several lines becomes as many masks, so that what follows it keeps the numbers of its lines.
Masked mask_secrets(std::string_view text);
/// The same for what the user typed as a question, where a made-up password may be what it is about: only
/// what has the unmistakable form of a secret is masked.
Masked mask_typed(std::string_view text);

/// The masks that stand in place of `secret`: one for each of its lines.
std::string mask_of(std::string_view secret);

/// How many masks stand in `text`, which was masked elsewhere: longer rows of asterisks are none.
std::size_t count_masks(std::string_view text);

/// Two parts of a text that touch, as the text before and behind a cursor: a secret across the border is
/// masked in both, one that ends or begins there as well.
struct MaskedParts {
    std::string before, after;
    std::vector<std::string_view> kinds;
};
MaskedParts mask_secrets(std::string_view before, std::string_view after);

}  // namespace dragoman::privacy
