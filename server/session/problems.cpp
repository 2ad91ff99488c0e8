#include "server/session/problems.h"

#include <algorithm>

namespace dragoman::session {
namespace {
constexpr int kError = 1, kWarning = 2;  // LSP DiagnosticSeverity

Json position(int line, int column) {
    return {{"line", std::max(line, 1) - 1}, {"character", std::max(column, 1) - 1}};
}
}  // namespace

Json diagnostics_of(const std::vector<config::Problem>& problems) {
    Json diagnostics = Json::array();
    for (const config::Problem& problem : problems) {
        diagnostics.push_back({{"range",
                                {{"start", position(problem.line, problem.column)},
                                 {"end", position(problem.end_line, problem.end_column)}}},
                               {"severity", problem.warning ? kWarning : kError},
                               {"source", "dragoman"},
                               {"message", problem.message}});
    }
    return diagnostics;
}

Json problem_list(const std::vector<config::Problem>& problems) {
    Json list = Json::array();
    for (const config::Problem& problem : problems) {
        list.push_back({{"path", problem.path.empty() ? "editor" : problem.path.string()},
                        {"line", problem.line},
                        {"column", problem.column},
                        {"message", problem.message}});
    }
    return list;
}

Json source_list(const std::vector<config::Source>& sources) {
    Json list = Json::array();
    for (const config::Source& source : sources) {
        Json one = {{"path", source.name}, {"trusted", source.trusted}};
        if (!source.asked.empty()) one["asked"] = source.asked;
        list.push_back(std::move(one));
    }
    return list;
}

}  // namespace dragoman::session
