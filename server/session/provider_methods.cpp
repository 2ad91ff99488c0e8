// Models, balances, embeddings, keys and the configuration: what the gateways and the user's files say.

#include "server/privacy/secret_text.h"
#include "server/session/methods.h"
#include "server/session/model_rows.h"
#include "server/session/problems.h"
#include "server/session/usage.h"
#include "server/support/log.h"

#include <algorithm>

namespace dragoman::session {
namespace {

using ProviderPtr = std::shared_ptr<const config::Provider>;

std::string document_uri(const Json& params) {
    const Json* document = find(params, "textDocument");
    return document == nullptr ? std::string{} : get_string(*document, "uri").value_or("");
}

/// The provider named by params, or all; an answer was sent when there is none.
std::optional<std::vector<ProviderPtr>> chosen(const Reply& reply, const config::Effective& config,
                                               const Json& params) {
    const auto name = get_string(params, "provider");
    std::vector<ProviderPtr> providers;
    for (const auto& [known, provider] : config.providers) {
        if (!name || known == *name) providers.push_back(provider);
    }
    if (!providers.empty()) return providers;
    // resolve() knows best why: nothing configured, unknown, or untrusted.
    const auto why = name ? config.find(*name + "/any") : config.resolve(config::Role::chat);
    if (!why) {
        reply.fail(why.error());
    } else {
        reply.fail({.kind = ErrorKind::not_configured,
                    .message = "no provider is configured",
                    .hint = "run `dragoman config check`"});
    }
    return std::nullopt;
}

/// Answers once every provider has answered, in any order; one failure does not hide the others.
struct Gathering {
    Gathering(const Reply& to, std::size_t parts) : reply{to}, waiting{parts} {}

    Reply reply;
    std::size_t waiting;
    Json list = Json::array(), errors = Json::array();
    std::vector<std::shared_ptr<void>> work;
    std::function<Json(Gathering&)> result;

    void failed(const std::string& provider, const Error& error) {
        Json data = jsonrpc::error_data(error);
        data["provider"] = provider;
        data["message"] = error.message;
        errors.push_back(std::move(data));
    }
    void one_done() {
        if (--waiting == 0) reply.result(result(*this));
    }
};

}  // namespace

void handle_models(Session& session, const Reply& reply, const Json& params) {
    const auto config = session.config_for(document_uri(params));
    const auto providers = chosen(reply, *config, params);
    if (!providers) return;
    const bool refresh = get_bool(params, "refresh").value_or(false);

    const auto gathering = std::make_shared<Gathering>(reply, providers->size());
    gathering->result = [config](Gathering& all) {
        return Json{{"models", std::move(all.list)},
                    {"selected", selected_models(*config)},
                    {"errors", std::move(all.errors)}};
    };
    reply.keep(gathering);
    const std::weak_ptr<Gathering> weak = gathering;
    for (const auto& provider : *providers) {
        auto work = session.model_lists().get(provider, refresh, [weak, provider](const auto& listed) {
            const auto all = weak.lock();
            if (!all) return;
            if (listed.error) all->failed(provider->name, *listed.error);
            for (Json& row : model_rows(*provider, listed.models)) all->list.push_back(std::move(row));
            all->one_done();
        });
        gathering->work.push_back(std::move(work));
    }
}

void handle_balance(Session& session, const Reply& reply, const Json& params) {
    const auto config = session.config_for(document_uri(params));
    auto providers = chosen(reply, *config, params);
    if (!providers) return;
    if (!get_string(params, "provider")) {
        // Asked for all: those that have no such endpoint are not failures.
        std::erase_if(*providers, [](const ProviderPtr& provider) { return provider->balance.empty(); });
        if (providers->empty()) return reply.result({{"balances", Json::array()}, {"errors", Json::array()}});
    }
    const auto gathering = std::make_shared<Gathering>(reply, providers->size());
    gathering->result = [](Gathering& all) {
        return Json{{"balances", std::move(all.list)}, {"errors", std::move(all.errors)}};
    };
    reply.keep(gathering);
    const std::weak_ptr<Gathering> weak = gathering;
    for (const auto& provider : *providers) {
        gathering->work.push_back(
            session.services().gateway.balance(provider, [weak, provider](const auto& read) {
                const auto all = weak.lock();
                if (!all) return;
                if (!read) {
                    all->failed(provider->name, read.error());
                } else {
                    for (const auto& balance : *read) {
                        all->list.push_back({{"provider", provider->name},
                                             {"amount", balance.amount},
                                             {"unit", balance.unit},
                                             {"raw", balance.raw}});
                    }
                }
                all->one_done();
            }));
    }
}

void handle_embed(Session& session, const Reply& reply, const Json& params) {
    const Json* input = find(params, "input");
    std::vector<std::string> texts;
    if (input != nullptr && input->is_string()) texts.push_back(input->get<std::string>());
    if (input != nullptr && input->is_array()) {
        for (const Json& one : *input) {
            if (!one.is_string()) return reply.invalid_params("input must be an array of strings");
            texts.push_back(one.get<std::string>());
        }
    }
    if (texts.empty()) return reply.invalid_params("input must be an array of strings that is not empty");
    const auto config = session.config_for(document_uri(params));
    auto model = config->resolve(config::Role::embedding, get_string(params, "model").value_or(""));
    if (!model) return reply.fail(model.error());

    const std::string id = model->id();
    gateway::Purpose purpose{.role = "embedding", .config = config};
    for (std::string& text : texts) {
        privacy::Masked masked = privacy::mask_secrets(text);
        text = std::move(masked.text);
        purpose.drawn.push_back({.kind = "text", .bytes = text.size(), .masked = masked.kinds.size()});
    }
    reply.keep(session.services().gateway.embed(std::move(purpose), std::move(*model), std::move(texts),
                                                [&session, reply, id](const Result<wire::Embeddings>& read) {
                                                    if (!read) {
                                                        session.status().failed(read.error());
                                                        return reply.fail(read.error());
                                                    }
                                                    session.status().succeeded();
                                                    Json out = {{"model", id}, {"vectors", read->vectors}};
                                                    if (read->usage) out["usage"] = usage_json(*read->usage);
                                                    reply.result(out);
                                                }));
}

void handle_key_set(Session& session, const Reply& reply, const Json& params) {
    const auto name = get_string(params, "provider");
    if (!name) return reply.invalid_params("provider must be a string");
    const auto member = params.find("key");
    if (member == params.end() || !(member->is_null() || member->is_string())) {
        return reply.invalid_params("key must be a string, or null to forget it");
    }
    const auto config = session.config_for(document_uri(params));
    const auto provider = chosen(reply, *config, params);
    if (!provider) return;
    const auto set = session.services().keys.set_from_editor(
        *provider->front(), member->is_null() ? std::nullopt : std::optional{member->get<std::string>()});
    if (!set) return reply.invalid_params("the key for " + *name + " was not taken: " + set.error());
    session.status().succeeded();
    reply.result(nullptr);
}

void handle_key_status(Session& session, const Reply& reply, const Json& params) {
    const auto config = session.config_for(document_uri(params));
    Json list = Json::array();
    for (const auto& [name, provider] : config->providers) {
        const auto status = session.services().keys.status(*provider);
        Json one = {{"provider", name}, {"source", status.source}, {"present", status.present}};
        if (!status.fingerprint.empty()) one["fingerprint"] = status.fingerprint;
        list.push_back(std::move(one));
    }
    reply.result({{"providers", std::move(list)}});
}

void handle_config(Session& session, const Reply& reply, const Json& params) {
    const auto config = session.config_for(document_uri(params));
    Json out = {{"effective", config->merged},
                {"sources", source_list(config->sources)},
                {"problems", problem_list(config->problems)}};
    if (config->ask) out["trust"] = to_json(*config->ask);
    reply.result(out);
}

}  // namespace dragoman::session
