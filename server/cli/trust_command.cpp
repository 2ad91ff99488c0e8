// `dragoman trust`: what projects ask for, and the user's decisions about it.
//
// Where nobody sits at a terminal nothing is approved by a question: `allow` is the word for scripts, and it
// is for whoever writes the script to have read `show`.

#include "protocol/base/visible.h"
#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/config/redact.h"
#include "server/session/status.h"
#include "server/session/trust_questions.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace dragoman::cli {
namespace {

using config::Ask;
using config::Decision;
using config::TrustFile;

constexpr std::size_t kPathBytes = 4096;

std::string shown(const std::filesystem::path& path) { return visible(path.string(), kPathBytes).text; }

std::string state_of(const Ask& ask) {
    if (!ask.barred.empty()) return "cannot be approved: " + ask.barred;
    switch (ask.decision) {
        case Decision::allowed: return "approved";
        case Decision::denied: return "refused: you said never";
        case Decision::none: return ask.before.empty() ? "not approved" : "changed since you approved it";
    }
    return {};
}

Json whole(const Ask& ask) {
    Json out = session::to_json(ask);
    out["asked"] = config::redacted(ask.asked);
    return out;
}

void print_ask(const Ask& ask) {
    print_line(shown(ask.identity.real.empty() ? ask.folder : ask.identity.real) + " asks for:");
    for (const std::string& line : ask.lines) print_line("- " + line_of(ask, line));
    if (!ask.whole) {
        print_line("Not all of it fits into these lines. All of it:");
        print_json(config::redacted(ask.asked));
    }
    print_line("It is " + state_of(ask) + ".");
}

/// Tells what became of a change of the file; the exit code.
int report_written(Context& context, const TrustFile::Written& written, const std::string& done,
                   const Json& result) {
    if (!written.moved.empty())
        complain_line("dragoman: the file of your decisions could not be read; it is now " +
                      written.moved.string());
    if (!written.failure.empty()) {
        if (context.json()) print_json({{"error", {{"kind", "disk"}, {"message", written.failure}}}});
        complain_line("dragoman: nothing was decided: " + written.failure);
        return kExitFailed;
    }
    if (context.json()) {
        print_json(result);
    } else {
        print_line(done);
    }
    return 0;
}

int decide(Context& context, Ask ask, Decision decision) {
    const auto time = session::iso_time(context.core().clock.wall());
    const auto written = context.core().store.trust_file().add(config::entry_of(ask, decision, time));
    ask.decision = decision;
    const std::string folder = shown(ask.identity.real);
    return report_written(context, written,
                          decision == Decision::allowed ? "approved for " + folder
                                                        : "refused for " + folder + ", whatever it asks for",
                          whole(ask));
}

int list(Context& context) {
    const TrustFile& file = context.core().store.trust_file();
    const auto content = file.read();
    if (!content.fault.empty()) {
        return context.report({.kind = ErrorKind::not_configured,
                               .message = file.path().string() + ": " + content.fault,
                               .hint = "Look at it, or remove it to begin anew."});
    }
    Json folders = Json::array();
    for (const auto& entry : content.entries) {
        const bool allowed = entry.decision == Decision::allowed;
        folders.push_back({{"folder", entry.folder.real.string()},
                           {"workspace", entry.workspace.string()},
                           {"decision", allowed ? "allowed" : "denied"},
                           {"record", entry.record},
                           {"time", entry.time},
                           {"asks", entry.lines}});
        if (context.json()) continue;
        print_line(fmt::format("{}  {}  ({})", allowed ? "approved" : "refused ", shown(entry.folder.real),
                               entry.time));
        for (const std::string& line : entry.lines)
            if (allowed) print_line("  - " + line);
    }
    if (context.json()) print_json({{"folders", std::move(folders)}});
    if (!context.json() && content.entries.empty()) print_line("nothing was decided about any project");
    return 0;
}

/// The nearest folder above that something was decided about; empty: none.
std::filesystem::path decided_above(const TrustFile& file, const std::filesystem::path& folder) {
    const auto entries = file.read().entries;
    const auto decided = [&](const std::filesystem::path& above) {
        return std::any_of(entries.begin(), entries.end(),
                           [&](const auto& entry) { return entry.folder.real == above; });
    };
    for (auto above = folder.parent_path(); above != above.root_path(); above = above.parent_path())
        if (decided(above)) return above;
    return {};
}

int forget(Context& context, const std::filesystem::path& folder) {
    bool found = false;
    const TrustFile& file = context.core().store.trust_file();
    const auto written = file.forget(folder, found);
    std::string done = (found ? "forgotten: " : "nothing was decided about ") + shown(folder);
    if (const auto above = decided_above(file, folder); !found && !above.empty())
        done += "; what was decided about " + shown(above) + " holds: dragoman trust forget " + shown(above);
    return report_written(context, written, done, {{"folder", folder.string()}, {"found", found}});
}

/// A decision is about the folder that asks, which FOLDER must then be: whoever names a folder inside it may
/// not know how far the decision would reach. Empty: it is that one.
std::string asked_above(const Ask& ask, const std::filesystem::path& folder, bool deny) {
    if (ask.identity.real.empty() || ask.identity.real == folder) return {};
    return fmt::format("{} asks for nothing of its own; what holds there is asked for by {}: {}",
                       shown(folder), shown(ask.identity.real),
                       deny ? "dragoman trust deny " + shown(ask.identity.real) : allow_command(ask));
}

/// `asked`, or what stands for a folder that asks for nothing, so that it can be refused beforehand.
Ask refusable(Context& context, const config::Effective& config, const std::filesystem::path& folder) {
    if (config.ask) return *config.ask;
    Ask ask;
    ask.folder = ask.workspace = folder;
    if (const auto identity = config::identity_of(context.core().files, folder)) ask.identity = *identity;
    return ask;
}

int ask_at_terminal(Context& context, const Ask& ask) {
    if (!stdin_is_terminal() || context.json()) {
        return context.refuse(
            "nothing is approved without a terminal to ask at; read what it asks for and run: " +
            allow_command(ask));
    }
    complain("Only if you trust all of it, type \"yes\" to approve: ");
    if (read_line() != "yes") {
        print_line("nothing was decided");
        return 0;
    }
    return decide(context, ask, Decision::allowed);
}

}  // namespace

int trust(Context& context, const TrustOptions& options) {
    using Action = TrustOptions::Action;
    if (options.action == Action::list) return list(context);
    auto given = absolute_path(options.folder.empty() ? "." : options.folder).lexically_normal();
    if (!given.has_filename() && given.has_relative_path())
        given = given.parent_path();  // a slash at its end
    const auto real = context.core().files.real_path(given);
    if (options.action == Action::forget) return forget(context, real.value_or(given));
    if (!real || !std::filesystem::is_directory(*real))
        return context.refuse(shown(given) + ": there is no such folder");
    const auto config = context.config_of_folder(*real, options.workspace);
    if (!config) return context.refuse("--workspace must be a folder that holds " + shown(*real));
    const bool deny = options.action == Action::deny;
    if (config->ask && (deny || options.action == Action::allow)) {
        const std::string above = asked_above(*config->ask, *real, deny);
        if (!above.empty()) return context.refuse(above);
    }
    if (deny) return decide(context, refusable(context, *config, *real), Decision::denied);

    if (!config->ask) {
        if (!context.json()) complain_about(config->problems);
        const std::string nothing = "the files of " + shown(*real) + " ask for nothing that needs approval";
        if (options.action == Action::allow) return context.refuse(nothing);
        context.json() ? print_json({{"folder", real->string()}, {"asks", Json::array()}})
                       : print_line(nothing);
        return 0;
    }
    const Ask& ask = *config->ask;
    const bool approvable = ask.barred.empty();
    if (options.action == Action::allow && !approvable)
        return context.refuse(shown(*real) + " cannot be approved: " + ask.barred);
    if (context.json()) {
        if (options.action == Action::show) print_json(whole(ask));
    } else {
        print_ask(ask);
    }
    if (options.action == Action::show) return 0;
    if (options.action == Action::allow) return decide(context, ask, Decision::allowed);
    if (!approvable || ask.decision == Decision::allowed) return approvable ? 0 : kExitConfiguration;
    return ask_at_terminal(context, ask);
}

}  // namespace dragoman::cli
