#include "server/upstream/gateway/json_call.h"

#include "server/upstream/gateway/http_errors.h"
#include "server/upstream/wire/errors.h"

#include <utility>

namespace dragoman::gateway {
namespace {

constexpr std::size_t kLargestReply = 64U << 20U;
constexpr std::size_t kRefusal = 64U << 10U;

}  // namespace

JsonCall::JsonCall(Context& context, Purpose purpose, std::shared_ptr<const config::Provider> provider,
                   std::string model)
    : context_{context},
      provider_{std::move(provider)},
      model_{std::move(model)},
      meter_{context, std::move(purpose)},
      key_fetch_{context.clock, context.keys} {}

void JsonCall::ask(Question question, Answer answer) {
    question_ = std::move(question);
    answer_ = std::move(answer);
    reconnected_ = key_renewed_ = false;
    timer_ = context_.clock.after(Milliseconds{0}, [this] {
        const auto self = shared_from_this();
        proceed();
    });
}

void JsonCall::cancel() {
    answer_ = nullptr;
    timer_.reset();
    admission_.reset();
    key_fetch_.cancel();
    transfer_.reset();
    meter_.cancel();
}

void JsonCall::proceed() {
    if (const auto until = context_.holds.until(*provider_)) {
        return give(pause_error(*provider_, std::chrono::ceil<Milliseconds>(*until - context_.clock.now())));
    }
    auto target = find_target(*provider_, question_.path, question_.place);
    if (!target) return give(std::move(target).error());
    target_ = std::move(*target);
    admit();
}

void JsonCall::admit() {
    const Purpose& purpose = meter_.purpose();
    const bool limited = context_.guard != nullptr && purpose.config && !purpose.config->budgets.empty();
    if (!limited || admitted_) return fetch_key();
    Outlay outlay{.purpose = purpose,
                  .model = {provider_, provider_->model(model_)},
                  .prompt_tokens = question_.prompt_tokens};
    admission_ = context_.guard->admit(std::move(outlay), [this](std::optional<Error> refusal) {
        const auto self = shared_from_this();
        admission_.reset();
        if (refusal) return give(std::move(*refusal));
        admitted_ = true;
        fetch_key();
    });
}

void JsonCall::fetch_key() {
    key_fetch_.get(*provider_, [this](Result<secrets::Key> key) {
        const auto self = shared_from_this();
        key ? send(std::move(*key)) : give(std::move(key).error());
    });
}

void JsonCall::send(secrets::Key key) {
    key_ = std::move(key);
    reply_ = {};
    auto request = form_request(*provider_, target_, key_, {}, "application/json");
    request.method = question_.method;
    request.body = question_.body;
    request.body_limit = kLargestReply;
    request.errand = errand_of(meter_.purpose(), *provider_, model_);
    limits_ = request.timeouts;
    meter_.sent(provider_->name + "/" + model_, question_.prompt_tokens);
    transfer_ = context_.http.start(std::move(request), *this);
}

void JsonCall::on_head(const http::Head& head) {
    reply_.status = head.status;
    reply_.headers = redact(head.headers, key_, target_.origin);
}

void JsonCall::on_bytes(std::string_view bytes) { reply_.body += bytes; }

void JsonCall::on_end(const std::optional<http::Failure>& failure, const http::Timings&) {
    const auto self = shared_from_this();
    transfer_.reset();
    if (failure) {
        if (reply_.status == 0 && lost_connection(*failure) && !std::exchange(reconnected_, true))
            return proceed();
        Error error = failure_error(*failure, *provider_, target_.origin.to_string(), limits_);
        error.http_status = reply_.status;
        return give(std::move(error));
    }
    if (reply_.status >= 300 && reply_.status < 400) {
        return give(wire::read_error(reply_.status, reply_.headers, {}));
    }
    if (reply_.status == 401 && !std::exchange(key_renewed_, true) && context_.keys.refresh(*provider_)) {
        return proceed();
    }
    const auto hold = reply_.status == 429 ? wire::retry_after(reply_.headers, context_.clock.wall())
                                           : wire::rate_limit_hold(reply_.headers, context_.clock.wall());
    if (hold) context_.holds.hold(*provider_, *hold);
    // Before anything of a refusal is shortened. It may come with a 200, but is never long then.
    if (reply_.status >= 400 || reply_.body.size() <= kRefusal)
        reply_.body = redact(reply_.body, key_, target_.origin);
    give(std::move(reply_));
}

void JsonCall::give(Result<Reply> result) {
    if (!result) result = complete(std::move(result.error()));
    if (const auto answer = std::exchange(answer_, nullptr)) answer(std::move(result));
}

Error JsonCall::complete(Error error) const {
    redact(error, key_, target_.origin);
    sign(error, *provider_, model_, reply_.headers);
    return error;
}

}  // namespace dragoman::gateway
