// `dragoman usage`: a table of what the ledger holds, and beside it what is left on the accounts. The table
// comes first and depends on nothing but the disk: a gateway that fails or is slow never hides it.

#include "protocol/jsonrpc/message.h"
#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/cli/table.h"
#include "server/session/budgets.h"
#include "server/session/usage.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>

namespace dragoman::cli {
namespace {

using Row = std::vector<std::string>;  // key, requests, input, output, cost

Row row_of(const store::UsageSum& sum, const std::string& key) {
    return {key, std::to_string(sum.requests), std::to_string(sum.input), std::to_string(sum.output),
            sum.cost ? fmt::format("{:.4f} {}", *sum.cost, sum.currency) : "-"};
}

/// What was paid in one currency, and what has no price, each summed up by itself.
std::vector<store::UsageSum> totals_of(const std::vector<store::UsageSum>& sums) {
    std::map<std::string, store::UsageSum> totals;
    for (const store::UsageSum& sum : sums) {
        store::UsageSum& total = totals[sum.currency];
        total.currency = sum.currency;
        total.requests += sum.requests;
        total.input += sum.input;
        total.output += sum.output;
        total.unmetered += sum.unmetered;
        if (sum.cost) total.cost = total.cost.value_or(0) + *sum.cost;
    }
    std::vector<store::UsageSum> out;
    for (auto& [currency, total] : totals) out.push_back(std::move(total));
    return out;
}

void print_table(const std::vector<store::UsageSum>& sums, const std::string& by) {
    if (sums.empty()) return print_line("nothing was used");
    std::vector<Row> rows{{by, "requests", "input", "output", "cost"}};
    for (const store::UsageSum& sum : sums) rows.push_back(row_of(sum, sum.key.empty() ? "-" : sum.key));
    const auto totals = totals_of(sums);
    std::int64_t unmetered = 0;
    for (const store::UsageSum& total : totals) {
        rows.push_back(row_of(total, "total"));
        unmetered += total.unmetered;
    }
    print_columns(rows, 1);
    if (unmetered > 0) {
        print_line(
            fmt::format("{} of these requests ended without a token count and count as zero", unmetered));
    }
}

class Report {
public:
    Report(Context& context, const UsageOptions& options) : context_{context}, options_{options} {}

    int run(store::Instant since, store::UsageGroup group) {
        session::Core& core = context_.core();
        const auto config = context_.config_for();
        for (const auto& [name, provider] : config->providers)
            if (!provider->balance.empty()) providers_.push_back(provider);
        config_ = config;
        waiting_ = 2 + providers_.size();
        core.shelf.on_trouble = [this](const std::string& what) {  // it is on stderr already
            failed_ = true;
            errors_.push_back({{"message", what}});
        };
        const auto task = core.ledger.usage(since, group, [this](const auto& sums) { show(sums); });
        const auto count = core.book.count([this] { one_done(); });
        std::vector<std::unique_ptr<gateway::Call>> calls;
        for (const auto& provider : providers_) {
            calls.push_back(core.gateway.balance(provider, [this, provider](const auto& read) {
                if (read) {
                    balances_[provider->name] = *read;
                } else {
                    complain(provider->name, read.error());
                }
                one_done();
            }));
        }
        const int code = context_.run_until_finished();
        core.shelf.on_trouble = nullptr;
        if (code == 0) finish();
        return code != 0 ? code : failed_ ? kExitFailed : 0;
    }

private:
    void show(const std::vector<store::UsageSum>& sums) {
        if (context_.json()) {
            rows_ = session::usage_rows_json(sums);
            totals_ = session::usage_rows_json(totals_of(sums));
            for (Json& total : totals_) total.erase("key");
        } else {
            print_table(sums, options_.by);
        }
        one_done();
    }

    void complain(const std::string& provider, const Error& error) {
        Json data = jsonrpc::error_data(error);
        data["provider"] = provider;
        data["message"] = error.message;
        errors_.push_back(std::move(data));
        if (!context_.json()) complain_line("dragoman: balance of " + provider + ": " + error.message);
    }

    void one_done() {
        if (--waiting_ == 0) context_.finish(0);
    }

    void finish() {
        const auto standings = context_.core().book.standings(*config_);
        if (!context_.json()) {
            for (const budget::Standing& one : standings)
                print_line((one.reached() ? "budget reached: " : "budget: ") + budget::describe(one));
        }
        Json balances = Json::array();
        for (const auto& [provider, all] : balances_) {
            for (const wire::Balance& left : all) {
                if (!context_.json())
                    print_line(fmt::format("left at {}: {} {}", provider, left.amount, left.unit));
                balances.push_back({{"provider", provider},
                                    {"amount", left.amount},
                                    {"unit", left.unit},
                                    {"raw", left.raw}});
            }
        }
        if (!context_.json()) return;
        Json all = {{"rows", std::move(rows_)},
                    {"totals", std::move(totals_)},
                    {"balances", std::move(balances)},
                    {"errors", std::move(errors_)}};
        if (!standings.empty()) all["budgets"] = session::budgets_json(standings);
        print_json(all);
    }

    Context& context_;
    const UsageOptions& options_;
    std::shared_ptr<const config::Effective> config_;
    std::vector<std::shared_ptr<const config::Provider>> providers_;
    std::size_t waiting_ = 0;
    bool failed_ = false;  // the disk; what a gateway refuses is told and is no failure of this
    Json rows_ = Json::array(), totals_ = Json::array(), errors_ = Json::array();
    std::map<std::string, std::vector<wire::Balance>> balances_;
};

}  // namespace

int usage(Context& context, const UsageOptions& options) {
    const auto group = session::read_group(options.by);
    if (!group) return context.refuse("--by must be " + std::string{session::kGroups});
    auto since = std::optional<store::Instant>{0};
    if (!options.since.empty()) since = session::read_since(options.since);
    if (!since) return context.refuse("--since must be " + std::string{session::kSinceForms});
    return Report{context, options}.run(*since, *group);
}

}  // namespace dragoman::cli
