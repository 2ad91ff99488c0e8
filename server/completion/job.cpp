#include "server/completion/job.h"

#include "server/completion/lines.h"
#include "server/completion/postprocess.h"
#include "server/completion/prompt.h"
#include "server/support/paths.h"
#include "server/upstream/wire/adapt.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

constexpr int kMostRoutes = 3;
/// More is no suggestion any more; models that never stop are stopped here.
constexpr std::size_t kMostText = 64 * 1024;

Milliseconds between(Clock::Time from, Clock::Time to) {
    return std::chrono::duration_cast<Milliseconds>(to - from);
}

/// The gateway answered that this way of asking, or this model by this way, does not exist there.
bool refuses_route(const Error& error) {
    return wire::refuses_endpoint(error) || error.kind == ErrorKind::bad_request ||
           error.kind == ErrorKind::model_not_found;
}

}  // namespace

Job::Job(Clock& clock, gateway::Gateway& gateway, InlineRequest request, std::string id,
         std::function<void(int)> on_upstream, Engine::Done done)
    : clock_{clock},
      gateway_{gateway},
      request_{std::move(request)},
      on_upstream_{std::move(on_upstream)},
      done_{std::move(done)},
      started_{clock.now()} {
    trail_.id = std::move(id);
    if (request_.selected) request_.selected->text = normalise_line_ends(request_.selected->text);
    trail_.time = clock.wall();
    trail_.uri = request_.document.uri;
    trail_.position = request_.position;
}

Job::~Job() { close_call(); }

void Job::note(std::string step, std::string detail) {
    trail_.steps.push_back({std::move(step), std::move(detail)});
}

std::optional<std::string> Job::closed_gate() const {
    const config::Effective& config = *request_.config;
    if (!config.completion.enabled) return "completion is switched off";
    const auto& off = config.completion.disabled_languages;
    if (std::find(off.begin(), off.end(), request_.document.language_id) != off.end()) {
        return "completion is switched off for " + request_.document.language_id;
    }
    if (const auto path = path_of_uri(request_.document.uri); path && config.excluded(*path)) {
        return "privacy.exclude keeps this file here";
    }
    if (request_.selected) {
        const std::string there = request_.document.text.slice(request_.selected->begin, request_.offset);
        const bool fits = request_.selected->begin <= request_.offset &&
                          request_.selected->text.starts_with(there) &&
                          there.find_first_of("\r\n") == std::string::npos;
        if (!fits) return "the selected entry does not begin with what is typed";
    }
    return std::nullopt;
}

void Job::start() {
    const auto gate = closed_gate();
    const Milliseconds delay =
        gate || !request_.automatic ? Milliseconds{0} : Milliseconds{request_.config->completion.debounce_ms};
    trail_.debounce = delay;
    wait_ = clock_.after(delay, [this, gate] {
        if (gate) {
            note("gate", *gate);
            return finish(TrailEntry::Outcome::empty, {});
        }
        begin();
    });
}

void Job::begin() {
    auto model = request_.config->resolve(config::Role::completion);
    if (!model) {
        note("model", model.error().message);
        return fail(std::move(model.error()));
    }
    model_ = std::move(*model);
    trail_.model = model_->id();
    if (const auto held = gateway_.held_until(*model_->provider); held && request_.automatic) {
        note("limit", "the gateway asked to wait " + std::to_string(between(clock_.now(), *held).count()) +
                          " ms more");
        return finish(TrailEntry::Outcome::empty, {});
    }
    look();
    limit_ =
        clock_.after(Milliseconds{request_.config->completion.timeout_ms}, [this] { run_out_of_time(); });
    ask();
}

/// What the model gets to see.
void Job::look() {
    window_ = take_window(request_.document.text, request_.offset);
    window_.path = request_.relative_path;
    window_.language = request_.document.language_id;
    if (request_.selected) {
        // The suggestion goes on from the selected entry as if it had been accepted.
        window_.prefix += request_.selected->text.substr(request_.offset - request_.selected->begin);
    }
    const std::string& multiline = request_.config->completion.multiline;
    single_line_ = multiline == "never" || (multiline != "always" && wants_single_line(window_));
    note("context", std::to_string(window_.prefix.size()) + " bytes before and " +
                        std::to_string(window_.suffix.size()) + " after the cursor, " +
                        (single_line_ ? "one line" : "several lines"));
}

void Job::run_out_of_time() {
    note("time", "completion.timeoutMs passed");
    close_call();
    if (!text_.empty()) return answer_with_text(true);
    fail({.kind = ErrorKind::timeout,
          .message = model_->id() + " gave no completion in time",
          .hint = "Raise completion.timeoutMs or choose a faster model.",
          .provider = model_->provider->name,
          .model = model_->id()});
}

void Job::ask() {
    route_ = gateway_.fill_route(*model_);
    note("route", route_);
    ++routes_tried_;
    text_.clear();
    asked_ = clock_.now();
    trail_.source = "upstream";
    call_ = route_ == "chat" ? ask_chat() : ask_fill();
    on_upstream_(+1);
}

wire::Sampling Job::sampling() const {
    wire::Sampling sampling;
    sampling.max_tokens = request_.config->completion.max_tokens;
    sampling.temperature = request_.config->completion.temperature;
    return sampling;
}

std::unique_ptr<gateway::Call> Job::ask_chat() {
    gateway::ChatCall call{.chain = {*model_}, .request = {}};
    call.request.messages = chat_infill_messages(window_);
    call.request.sampling = sampling();
    call.extra_body = request_.config->completion.extra_body;
    call.policy.background = request_.automatic;
    return gateway_.chat(std::move(call), [this](const gateway::Event& event) { on_event(event); });
}

std::unique_ptr<gateway::Call> Job::ask_fill() {
    gateway::FillCall call{.model = *model_, .route = route_, .request = fill_request(window_)};
    call.request.sampling = sampling();
    call.extra_body = request_.config->completion.extra_body;
    call.policy.background = request_.automatic;
    return gateway_.fill(std::move(call), [this](const gateway::Event& event) { on_event(event); });
}

void Job::on_event(const gateway::Event& event) {
    if (const auto* piece = std::get_if<wire::Text>(&event)) {
        on_text(*piece);
    } else if (const auto* done = std::get_if<gateway::Completed>(&event)) {
        on_completed(*done);
    } else if (const auto* failed = std::get_if<gateway::Failed>(&event)) {
        on_failed(*failed);
    }
}

void Job::on_text(const wire::Text& piece) {
    if (piece.choice != 0 || piece.text.empty()) return;
    if (text_.empty()) trail_.first_byte = between(asked_, clock_.now());
    text_ += piece.text;
    const bool line_ended = piece.text.find('\n') != std::string::npos;
    if (line_ended && is_enough(text_, window_, single_line_)) {
        note("stop",
             single_line_ ? "the line was whole before the answer ended" : "the answer met what follows");
        close_call();
        return answer_with_text(false);
    }
    if (text_.size() > kMostText) {
        note("stop", "the answer grew beyond " + std::to_string(kMostText) + " bytes");
        close_call();
        answer_with_text(true);
    }
}

void Job::on_completed(const gateway::Completed& done) {
    trail_.tokens = done.usage;
    for (const std::string& one : done.notes) note("upstream", one);
    const bool cut_off = done.finish == wire::FinishReason::length;
    if (cut_off && text_.empty()) {
        note("model", "the whole limit went into reasoning; this model is unsuitable for completion");
    }
    close_call();
    answer_with_text(cut_off);
}

void Job::on_failed(const gateway::Failed& failed) {
    Error error = failed.error;  // the event goes with the call
    for (const std::string& one : failed.notes) note("upstream", one);
    close_call();
    if (route_ != "chat" && text_.empty() && refuses_route(error) && routes_tried_ < kMostRoutes) {
        gateway_.refuse_route(*model_, route_);
        if (gateway_.fill_route(*model_) != route_) {
            note("route", route_ + " was refused: " + error.message);
            return ask();
        }
    }
    note("upstream", error.message);
    fail(std::move(error));
}

void Job::answer_with_text(bool cut_off) {
    const Cleaned cleaned = clean(text_, window_, {.single_line = single_line_, .cut_off = cut_off});
    for (const CleanStep& step : cleaned.steps) note(step.step, step.removed);
    if (cleaned.text.empty()) {
        note("empty", text_.empty() ? "the model had nothing to add" : "nothing was left of the answer");
        return finish(TrailEntry::Outcome::empty, {});
    }
    Suggestion suggestion{.id = trail_.id, .begin = request_.offset, .text = cleaned.text};
    if (request_.selected) {
        suggestion.begin = request_.selected->begin;
        suggestion.text = request_.selected->text + cleaned.text;
    }
    finish(TrailEntry::Outcome::shown, {.items = {std::move(suggestion)}, .failure = std::nullopt});
}

void Job::close_call() {
    if (!call_) return;
    call_.reset();
    on_upstream_(-1);
}

void Job::stop(TrailEntry::Outcome outcome) {
    if (ended_) return;
    ended_ = true;
    wait_.reset();
    limit_.reset();
    close_call();
    trail_.outcome = outcome;
    trail_.total = between(started_, clock_.now());
}

void Job::fail(Error error) {
    finish(TrailEntry::Outcome::failed, {.items = {}, .failure = std::move(error)});
}

void Job::finish(TrailEntry::Outcome outcome, InlineResult result) {
    if (ended_) return;
    stop(outcome);
    if (const auto done = std::exchange(done_, nullptr)) done(std::move(result));  // may destroy this job
}

}  // namespace dragoman::completion
