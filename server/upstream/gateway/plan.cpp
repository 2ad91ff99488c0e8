#include "server/upstream/gateway/plan.h"

#include <spdlog/fmt/fmt.h>

#include <optional>
#include <utility>

namespace dragoman::gateway {
namespace {

constexpr std::string_view kTokens = "fim-tokens:";

/// `upper` laid over `base`, where both are patches to be applied later: a null stays, to remove then.
void stack_patch(Json& base, const Json& upper) {
    if (!upper.is_object()) return;
    for (const auto& [name, value] : upper.items()) {
        if (value.is_object() && base.contains(name) && base[name].is_object()) {
            stack_patch(base[name], value);
        } else {
            base[name] = value;
        }
    }
}

/// Provider, model, role, request: the later wins.
Json extra_body(const config::ModelRef& model, const Json& role, const Json& request) {
    Json patch = Json::object();
    for (const auto* layer : {&model.provider->extra_body, &model.model.extra_body, &role, &request}) {
        stack_patch(patch, *layer);
    }
    return patch;
}

class ChatPlan final : public Plan {
public:
    ChatPlan(wire::ChatRequest request, Json role) : request_{std::move(request)}, role_(std::move(role)) {}

    Result<Ask> ask(const config::ModelRef& model, config::Api api,
                    const wire::Dialect& dialect) const override {
        wire::ChatRequest request = request_;
        request.model = model.model.id;
        request.extra_body = extra_body(model, role_, request_.extra_body);
        request.reasoning_host = wire::reasoning_host(model.provider->reasoning_switch);
        if (!model.provider->prompt_cache_key) request.prompt_cache_key.reset();
        return Ask{.outgoing = api == config::Api::responses
                                   ? wire::build_responses(request, dialect)
                                   : wire::build_chat_completions(request, dialect)};
    }
    bool either_api() const override { return true; }
    std::string route(config::Api api) const override {
        return api == config::Api::responses ? "responses" : "chat";
    }

private:
    wire::ChatRequest request_;
    Json role_;  // initialised with parentheses: braces would wrap it in an array
};

class FillPlan final : public Plan {
public:
    FillPlan(std::string route, wire::FillRequest request, Json role)
        : route_{std::move(route)}, request_{std::move(request)}, role_(std::move(role)) {}

    Result<Ask> ask(const config::ModelRef& model, config::Api, const wire::Dialect& dialect) const override {
        wire::FillRequest request = request_;
        request.model = model.model.id;
        request.extra_body = extra_body(model, role_, request_.extra_body);
        if (!model.provider->prompt_cache_key) request.prompt_cache_key.reset();
        auto outgoing = build(request, dialect);
        if (!outgoing) {
            Error error{.kind = ErrorKind::not_configured};
            error.message = fmt::format("There is no way \"{}\" to fill in", route_);
            error.hint = fmt::format(
                "Set infill of {} to auto, or to one of the ways the documentation lists.", model.id());
            return error;
        }
        const bool beside = route_ == "llamacpp-infill";
        return Ask{.outgoing = std::move(*outgoing), .place = beside ? Place::at_root : Place::below_version};
    }
    bool either_api() const override { return false; }
    std::string route(config::Api) const override { return route_; }

private:
    std::optional<wire::Outgoing> build(const wire::FillRequest& request,
                                        const wire::Dialect& dialect) const {
        if (route_ == "fim-completions") return wire::build_completions_suffix(request, dialect);
        if (route_ == "mistral-fim") return wire::build_mistral_fim(request, dialect);
        if (route_ == "llamacpp-infill") return wire::build_llamacpp_infill(request, dialect);
        if (!route_.starts_with(kTokens)) return std::nullopt;
        return wire::build_completions_tokens(request, route_.substr(kTokens.size()), dialect);
    }

    std::string route_;
    wire::FillRequest request_;
    Json role_;
};

}  // namespace

std::unique_ptr<Plan> chat_plan(wire::ChatRequest request, Json extra_body) {
    return std::make_unique<ChatPlan>(std::move(request), std::move(extra_body));
}

std::unique_ptr<Plan> fill_plan(std::string route, wire::FillRequest request, Json extra_body) {
    return std::make_unique<FillPlan>(std::move(route), std::move(request), std::move(extra_body));
}

}  // namespace dragoman::gateway
