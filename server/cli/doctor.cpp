#include "server/cli/doctor.h"

#include "server/cli/app.h"
#include "server/cli/context.h"
#include "server/support/url.h"
#include "server/upstream/wire/endpoints.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace dragoman::cli {
namespace {

using What = http::Failure::What;
using Verdict = Finding::Verdict;

constexpr int kReachMs = 15'000, kAnswerMs = 30'000;
constexpr std::int64_t kProbeTokens = 16;  // the smallest limit that every wire API takes

double in_ms(std::chrono::microseconds duration) { return static_cast<double>(duration.count()) / 1000.0; }

/// What a way that is not open is called, and the members of the provider's settings that lead it.
struct Obstacle {
    What what;
    const char* check;
    std::array<const char*, 2> members;
};
constexpr std::array kObstacles{
    Obstacle{What::bad_request, "address", {"baseUrl", nullptr}},
    Obstacle{What::resolve, "name", {"baseUrl", "proxy"}},
    Obstacle{What::connect, "connection", {"baseUrl", "proxy"}},
    Obstacle{What::connect_timeout, "connection", {"baseUrl", "proxy"}},
    Obstacle{What::proxy, "proxy", {"proxy", nullptr}},
    Obstacle{What::tls_handshake, "tls", {"baseUrl", "caFile"}},
    Obstacle{What::tls_certificate, "tls", {"caFile", nullptr}},
};
constexpr Obstacle kNoHttp{What::protocol, "http", {"baseUrl", nullptr}};

/// The member of the provider's settings that such an error points at; empty: that of the model.
struct Culprit {
    ErrorKind kind;
    const char* member;
};
constexpr std::array kCulprits{
    Culprit{ErrorKind::no_key, "key"},
    Culprit{ErrorKind::unauthorized, "key"},
    Culprit{ErrorKind::forbidden, "key"},
    Culprit{ErrorKind::insufficient_balance, "key"},
    Culprit{ErrorKind::network, "baseUrl"},
    Culprit{ErrorKind::tls, "caFile"},
    Culprit{ErrorKind::timeout, "timeouts"},
    Culprit{ErrorKind::bad_response, "baseUrl"},
    Culprit{ErrorKind::not_configured, "baseUrl"},
    Culprit{ErrorKind::bad_request, "api"},
};

bool is_chat(const std::string& route) { return route == "chat" || route == "responses"; }

}  // namespace

Doctor::Doctor(session::Core& core, std::shared_ptr<const config::Effective> config)
    : core_{core}, config_{std::move(config)} {}

void Doctor::examine(const config::Provider& provider, std::function<void(Findings)> done) {
    auto watched = std::make_shared<config::Provider>(provider);
    auto& limits = watched->timeouts;
    limits.connect = std::min(limits.connect, kReachMs);
    limits.first_byte = std::min(limits.first_byte, kAnswerMs);
    limits.idle = std::min(limits.idle, kAnswerMs);
    limits.total = std::min(limits.total, 2 * kAnswerMs);
    watched->retry_attempts = 0;
    provider_ = std::move(watched);
    done_ = std::move(done);
    findings_.clear();
    listed_model_.clear();
    reach();
}

void Doctor::good(std::string check, std::string detail) {
    findings_.push_back({.verdict = Verdict::good, .check = std::move(check), .detail = std::move(detail)});
}

void Doctor::failed(std::string check, std::string detail, std::string setting) {
    findings_.push_back({.verdict = Verdict::failed,
                         .check = std::move(check),
                         .detail = std::move(detail),
                         .setting = std::move(setting)});
}

void Doctor::failed(std::string check, const Error& error, const std::string& model_setting) {
    const auto culprit = std::find_if(kCulprits.begin(), kCulprits.end(),
                                      [&](const Culprit& one) { return one.kind == error.kind; });
    failed(std::move(check), error.message,
           error.kind == ErrorKind::over_budget ? "budget"
           : culprit == kCulprits.end()         ? model_setting
                                                : setting(culprit->member));
    findings_.back().hint = error.hint;
    findings_.back().at_home = exit_code_of(error) == kExitConfiguration;
}

std::string Doctor::setting(std::string_view member) const {
    return fmt::format("providers.{}.{}", provider_->name, member);
}

/// At the next turn of the loop: what is running now may have to be dropped by the step.
void Doctor::later(void (Doctor::*step)()) {
    next_ = core_.clock.after(Milliseconds{0}, [this, step] { (this->*step)(); });
}

// The way there, without a key: what answers does not matter, that it answers does.
void Doctor::reach() {
    const auto base = wire::normalise_base_url(provider_->base_url);
    if (!base) {
        failed("address", base.error(), setting("baseUrl"));
        findings_.back().at_home = true;
        return later(&Doctor::finish);
    }
    const auto url = parse_url(*base);
    good("address", url ? url->origin.to_string() : *base);
    const Milliseconds limit{kReachMs};
    http::Request request;
    request.method = "GET";
    request.url = wire::endpoint_url(*base, "/models");
    request.user_agent = provider_->user_agent;
    request.proxy = provider_->proxy;
    request.ca_file = provider_->ca_file;
    request.errand = std::make_shared<const Errand>(Errand{.role = "doctor", .provider = provider_->name});
    request.timeouts = {.connect = limit, .first_byte = limit, .idle = limit, .total = limit};
    transfer_ = core_.http.start(std::move(request), *this);
}

void Doctor::on_end(const std::optional<http::Failure>& failure, const http::Timings& timings) {
    transfer_.reset();
    if (!failure) return reached(timings);
    const auto found = std::find_if(kObstacles.begin(), kObstacles.end(),
                                    [&](const Obstacle& one) { return one.what == failure->what; });
    const Obstacle& obstacle = found == kObstacles.end() ? kNoHttp : *found;
    std::string settings;
    for (const char* member : obstacle.members) {
        if (member != nullptr) settings += (settings.empty() ? "" : ", ") + setting(member);
    }
    failed(obstacle.check, failure->detail, settings);
    later(&Doctor::finish);
}

void Doctor::reached(const http::Timings& timings) {
    good("name", fmt::format("resolved in {:.1f} ms", in_ms(timings.resolved)));
    const auto url = parse_url(provider_->base_url);
    good("proxy", url && url->origin.is_loopback() ? "none before this machine"
                  : !provider_->proxy              ? "as the environment says"
                  : provider_->proxy->empty()      ? "none"
                                                   : "the configured one");
    good("connection", fmt::format("open after {:.1f} ms", in_ms(timings.connected)));
    if (timings.secured.count() > 0)
        good("tls", fmt::format("certificate good, {:.1f} ms", in_ms(timings.secured)));
    later(&Doctor::ask_key);
}

void Doctor::ask_key() {
    ticket_ = core_.keys.get(*provider_, [this](const Result<secrets::Key>& key) {
        if (!key) {
            failed("key", key.error(), setting("key"));
            return later(&Doctor::finish);
        }
        look_at(*key);
        later(&Doctor::list_models);
    });
}

void Doctor::look_at(const secrets::Key& key) {
    if (!key.present()) return good("key", "none needed");
    good("key", provider_->key.describe() + ", fingerprint " + key.fingerprint());
    const auto odd = [&](std::string detail) {
        failed("key shape", std::move(detail), setting("key"));
        findings_.back().verdict = Verdict::note;
    };
    if (!provider_->key_prefix.empty() && !key.starts_with(provider_->key_prefix)) {
        odd("keys of this gateway begin with " + provider_->key_prefix);
    }
    if (key.was_trimmed()) odd("there are blanks around the key; they are cut off");
}

void Doctor::list_models() {
    call_ = core_.gateway.models(provider_, [this](const Result<std::vector<wire::ListedModel>>& listed) {
        if (listed) {
            good("models", fmt::format("{} listed", listed->size()));
            if (!listed->empty()) listed_model_ = listed->front().id;
        } else {
            // Not every gateway has a list; the calls will tell whether the key is good.
            failed("models", listed.error(), setting("models"));
            if (listed.error().kind != ErrorKind::unauthorized) findings_.back().verdict = Verdict::note;
        }
        later(&Doctor::plan_routes);
    });
}

/// The model to try a route with: the one configured for that role with this provider, else any known one.
std::string Doctor::model_for(config::Role role) const {
    for (const auto wanted : {role, config::Role::chat, config::Role::completion}) {
        if (const auto model = config_->resolve(wanted); model && model->provider->name == provider_->name) {
            return model->model.id;
        }
    }
    return !provider_->models.empty() ? provider_->models.begin()->first : listed_model_;
}

void Doctor::plan_routes() {
    routes_.clear();
    const std::string chat_model = model_for(config::Role::chat);
    if (chat_model.empty()) {
        failed("route", "no model of this provider is known to try", "chat.model");
        findings_.back().at_home = true;
        return finish();
    }
    const bool either = provider_->api == config::Api::automatic;
    if (provider_->api != config::Api::responses) {
        routes_.push_back({"chat", chat_model, "chat.model", config::Api::chat, either});
    }
    if (provider_->api != config::Api::chat) {
        routes_.push_back({"responses", chat_model, "chat.model", config::Api::responses, either});
    }
    const config::Model fill_model = provider_->model(model_for(config::Role::completion));
    const std::string fill = core_.gateway.fill_route({provider_, fill_model});
    if (fill != "chat") {
        routes_.push_back(
            {fill, fill_model.id, "completion.model", provider_->api, fill_model.infill == "auto"});
    }
    next_route();
}

void Doctor::next_route() {
    if (routes_.empty()) return finish();
    const Route route = routes_.front();
    routes_.erase(routes_.begin());
    said_ = false;
    auto provider = std::make_shared<config::Provider>(*provider_);
    provider->api = route.api;
    const config::ModelRef model{provider, provider->model(route.model)};
    const auto sink = [this, route](const gateway::Event& event) { on_event(route, event); };
    const gateway::Purpose purpose{.role = "doctor", .config = config_};
    wire::Sampling sampling;
    sampling.max_tokens = kProbeTokens;
    if (is_chat(route.name)) {
        gateway::ChatCall call{.purpose = purpose, .chain = {model}, .request = {}};
        call.request.messages = {{.role = wire::MessageRole::user, .text = "Reply with OK only."}};
        call.request.sampling = sampling;
        call_ = core_.gateway.chat(std::move(call), sink);
    } else {
        gateway::FillCall call{.purpose = purpose, .model = model, .route = route.name, .request = {}};
        call.request.prefix = "def add(left, right):\n    return ";
        call.request.suffix = "\n";
        call.request.path = "add.py";
        call.request.sampling = sampling;
        call_ = core_.gateway.fill(std::move(call), sink);
    }
}

void Doctor::on_event(const Route& route, const gateway::Event& event) {
    const std::string check = "route " + route.name;
    if (const auto* done = std::get_if<gateway::Completed>(&event)) {
        good(check, fmt::format("{}: {} after {} ms, done after {} ms", route.model,
                                said_ ? "first token" : "no text within the limit of this probe, first byte",
                                (said_ ? done->first_text : done->first_byte).count(), done->total.count()));
    } else if (const auto* broken = std::get_if<gateway::Failed>(&event)) {
        failed(check, broken->error, route.setting);
        if (route.dispensable) findings_.back().verdict = Verdict::note;
    } else {
        said_ = said_ || std::holds_alternative<wire::Text>(event);
        return;
    }
    later(&Doctor::next_route);
}

void Doctor::finish() {
    // Routes that may fail each for itself may not fail all together.
    const auto tried = [](const Finding& one) {
        return one.check == "route chat" || one.check == "route responses";
    };
    const bool any_good = std::any_of(findings_.begin(), findings_.end(), [&](const Finding& one) {
        return tried(one) && one.verdict == Verdict::good;
    });
    for (Finding& one : findings_) {
        if (tried(one) && !any_good) one.verdict = Verdict::failed;
    }
    const auto done = std::move(done_);
    done(std::move(findings_));  // may examine the next provider
}

}  // namespace dragoman::cli
