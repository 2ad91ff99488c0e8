// What a repository may say, must ask for, and may not say at all.
//
// A repository is not the user. Its settings, already held against the schema, are parted by the class
// that the schema gives each key (x-trust): the free part is laid over the user's settings, the part that
// needs approval is kept aside as a claim, and what is never taken from a repository is left out.
#pragma once

#include "server/config/text.h"

#include <string>
#include <vector>

namespace dragoman::config {

struct Claims {
    Json free = Json::object();
    Json asked = Json::object();                     // same shape as settings; a null asks to remove
    std::vector<std::vector<std::string>> barred{};  // paths of what was left out
    std::vector<Finding> findings{};
};

/// `settings` as check() left them; `root` says where they stand, null for settings in no file.
Claims part_by_trust(const Json& settings, const Node* root);

}  // namespace dragoman::config
