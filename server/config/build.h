// From layers to what holds for one document.
#pragma once

#include "server/config/ask.h"
#include "server/config/settings.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::config {

struct Sources {
    std::vector<Layer> layers{};      // lowest first, above the defaults
    std::vector<Problem> problems{};  // of files that gave no layer
    /// Why the user's own file gives no layer though it is there: what it limits is not known then.
    std::optional<Problem> unreadable{};
    std::filesystem::path project{}, user_file{}, home{};
    std::filesystem::path real_project{};  // where its links lead
    std::string suggested_preset{};
    /// Fills in whose files ask and what the user decided about that record. Called at most once, and the
    /// record that it saw is the one that is used.
    std::function<void(Ask&)> judge{};
    std::function<std::vector<std::shared_ptr<const Effective>>(const std::filesystem::path&)>
        elsewhere{};  // as it stands
};

std::shared_ptr<const Effective> build_effective(const Sources& sources);

}  // namespace dragoman::config
