#include "server/upstream/gateway/stream_call.h"

#include "protocol/base/overloaded.h"
#include "server/upstream/gateway/backoff.h"
#include "server/upstream/gateway/http_errors.h"

#include <algorithm>
#include <utility>

namespace dragoman::gateway {
namespace {

constexpr std::size_t kNotes = 32;

}  // namespace

StreamCall::StreamCall(Context& context, Purpose purpose, std::vector<config::ModelRef> chain,
                       std::unique_ptr<Plan> plan, Policy policy, Sink sink)
    : context_{context},
      chain_{std::move(chain)},
      plan_{std::move(plan)},
      policy_{policy},
      sink_{std::move(sink)},
      meter_{context, std::move(purpose)},
      started_{context.clock.now()},
      key_fetch_{context.clock, context.keys} {}

void StreamCall::start() {
    timer_ = context_.clock.after(Milliseconds{0}, [this] {
        const auto self = shared_from_this();
        begin_model(0, {});
    });
}

void StreamCall::cancel() {
    over_ = true;
    timer_.reset();
    admission_.reset();
    key_fetch_.cancel();
    if (attempt_) std::exchange(attempt_, nullptr)->abandon();
    meter_.cancel();
}

void StreamCall::later(Milliseconds delay, void (StreamCall::*next)()) {
    timer_ = context_.clock.after(delay, [this, next] {
        const auto self = shared_from_this();
        (this->*next)();
    });
}

void StreamCall::begin_model(std::size_t index, std::string reason) {
    index_ = index;
    trial_ = {};
    trial_.base = base_of(provider());
    trial_.dialect = context_.learned.dialect(trial_.base, model().model.id);
    trial_.api = provider().api;
    if (plan_->either_api() && provider().api == config::Api::automatic) {
        trial_.api = context_.learned.api(trial_.base).value_or(config::Api::chat);
        trial_.api_open = true;
    }
    emit(Began{.model = model().id(), .fallback = index > 0, .reason = std::move(reason)});
    if (!over_) proceed();
}

void StreamCall::proceed() {
    if (const auto until = context_.holds.until(provider())) {
        const auto left = std::chrono::ceil<Milliseconds>(*until - context_.clock.now());
        Error error = pause_error(provider(), left);
        sign(error, provider(), model().model.id, {});
        if (policy_.background || trial_.waited + left > kLongestWait) {
            if (!fall_back(error)) fail(std::move(error));
            return;
        }
        trial_.waited += left;
        emit(Retry{.attempt = trial_.retries + 1, .delay = left, .reason = error.message});
        if (!over_) later(left, &StreamCall::proceed);
        return;
    }
    prepare();
}

/// The request first: one that cannot be sent needs no key.
void StreamCall::prepare() {
    auto ask = plan_->ask(model(), trial_.api, trial_.dialect);
    if (!ask) return recover(std::move(ask).error(), false);
    auto target = find_target(provider(), ask->outgoing.path, ask->place);
    if (!target) return recover(std::move(target).error(), false);
    trial_.ask = std::move(*ask);
    trial_.target = std::move(*target);
    trial_.head.clear();
    finish_ = wire::FinishReason::stop;
    usage_.reset();
    trial_.prompt_tokens = prompt_tokens(model().id(), trial_.ask.outgoing.body);
    admit();
}

/// Once for each model: what was allowed is tried again without a question.
void StreamCall::admit() {
    const Purpose& purpose = meter_.purpose();
    const bool limited = context_.guard != nullptr && purpose.config && !purpose.config->budgets.empty();
    if (!limited || trial_.admitted) return fetch_key();
    Outlay outlay{.purpose = purpose,
                  .model = model(),
                  .background = policy_.background,
                  .prompt_tokens = trial_.prompt_tokens};
    admission_ = context_.guard->admit(std::move(outlay), [this](std::optional<Error> refusal) {
        const auto self = shared_from_this();
        admission_.reset();
        if (refusal) return fail(std::move(*refusal));
        trial_.admitted = true;
        fetch_key();
    });
}

void StreamCall::fetch_key() {
    key_fetch_.get(provider(), [this](Result<secrets::Key> key) {
        const auto self = shared_from_this();
        key ? send(std::move(*key)) : recover(std::move(key).error(), false);
    });
}

void StreamCall::send(secrets::Key key) {
    trial_.key = std::move(key);
    auto request =
        form_request(provider(), trial_.target, trial_.key, policy_, "text/event-stream, application/json");
    request.body = dump_json(trial_.ask.outgoing.body);
    request.errand = errand_of(meter_.purpose(), provider(), model().model.id);
    auto reading = trial_.ask.outgoing.reading;
    reading.redact = [key = trial_.key, origin = trial_.target.origin](std::string_view text) {
        return redact(text, key, origin);
    };
    attempt_ = std::make_shared<Attempt>(context_.clock, context_.lingering, model().provider,
                                         trial_.target.origin, std::move(reading), *this);
    meter_.sent(model().id(), trial_.prompt_tokens);
    attempt_->start(context_.http, std::move(request));
    if (policy_.on_sent) policy_.on_sent();
}

void StreamCall::on_head(const http::Head& head) {
    trial_.head = head.headers;
    first_byte_ = since_start();
}

void StreamCall::on_wire_event(const wire::Event& event) {
    const auto self = shared_from_this();
    std::visit(Overloaded{
                   [this](const wire::Start&) { confirm(); },
                   [this](const wire::Text& piece) {
                       if (piece.choice == 0) show(piece);
                   },
                   [this](const wire::Refusal& piece) {
                       if (piece.choice == 0) show(wire::Text{0, piece.text});
                   },
                   [this](const wire::Reasoning& piece) {
                       if (piece.choice == 0) show(piece);
                   },
                   [this](const wire::ToolOpen& piece) { show(piece); },
                   [this](const wire::ToolArguments& piece) { show(piece); },
                   [this](const wire::ToolEnd& piece) { show(piece); },
                   [this](const wire::EncryptedReasoning& piece) { show(piece); },
                   [this](const wire::Usage& usage) {
                       usage_ = usage;
                       meter_.count(usage);
                   },
                   [this](const wire::Finish& finish) {
                       if (finish.choice == 0) finish_ = finish.reason;
                   },
                   [this](const wire::Warn& warning) { note(warning.tag); },
                   [](const auto&) {},
               },
               event);
}

void StreamCall::on_ending(Ending ending) {
    const auto self = shared_from_this();
    attempt_.reset();
    if (ending.hold) context_.holds.hold(provider(), *ending.hold);
    if (!ending.error) return complete();
    Error error = std::move(*ending.error);
    redact(error, trial_.key, trial_.target.origin);
    recover(std::move(error), ending.lost_connection);
}

/// The gateway took the request as it was: what it took to get there is worth remembering.
void StreamCall::confirm() {
    if (std::exchange(trial_.answered, true)) return;
    if (trial_.adapted > 0) context_.learned.keep_dialect(trial_.base, model().model.id, trial_.dialect);
    if (trial_.refused_by_api) context_.learned.keep_api(trial_.base, trial_.api);
}

void StreamCall::show(Event event) {
    confirm();
    if (const auto* piece = std::get_if<wire::Text>(&event)) {
        if (text_.empty() && !piece->text.empty()) first_text_ = since_start();
        text_ += piece->text;
        meter_.heard(piece->text);
    } else if (const auto* thought = std::get_if<wire::Reasoning>(&event)) {
        meter_.heard(thought->text);
    }
    shown_ = true;
    emit(event);
}

void StreamCall::complete() {
    confirm();
    if (finish_ == wire::FinishReason::content_filter && text_.empty()) {
        Error error{.kind = ErrorKind::content_filtered};
        error.message = "The gateway's content filter refused the answer";
        error.hint = "Rephrase the question, or choose another model.";
        sign(error, provider(), model().model.id, trial_.head);
        return fail(std::move(error));
    }
    over_ = true;
    meter_.complete();
    if (!shown_) note("empty answer");
    sink_(Completed{.model = model().id(),
                    .finish = finish_,
                    .usage = usage_,
                    .route = plan_->route(trial_.api),
                    .first_byte = first_byte_,
                    .first_text = first_text_,
                    .total = since_start(),
                    .notes = notes_});
}

void StreamCall::fail(Error error) {
    error.partial_text = text_;
    over_ = true;
    meter_.fail(error);
    sink_(Failed{.error = std::move(error), .notes = notes_});
}

void StreamCall::note(std::string text) {
    const bool there = std::ranges::find(notes_, text) != notes_.end();
    if (!there && notes_.size() < kNotes) notes_.push_back(std::move(text));
}

void StreamCall::emit(const Event& event) {
    if (!over_) sink_(event);
}

Milliseconds StreamCall::since_start() const {
    return std::chrono::duration_cast<Milliseconds>(context_.clock.now() - started_);
}

}  // namespace dragoman::gateway
