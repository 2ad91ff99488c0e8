// More than two hundred repositories that want to give orders: every setting that a repository may not say,
// by several carriers and in several spellings, and tricks made by hand.
#pragma once

#include "tests/hostile/ground.h"

#include <functional>
#include <string>
#include <vector>

namespace dragoman::test {

/// What becomes of a question that is asked in the repository.
enum class Verdict {
    refused,   // untrusted, and nobody is asked
    unusable,  // another error than untrusted, and nobody is asked
    ignored,   // the user's own gateway answers, as if the repository had said nothing
    answered,  // somebody answers: the user's own gateway, or the project's where that was approved
    harmless,  // any of these
};

struct HostileRepository {
    std::string name;
    std::function<void(const std::filesystem::path& folder, const Ground& ground)> lay;
    Verdict verdict = Verdict::harmless;
    bool approve = false;                // the user says Trust first
    std::string folder = "";             // what the editor opens, below the repository
    std::string document = "src/a.cpp";  // below the repository
};

struct AimedSetting {
    std::string name;
    Json settings;  // a whole settings value
    Verdict verdict;
};
/// Every setting that no repository may say, or not without approval, with this ground's evil gateway,
/// programs and files for values.
std::vector<AimedSetting> aimed_settings(const Ground& ground);

/// Writes `text` to a file of the repository.
void put(const std::filesystem::path& file, std::string_view text);

std::vector<HostileRepository> leaf_repositories();      // of the schema
std::vector<HostileRepository> settings_repositories();  // merged, spelled, disguised
std::vector<HostileRepository> address_repositories();   // where requests and keys would go
std::vector<HostileRepository> file_repositories();      // what .dragoman.json may turn out to be
std::vector<HostileRepository> git_repositories();

/// All of them.
std::vector<HostileRepository> hostile_repositories();

}  // namespace dragoman::test
