#include "server/config/settings.h"

#include "server/config/schema.h"
#include "server/config/store.h"
#include "server/config/trust.h"

#include <algorithm>

namespace dragoman::config {
namespace {

// Keys of "projects" that name no folder: limits below them would count nowhere.
void find_nameless(const Json& projects, const Node* root, std::vector<Finding>& findings) {
    const Node* section = root == nullptr ? nullptr : root->member("projects");
    for (const auto& [key, ignored] : projects.items()) {
        if (key.starts_with('/') || key == "~" || key.starts_with("~/")) continue;
        const Node* node = section == nullptr ? nullptr : section->member(key);
        findings.push_back(
            {node == nullptr ? Span{} : node->key,
             '"' + dotted({"projects", key}) +
                 "\" names no folder, so what it says counts nowhere: write the folder's whole "
                 "path, or one that begins with ~/"});
    }
}

// Keeps of `raw` what is right and what `out.voice` may say; the rest becomes problems.
void take(Settings& out, const Json& raw, const Node* root) {
    Checked checked = check(raw, root, schema());
    checked.value.erase("$schema");
    std::vector<Finding> findings = std::move(checked.findings);
    out.refused = std::move(checked.refused);
    if (out.voice == Voice::repository) {
        Claims claims = part_by_trust(checked.value, root);
        out.value = std::move(claims.free);
        out.asked = std::move(claims.asked);
        out.barred = std::move(claims.barred);
        std::move(claims.findings.begin(), claims.findings.end(), std::back_inserter(findings));
    } else {
        const auto projects = checked.value.find("projects");
        if (projects != checked.value.end()) {
            if (projects->is_object()) out.projects = std::move(*projects);
            find_nameless(out.projects, root, findings);
            checked.value.erase(projects);
        }
        out.value = std::move(checked.value);
    }
    for (const Finding& finding : findings) out.problems.push_back(out.problem_of(finding));
}

// The `default` of every key that has a place of its own; what stands below a name of the user's
// choosing has its default where it is read.
Json defaults_of(const Json& unresolved) {
    const Json& schema = resolved(unresolved);
    if (const auto found = schema.find("default"); found != schema.end()) return *found;
    Json out;
    if (const Json* properties = find(schema, "properties")) {
        for (const auto& [name, member] : properties->items()) {
            Json inner = defaults_of(member);
            if (!inner.is_null()) out[name] = std::move(inner);
        }
    }
    return out;
}

}  // namespace

Problem Settings::problem_of(const Finding& finding) const {
    Problem problem;
    problem.path = file;
    problem.message = finding.message;
    problem.warning = finding.warning;
    if (lines) lines->place(finding.span, problem);
    return problem;
}

Problem Settings::problem_at(const std::vector<std::string>& path, std::string message, bool warning) const {
    const Node* node = &root;
    for (const std::string& part : path) {
        const Node* next = node->member(part);
        const bool number = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
        if (next == nullptr && number) next = node->item(std::stoul(part.substr(0, 9)));
        if (next == nullptr) break;
        node = next;
    }
    return problem_of({node == &root ? Span{} : node->value, std::move(message), warning});
}

Problem Settings::told(const std::string& why, const std::vector<std::string>& path) const {
    const auto found = std::find_if(problems.begin(), problems.end(),
                                    [&](const Problem& one) { return one.message == why; });
    return found == problems.end() ? problem_at(path, why) : *found;
}

std::string sentence(FileProblem problem) {
    switch (problem) {
        case FileProblem::missing: return "there is no such file";
        case FileProblem::not_regular: return "this is not a regular file and was not read";
        case FileProblem::too_large: return "the file is larger than 1 MiB and was not read";
        case FileProblem::unreadable: return "the file cannot be read: look at its permissions";
    }
    return {};
}

Result<Settings, Problem> read_settings(const std::filesystem::path& file, const std::string& bytes,
                                        Voice voice) {
    Settings out;
    out.name = file.string();
    out.file = file;
    out.voice = voice;
    out.lines.emplace(bytes);
    auto text = read_text(bytes);
    if (!text) return out.problem_of(text.error());
    out.root = std::move(text->root);
    for (const Finding& finding : text->findings) out.problems.push_back(out.problem_of(finding));
    take(out, text->value, &out.root);
    return out;
}

Settings settings_from(const Json& value, std::string name, Voice voice) {
    Settings out;
    out.name = std::move(name);
    out.voice = voice;
    if (value.is_object()) {
        take(out, value, nullptr);
    } else if (!value.is_null()) {
        out.problems.push_back(out.problem_of({{}, "the editor's settings must be one object"}));
    }
    return out;
}

std::shared_ptr<const Settings> default_settings() {
    static const auto defaults = [] {
        auto out = std::make_shared<Settings>();
        out->name = "default";
        out->value = defaults_of(schema());
        return out;
    }();
    return defaults;
}

Problem Layer::problem_at(std::vector<std::string> path, std::string message, bool warning) const {
    path.insert(path.begin(), prefix.begin(), prefix.end());
    return settings->problem_at(path, std::move(message), warning);
}

const std::string* Layer::refused(const std::string& at) const {
    std::string whole;
    for (const std::string& part : prefix) whole = pointer(whole, part);
    const auto found = settings->refused.find(whole + at);
    return found == settings->refused.end() ? nullptr : &found->second;
}

Layer layer_of(std::shared_ptr<const Settings> settings) {
    Layer out;
    out.value = &settings->value;
    out.settings = std::move(settings);
    return out;
}

Layer project_layer(std::shared_ptr<const Settings> settings, const std::string& key,
                    std::filesystem::path folder) {
    Layer out;
    out.folder = std::move(folder);
    out.value = &settings->projects.at(key);
    out.prefix = {"projects", key};
    out.settings = std::move(settings);
    return out;
}

}  // namespace dragoman::config
