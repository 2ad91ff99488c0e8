// `dragoman doctor`: the findings about each provider, told as they come.

#include "server/budget/decide.h"
#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/cli/doctor.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>

namespace dragoman::cli {
namespace {

using Verdict = Finding::Verdict;

/// Prints, or collects for --json, and remembers the exit code: what is to be set up first outranks the rest.
struct Report {
    bool json;
    Json checks = Json::array();
    int exit_code = 0;

    void add(const std::string& provider, const Findings& findings) {
        constexpr std::string_view kMarks[] = {"ok  ", "note", "FAIL"};
        if (!json) print_line(provider);
        for (const Finding& one : findings) {
            if (one.verdict == Verdict::failed)
                exit_code = std::max(exit_code, one.at_home ? kExitConfiguration : kExitFailed);
            checks.push_back({{"provider", provider},
                              {"check", one.check},
                              {"ok", one.verdict != Verdict::failed},
                              {"detail", one.detail},
                              {"setting", one.setting},
                              {"hint", one.hint}});
            if (json) continue;
            print_line(fmt::format("  {} {}: {}", kMarks[static_cast<std::size_t>(one.verdict)], one.check,
                                   one.detail));
            if (!one.setting.empty()) print_line("       change: " + one.setting);
            if (!one.hint.empty()) print_line("       " + one.hint);
        }
    }
};

/// Providers that are named in the configuration, but cannot be called as it stands.
void add_barred(Report& report, const config::Effective& config,
                const std::map<std::string, std::string>& providers, const std::string& wanted) {
    for (const auto& [name, why] : providers) {
        if (!wanted.empty() && wanted != name) continue;
        const auto cure = config.find(name + "/any");
        report.add(name, {{.verdict = Verdict::failed,
                           .check = "configuration",
                           .detail = why,
                           .setting = "providers." + name,
                           .hint = cure.ok() ? std::string{} : cure.error().hint,
                           .at_home = true}});
    }
}

/// How each budget stands, and which of the chosen models its money cannot count.
Findings look_at_budgets(const config::Effective& config, const std::vector<budget::Standing>& standings) {
    Findings out;
    for (const budget::Standing& one : standings) {
        const bool good = one.readable() && !one.reached();
        out.push_back({.verdict = !one.readable() ? Verdict::failed
                                  : good          ? Verdict::good
                                                  : Verdict::note,
                       .check = one.budget.setting,
                       .detail = budget::describe(one),
                       .setting = good ? std::string{} : one.budget.setting});
        if (!one.budget.amount) continue;
        std::set<std::string> uncounted;
        for (const config::Role role : config::kRoles) {
            const auto model = config.resolve(role);
            if (!model || model->provider->local || !budget::holds_for(one.budget, *model->provider))
                continue;
            if (!budget::counts_price(one.budget, model->model.price)) uncounted.insert(model->id());
        }
        for (const std::string& model : uncounted) {
            const std::string provider = model.substr(0, model.find('/'));
            out.push_back(
                {.verdict = Verdict::note,
                 .check = one.budget.setting,
                 .detail = model + " has no price in " + one.budget.currency + ", so its cost is not counted",
                 .setting = "providers." + provider + ".models, " + one.budget.setting + ".perDayTokens"});
        }
    }
    return out;
}

}  // namespace

int doctor(Context& context, const std::string& wanted, bool over_budget) {
    const auto config = context.config_for();
    Report report{.json = context.json()};
    if (!context.json()) complain_about(config->problems);
    add_barred(report, *config, config->unusable, wanted);
    add_barred(report, *config, config->untrusted, wanted);
    std::vector<std::shared_ptr<const config::Provider>> providers;
    for (const auto& [name, provider] : config->providers) {
        if (wanted.empty() || wanted == name) providers.push_back(provider);
    }
    if (providers.empty() && report.checks.empty()) return context.report(no_provider(*config, wanted));

    context.ask_before_overspending(over_budget);
    Doctor doctor{context.core(), config};
    std::size_t at = 0;
    const std::function<void()> next = [&] {
        if (at == providers.size() || output_error() != 0) return context.finish(report.exit_code);
        doctor.examine(*providers[at], [&](const Findings& findings) {
            report.add(providers[at++]->name, findings);
            next();
        });
    };
    const auto count = context.core().book.count([&] {
        if (!config->budgets.empty())
            report.add("budget", look_at_budgets(*config, context.core().book.standings(*config)));
        next();
    });
    const int code = context.run_until_finished();
    if (context.json()) print_json({{"checks", std::move(report.checks)}});
    return code;
}

}  // namespace dragoman::cli
