// Secrets that were looked for before: pieces repeat from keystroke to keystroke, and looking is slow.
#pragma once

#include "server/privacy/secret_text.h"

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dragoman::completion {

/// Keeps places, by a hash of the text they were found in, and no text. Loop thread.
class KnownSecrets {
public:
    /// As privacy::find_secrets.
    const std::vector<privacy::Secret>& find(std::string_view text);
    /// Bytes [begin, end) of `text` with their secrets masked, also those that begin or end outside of them.
    privacy::Masked mask(std::string_view text, std::size_t begin, std::size_t end);

private:
    std::unordered_map<std::uint64_t, std::vector<privacy::Secret>> found_;
};

}  // namespace dragoman::completion
