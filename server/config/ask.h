// What a project's files ask for, as the user is shown it and as it would act.
//
// One record for a folder: the asking parts of all files from the workspace folder down to it, merged,
// presets filled in. What was shown is what is laid over the settings: both come from one merge of one
// reading.
#pragma once

#include "protocol/base/json.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace dragoman::config {

enum class Decision { none, allowed, denied };

/// A folder wherever it is linked from: another folder put in its place is another one.
struct FolderIdentity {
    std::filesystem::path real{};  // without symbolic links; empty: not to be had
    std::uint64_t device = 0, inode = 0;
    friend bool operator==(const FolderIdentity&, const FolderIdentity&) = default;
};

struct Ask {
    std::filesystem::path folder{};     // of the innermost file that asks, as the workspace names it
    std::filesystem::path workspace{};  // where the files that were merged begin
    FolderIdentity identity{};          // of `folder`
    std::string record{};               // SHA-256 of `asked`, 64 hex digits
    Json asked = Json::object();        // {"providers": {...}, "removes": [...]}; secrets not redacted
    /// `asked` in words, a line each; what the files wrote is made visible (protocol/base/visible.h). Never a
    /// key, nor a header's value.
    std::vector<std::string> lines{};
    bool whole = true;  // `lines` holds all of it; otherwise something was cut
    Decision decision = Decision::none;
    std::vector<std::string> before{};  // the lines that were approved here before; empty: never
    std::string barred{};               // why it can never be approved; a sentence, empty where it can
};

/// `line` of `ask` for people; says "(new)" where it was not among what was approved before.
std::string line_of(const Ask& ask, const std::string& line);

/// The command that approves `ask` in a terminal.
std::string allow_command(const Ask& ask);

}  // namespace dragoman::config
