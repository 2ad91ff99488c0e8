// `dragoman config show|check|schema`.

#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/session/problems.h"

#include <spdlog/fmt/fmt.h>

namespace dragoman::cli {

int config_show(Context& context, const std::filesystem::path& for_file) {
    const auto config = context.config_for(for_file);
    Json provenance = config->provenance;
    if (context.json()) {
        Json sources = Json::array();
        for (const auto& source : config->sources) {
            sources.push_back({{"path", source.name}, {"trusted", source.trusted}});
        }
        print_json({{"effective", config->merged},
                    {"provenance", std::move(provenance)},
                    {"sources", std::move(sources)},
                    {"problems", session::problem_list(config->problems)}});
        return 0;
    }
    // One line a value: its pointer, the value, and the layer that it came from.
    const Json flat = config->merged.flatten();
    for (const auto& [pointer, value] : flat.items()) {
        const auto from = config->provenance.find(pointer);
        const std::string source = from == config->provenance.end() ? "default" : from->second;
        print_line(fmt::format("{} = {}  ({})", pointer, dump_json(value), source));
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

int config_schema() {
    print_json(config::schema());
    return 0;
}

}  // namespace dragoman::cli
