#include "server/upstream/gateway/gateway.h"

#include "server/upstream/gateway/context.h"
#include "server/upstream/gateway/guard.h"
#include "server/upstream/gateway/json_call.h"
#include "server/upstream/gateway/plan.h"
#include "server/upstream/gateway/route_refusal.h"
#include "server/upstream/gateway/stream_call.h"
#include "server/upstream/wire/errors.h"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <random>
#include <utility>

namespace dragoman::gateway {
namespace {

/// What the caller holds: letting go of it cancels, also from inside the sink.
template <class Core>
struct Handle final : Call {
    explicit Handle(std::shared_ptr<Core> held) : core{std::move(held)} {}
    ~Handle() override { core->cancel(); }
    std::shared_ptr<Core> core;
};

struct BalanceEndpoint {
    std::string_view shape;
    wire::BalanceShape reading;
    std::string_view path;
    Place place;
};
constexpr std::array kBalanceEndpoints{
    BalanceEndpoint{"generic", wire::BalanceShape::generic, "/balance", Place::below_version},
    BalanceEndpoint{"deepseek", wire::BalanceShape::deepseek, "/user/balance", Place::at_root},
    BalanceEndpoint{"openrouter", wire::BalanceShape::openrouter, "/credits", Place::below_version},
    BalanceEndpoint{"siliconflow", wire::BalanceShape::siliconflow, "/user/info", Place::below_version},
};

std::function<double()> generator() {
    return [engine = std::mt19937{std::random_device{}()}]() mutable {
        return std::uniform_real_distribution<double>{}(engine);
    };
}

/// Asks, reads the reply with `read`, and answers with what it is or why not.
template <class T, class Read>
void ask_and_read(JsonCall& call, JsonCall::Question question, Read read, Gateway::Answer<T> answer) {
    call.ask(std::move(question), [&call, read, answer](Result<JsonCall::Reply> reply) {
        if (!reply) return answer(std::move(reply).error());
        Result<T> result = read(*reply);
        if (!result) result = call.complete(std::move(result.error()));
        answer(std::move(result));
    });
}

using Balances = std::vector<wire::Balance>;

/// The one-api pair (upstream.md 8.2). What was used may be refused or unknown; the limit still counts.
void ask_billing(JsonCall& call, const Gateway::Answer<Balances>& answer) {
    call.ask({.path = "/dashboard/billing/subscription"}, [&call, answer](Result<JsonCall::Reply> limit) {
        if (!limit) return answer(std::move(limit).error());
        if (limit->status >= 400) {
            return answer(call.complete(wire::read_error(limit->status, limit->headers, limit->body)));
        }
        const auto read = [subscription = limit->body](const JsonCall::Reply& usage) {
            return wire::read_billing(subscription, usage.status < 400 ? usage.body : std::string{});
        };
        ask_and_read<Balances>(call, {.path = "/dashboard/billing/usage"}, read, answer);
    });
}

Error no_balance_endpoint(const config::Provider& provider) {
    Error error{.kind = ErrorKind::not_configured};
    error.message = fmt::format("Provider {} has no balance endpoint", provider.name);
    error.hint = fmt::format(
        "If it has one, set balance of providers.{} to generic, deepseek, openrouter, siliconflow or "
        "billing.",
        provider.name);
    error.provider = provider.name;
    return error;
}

/// With the tokens of the model's family; empty where its name tells none.
std::string tokens_route(const std::string& model) {
    const auto family = wire::fim_family(model);
    return family ? "fim-tokens:" + *family : std::string{};
}

/// An answer that is known already, given from the loop as every other.
struct KnownAnswer final : Call {
    Timer timer;
};

}  // namespace

class Gateway::Impl {
public:
    Context context;

    std::unique_ptr<Call> stream(Purpose purpose, std::vector<config::ModelRef> chain,
                                 std::unique_ptr<Plan> plan, Policy policy, Sink sink) {
        auto core = std::make_shared<StreamCall>(context, std::move(purpose), std::move(chain),
                                                 std::move(plan), policy, std::move(sink));
        core->start();
        return std::make_unique<Handle<StreamCall>>(std::move(core));
    }
    /// A question about the provider itself, which nobody pays for.
    std::shared_ptr<JsonCall> json(std::string role, std::shared_ptr<const config::Provider> provider) {
        return std::make_shared<JsonCall>(context, Purpose{.role = std::move(role), .config = nullptr},
                                          std::move(provider), std::string{});
    }
};

Gateway::Gateway(Clock& clock, http::Client& http, secrets::Keys& keys, std::function<double()> random)
    : impl_{new Impl{.context = {clock, http, keys, random ? std::move(random) : generator()}}} {}

Gateway::~Gateway() = default;

void Gateway::remember_in(Files& files, Worker& worker, std::filesystem::path file) {
    impl_->context.learned.keep_in(files, worker, std::move(file));
}

void Gateway::on_receipt(std::function<void(const Receipt&)> hear) {
    impl_->context.on_receipt = std::move(hear);
}

std::vector<Receipt> Gateway::under_way() const {
    std::vector<Receipt> out;
    for (const Meter* meter : impl_->context.running) out.push_back(meter->receipt());
    return out;
}

void Gateway::guard_with(Guard& guard) { impl_->context.guard = &guard; }

std::optional<Error> Gateway::barred(const config::Effective& config, const config::ModelRef& model) const {
    Guard* const guard = impl_->context.guard;
    if (guard == nullptr || config.budgets.empty()) return std::nullopt;
    return guard->barred(config, model);
}

std::unique_ptr<Call> Gateway::chat(ChatCall call, Sink sink) {
    return impl_->stream(std::move(call.purpose), std::move(call.chain),
                         chat_plan(std::move(call.request), std::move(call.extra_body)), call.policy,
                         std::move(sink));
}

std::unique_ptr<Call> Gateway::fill(FillCall call, Sink sink) {
    auto plan = fill_plan(std::move(call.route), std::move(call.request), std::move(call.extra_body));
    return impl_->stream(std::move(call.purpose), {std::move(call.model)}, std::move(plan), call.policy,
                         std::move(sink));
}

std::unique_ptr<Call> Gateway::models(std::shared_ptr<const config::Provider> provider,
                                      Answer<std::vector<wire::ListedModel>> answer) {
    auto core = impl_->json("models", std::move(provider));
    const auto read = [](const JsonCall::Reply& reply) {
        return wire::read_models(reply.status, reply.headers, reply.body);
    };
    ask_and_read<std::vector<wire::ListedModel>>(*core, {.path = "/models"}, read, std::move(answer));
    return std::make_unique<Handle<JsonCall>>(std::move(core));
}

std::unique_ptr<Call> Gateway::balance(std::shared_ptr<const config::Provider> provider,
                                       Answer<Balances> answer) {
    const std::string shape = provider->balance;
    if (shape == "billing") {
        auto core = impl_->json("balance", std::move(provider));
        ask_billing(*core, answer);
        return std::make_unique<Handle<JsonCall>>(std::move(core));
    }
    for (const auto& endpoint : kBalanceEndpoints) {
        if (endpoint.shape != shape) continue;
        auto core = impl_->json("balance", std::move(provider));
        const auto read = [reading = endpoint.reading](const JsonCall::Reply& reply) {
            return wire::read_balance(reading, reply.status, reply.headers, reply.body);
        };
        ask_and_read<Balances>(*core, {.path = std::string{endpoint.path}, .place = endpoint.place}, read,
                               std::move(answer));
        return std::make_unique<Handle<JsonCall>>(std::move(core));
    }
    auto known = std::make_unique<KnownAnswer>();
    known->timer = impl_->context.clock.after(
        Milliseconds{0}, [answer, error = no_balance_endpoint(*provider)] { answer(error); });
    return known;
}

std::unique_ptr<Call> Gateway::embed(Purpose purpose, config::ModelRef model, std::vector<std::string> input,
                                     Answer<wire::Embeddings> answer) {
    const auto outgoing = wire::build_embeddings(model.model.id, input);
    auto core =
        std::make_shared<JsonCall>(impl_->context, std::move(purpose), model.provider, model.model.id);
    auto metered = [&meter = core->meter(), answer = std::move(answer)](Result<wire::Embeddings> result) {
        if (result && result->usage) meter.count(*result->usage);
        result ? meter.complete() : meter.fail(result.error());
        answer(std::move(result));
    };
    const auto read = [count = input.size()](const JsonCall::Reply& reply) {
        return wire::read_embeddings(count, reply.status, reply.headers, reply.body);
    };
    ask_and_read<wire::Embeddings>(*core,
                                   {.method = "POST",
                                    .path = outgoing.path,
                                    .body = dump_json(outgoing.body),
                                    .prompt_tokens = prompt_tokens(model.id(), outgoing.body)},
                                   read, std::move(metered));
    return std::make_unique<Handle<JsonCall>>(std::move(core));
}

void Gateway::warm(const config::Provider& provider) {
    const auto target = find_target(provider, "/models");
    if (!target) return;
    auto request = form_request(provider, *target, {}, {}, "application/json");
    request.errand = errand_of({}, provider, {});
    impl_->context.http.warm(request);
}

std::string Gateway::fill_route(const config::ModelRef& model) const {
    const auto& provider = *model.provider;
    std::vector<std::string> routes;
    if (model.model.infill != "auto") {
        routes = {model.model.infill};
    } else {
        routes = {provider.infill, provider.local ? "fim-tokens" : ""};
    }
    const std::string base = base_of(provider);
    for (auto& route : routes) {
        if (route == "fim-tokens") route = tokens_route(model.model.id);
        if (route.empty() || route == "auto") continue;
        if (!impl_->context.learned.refused(base, model.model.id, route)) return std::move(route);
    }
    return "chat";
}

bool Gateway::route_refused(const Error& error, const std::string& route) {
    return gateway::route_refused(error, route);
}

void Gateway::refuse_route(const config::ModelRef& model, const std::string& route) {
    impl_->context.learned.refuse(base_of(*model.provider), model.model.id, route);
}

std::optional<Clock::Time> Gateway::held_until(const config::Provider& provider) const {
    return impl_->context.holds.until(provider);
}

}  // namespace dragoman::gateway
