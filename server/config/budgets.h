// Budgets out of the user's layers.
//
// They are not read from the merged tree: there a folder's budget would take the place of the user's, while
// it is meant to be one more limit. Within one scope (everywhere or a folder; all providers or one) layers
// lie over each other as everything else does. null takes back what lower layers said, in every scope of that
// provider. A repository's word is never looked at.
#pragma once

#include "server/config/settings.h"

#include <filesystem>
#include <vector>

namespace dragoman::config {

struct Budget;

/// `layers`: lowest first. A part that the schema refused, a name that it does not know included, leaves its
/// budget with a fault until a higher layer says that part anew or takes it back; what can be no part's is
/// only taken back with the whole.
std::vector<Budget> read_budgets(const std::vector<Layer>& layers, const std::filesystem::path& home);

/// Where the ledger files what is spent under `budgets`: the project, or the folder of the innermost budget
/// where the project is not inside that. So a folder's spending is what is filed under it and below it.
/// `project`: where its links lead, as the budgets' folders are.
std::filesystem::path account_for(const std::filesystem::path& project, const std::vector<Budget>& budgets);

/// `path` is `folder` or lies below it, by their names.
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace dragoman::config
