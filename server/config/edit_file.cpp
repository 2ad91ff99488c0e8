#include "server/config/edit_file.h"

#include "server/config/edit_text.h"

#include <algorithm>

namespace dragoman::config {
namespace {

using Changed = Result<bool, ChangeFailure>;

constexpr int kAttempts = 10;  // where others write, too

constexpr std::string_view kUntouched = "; the file was not changed";

ChangeFailure at_fault(const Target& target, const std::string& bytes, const Finding& finding) {
    Problem problem;
    Lines{bytes}.place(finding.span, problem);
    return {target.file.string() + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) +
            ": " + finding.message + std::string{kUntouched}};
}

std::string why(WriteProblem problem) {
    switch (problem) {
        case WriteProblem::changed: return "someone else changed it meanwhile; try again";
        case WriteProblem::not_regular: return "it is not a regular file";
        case WriteProblem::not_permitted: return "it or its folder is read-only; look at the permissions";
        case WriteProblem::no_space: return "the disk is full";
        case WriteProblem::failed: return "the disk does not take it";
    }
    return {};
}

std::vector<std::string> messages(const Target& target, const std::string& text) {
    std::vector<std::string> out;
    const auto settings = read_settings(target.file, text, target.voice);
    if (!settings) return {settings.error().message};
    for (const Problem& problem : settings->problems) out.push_back(problem.message);
    return out;
}

// What is wrong with `after` that is not without the value at the target; empty when nothing is. Warnings
// count: they tell of keys in the clear.
std::string new_problem(const Target& target, const std::string& before, const std::string& after) {
    const auto bare = unset_value(before, target.path);
    std::vector<std::string> known;
    if (bare && !says_nothing(*bare)) known = messages(target, *bare);
    for (const std::string& message : messages(target, after)) {
        const auto same = std::find(known.begin(), known.end(), message);
        if (same == known.end()) return message;
        known.erase(same);
    }
    return {};
}

// One reading, edit and writing. `overtaken`: somebody else wrote in between.
Changed try_to_change(Files& files, const Target& target, const std::optional<Json>& value, bool& overtaken) {
    overtaken = false;
    auto content = files.read(target.file, kLargestFile);
    if (!content && content.error() != FileProblem::missing)
        return ChangeFailure{target.file.string() + ": " + sentence(content.error())};
    const std::string before = content ? std::move(content->bytes) : std::string{};
    const auto seen = content ? std::optional{content->stamp} : std::nullopt;

    const auto after = value ? set_value(before, target.path, *value) : unset_value(before, target.path);
    if (!after) return at_fault(target, before, after.error());
    if (*after == before) return false;
    if (after->size() > kLargestFile)
        return ChangeFailure{target.file.string() + " would be too large", true};
    if (value) {
        const std::string problem = new_problem(target, before, *after);
        if (!problem.empty()) return ChangeFailure{problem, true};
    }
    if (const auto problem = files.rewrite(target.file, *after, seen)) {
        overtaken = *problem == WriteProblem::changed;
        return ChangeFailure{target.file.string() + " was not written: " + why(*problem)};
    }
    return true;
}

}  // namespace

Changed change_file(Files& files, const Target& target, const std::optional<Json>& value) {
    if (target.file.empty()) {
        return ChangeFailure{"there is no place for settings: neither HOME nor XDG_CONFIG_HOME is set"};
    }
    for (int attempt = 1;; ++attempt) {
        bool overtaken = false;
        Changed changed = try_to_change(files, target, value, overtaken);
        if (!overtaken || attempt == kAttempts) return changed;
    }
}

}  // namespace dragoman::config
