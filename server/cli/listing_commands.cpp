// `dragoman models` and `dragoman balance`: every provider asked at once, printed in the order of names.

#include "protocol/base/error_text.h"
#include "protocol/jsonrpc/message.h"
#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/session/model_rows.h"

#include <spdlog/fmt/fmt.h>

namespace dragoman::cli {
namespace {

using ProviderPtr = std::shared_ptr<const config::Provider>;

Result<std::vector<ProviderPtr>> chosen(const config::Effective& config, const std::string& name) {
    std::vector<ProviderPtr> providers;
    for (const auto& [known, provider] : config.providers) {
        if (name.empty() || known == name) providers.push_back(provider);
    }
    if (providers.empty()) return no_provider(config, name);
    return providers;
}

/// Asks each provider through `ask`, then prints what each answered. What failed does not hide the others,
/// but decides the exit code, worst first: configuration, then network. A question that a provider has no
/// endpoint for is no failure where others answered, unless it was asked for by name.
/// `more` goes beside the rows and the errors.
template <class T, class Ask, class Row>
int list(Context& context, const std::string& provider_name, const char* member, Ask ask, Row rows_of,
         const Json& more = Json::object()) {
    const auto config = context.config_for();
    const auto providers = chosen(*config, provider_name);
    if (!providers) return context.report(providers.error());

    std::vector<std::optional<Result<T>>> answers(providers->size());
    std::vector<std::unique_ptr<gateway::Call>> calls;
    std::size_t waiting = providers->size();
    for (std::size_t i = 0; i < providers->size(); ++i) {
        calls.push_back(ask((*providers)[i], [&, i](Result<T> answer) {
            answers[i] = std::move(answer);
            if (--waiting == 0) context.finish(0);
        }));
    }
    if (const int code = context.run_until_finished(); code != 0) return code;

    const bool any = std::any_of(answers.begin(), answers.end(), [](const auto& one) { return one->ok(); });
    int code = 0;
    Json rows = Json::array(), errors = Json::array();
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const config::Provider& provider = *(*providers)[i];
        if (*answers[i]) {
            rows_of(provider, **answers[i], rows);
            continue;
        }
        const Error& error = answers[i]->error();
        if (error.kind != ErrorKind::not_configured || !any) code = std::max(code, exit_code_of(error));
        Json data = jsonrpc::error_data(error);
        data["provider"] = provider.name;
        data["message"] = error.message;
        errors.push_back(std::move(data));
        if (!context.json()) complain_line("dragoman: " + provider.name + ": " + in_sentences(error));
    }
    if (context.json()) {
        Json out = more;
        out[member] = std::move(rows);
        out["errors"] = std::move(errors);
        print_json(out);
    }
    return code;
}

// "  (completion, chat)" for a model that these roles have, else nothing.
std::string marks(const Json& selected, const std::string& id) {
    std::string roles;
    for (const auto& [role, model] : selected.items()) {
        if (model == Json(id)) roles += (roles.empty() ? "" : ", ") + role;
    }
    return roles.empty() ? "" : "  (" + roles + ")";
}

}  // namespace

int models(Context& context, const std::string& provider) {
    const Json selected = session::selected_models(*context.config_for());
    return list<std::vector<wire::ListedModel>>(
        context, provider, "models",
        [&](const ProviderPtr& one, auto answer) {
            return context.core().gateway.models(one, std::move(answer));
        },
        [&](const config::Provider& one, const std::vector<wire::ListedModel>& listed, Json& rows) {
            for (Json& row : session::model_rows(one, listed)) {
                const auto id = row["id"].get<std::string>();
                if (!context.json()) print_line(id + marks(selected, id));
                rows.push_back(std::move(row));
            }
            if (listed.empty() && !context.json()) {
                complain_line("dragoman: " + one.name +
                              " lists no models; any model id of it can be configured");
            }
        },
        {{"selected", selected}});
}

int balance(Context& context, const std::string& provider) {
    return list<std::vector<wire::Balance>>(
        context, provider, "balances",
        [&](const ProviderPtr& one, auto answer) {
            return context.core().gateway.balance(one, std::move(answer));
        },
        [&](const config::Provider& one, const std::vector<wire::Balance>& balances, Json& rows) {
            for (const auto& left : balances) {
                if (!context.json()) print_line(fmt::format("{}: {} {}", one.name, left.amount, left.unit));
                rows.push_back({{"provider", one.name},
                                {"amount", left.amount},
                                {"unit", left.unit},
                                {"raw", left.raw}});
            }
        });
}

}  // namespace dragoman::cli
