// `dragoman commit-message`: a message for what is staged, on stdout alone, for `git commit -F <(...)`.

#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/session/commit_message.h"
#include "server/session/usage.h"

namespace dragoman::cli {

int commit_message(Context& context, const std::filesystem::path& folder, bool over_budget) {
    const auto path = absolute_path(folder.empty() ? "." : folder).lexically_normal();
    const auto config = context.config_for(path);
    context.ask_before_overspending(over_budget);
    session::Core& core = context.core();
    const auto run = session::write_commit_message(
        core.git, core.gateway, config, path, [&](const Result<session::CommitMessage>& end) {
            if (!end) return context.finish(context.report(end.error()));
            if (context.json()) {
                Json out = {{"message", end->message}, {"model", end->model}};
                if (end->usage) out["usage"] = session::usage_json(*end->usage);
                print_json(out);
            } else {
                print(end->message);
            }
            context.finish(0);
        });
    return context.run_until_finished();
}

}  // namespace dragoman::cli
