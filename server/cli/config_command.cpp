// `dragoman config show|check|schema|set|unset`.

#include "protocol/base/utf.h"
#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/config/key_path.h"
#include "server/config/redact.h"
#include "server/config/schema.h"
#include "server/session/problems.h"

#include <spdlog/fmt/fmt.h>

namespace dragoman::cli {
namespace {

// The layer that said the value at `pointer`, itself or with the list or object that holds it.
std::string source_of(const std::map<std::string, std::string>& provenance, std::string pointer) {
    for (; !pointer.empty(); pointer.resize(pointer.rfind('/'))) {
        if (const auto from = provenance.find(pointer); from != provenance.end()) return from->second;
    }
    return "default";
}

}  // namespace

int config_show(Context& context, const std::filesystem::path& for_file) {
    const auto config = context.config_for(for_file);
    Json provenance = config->provenance;
    if (context.json()) {
        print_json({{"effective", config->merged},
                    {"provenance", std::move(provenance)},
                    {"sources", session::source_list(config->sources)},
                    {"problems", session::problem_list(config->problems)}});
        return 0;
    }
    // One line a value: its pointer, the value, and the layer that it came from.
    const Json flat = config->merged.flatten();
    for (const auto& [pointer, value] : flat.items()) {
        print_line(
            fmt::format("{} = {}  ({})", pointer, dump_json(value), source_of(config->provenance, pointer)));
    }
    complain_about(config->problems);
    return 0;
}

int config_check(Context& context, const std::filesystem::path& for_file) {
    const auto config = context.config_for(for_file);
    const bool wrong = !std::all_of(config->problems.begin(), config->problems.end(),
                                    [](const auto& problem) { return problem.warning; });
    if (context.json()) {
        print_json({{"problems", session::problem_list(config->problems)}});
    } else {
        complain_about(config->problems);
        if (config->problems.empty()) print_line("no problems found");
    }
    return wrong ? kExitConfiguration : 0;
}

namespace {

// Whether `path` is the model of a role, whose provider can be looked for.
bool names_model(const std::vector<std::string>& path) {
    return path.size() == 2 && path.back() == "model" &&
           std::any_of(std::begin(config::kRoles), std::end(config::kRoles),
                       [&](config::Role role) { return wire_name(role) == path.front(); });
}

// The outcome of a change that was made, or was not needed.
void tell_change(Context& context, const config::Target& target, const std::optional<Json>& value,
                 bool written) {
    std::string at;
    for (const std::string& part : target.path) at = config::pointer(at, part);
    Json leaf = Json::object();
    leaf[target.path.back()] = value.value_or(nullptr);
    const Json shown = config::redacted(leaf)[target.path.back()];
    if (context.json()) {
        Json out = {{"file", target.file.string()}, {"key", at}, {"written", written}};
        if (value) out["value"] = shown;
        return print_json(out);
    }
    const std::string what = value ? at + " = " + dump_json(shown) : at + " is not set";
    print_line(fmt::format("{}  ({}{})", what, target.file.string(), written ? "" : ", as it was"));
}

}  // namespace

int config_change(Context& context, const ConfigChange& change) {
    auto path = config::read_key_path(change.key);
    if (!path) return context.refuse(path.error());
    std::optional<Json> value;
    if (change.value) {
        if (!is_valid_utf8(*change.value)) return context.refuse("the value is not UTF-8");
        const auto parsed = parse_json(*change.value);
        value = parsed ? *parsed : Json(*change.value);
    }
    const bool here = change.project && change.folder.empty();
    const bool everywhere = !here && change.folder.empty();
    const auto folder = absolute_path(change.folder).lexically_normal();
    std::error_code ignored;
    if (value && !change.folder.empty() && !std::filesystem::is_directory(folder, ignored))
        return context.refuse("--for " + change.folder.string() + ": there is no such folder");
    const auto config = context.config_for(everywhere || here ? std::filesystem::path{} : folder);
    auto& store = context.core().store;
    if (value && value->is_string() && names_model(*path)) {
        const auto found = (everywhere ? store.outside() : config)->find(value->get<std::string>());
        if (!found) return context.report(found.error());
    }
    const config::Target target = everywhere ? store.in_user_file(*path)
                                  : here     ? store.for_folder(config->project, *path)
                                             : store.for_folder(folder, *path);
    const auto changed = config::change_file(context.core().files, target, value);
    if (!changed) {
        if (changed.error().value_refused) return context.refuse(changed.error().message);
        return context.report({.kind = ErrorKind::not_configured, .message = changed.error().message});
    }
    tell_change(context, target, value, *changed);
    return 0;
}

int config_schema() {
    print_json(config::schema());
    return 0;
}

}  // namespace dragoman::cli
