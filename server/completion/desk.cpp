#include "server/completion/desk.h"

#include "server/completion/text/lines.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

using Outcome = TrailEntry::Outcome;

/// Editors cancel before they ask for the next keystroke, VS Code after a pause of its own.
constexpr Milliseconds kGrace{400};
/// What imports point to is worth that long a wait, no longer.
constexpr Milliseconds kContextWait{30}, kContextWaitInvoked{250};
constexpr std::size_t kMostItems = 3;

std::string_view in_words(Extent extent) {
    switch (extent) {
        case Extent::line: return "one line";
        case Extent::statement: return "a statement";
        case Extent::block: return "a block";
    }
    return {};
}

Milliseconds between(Clock::Time from, Clock::Time to) {
    return std::chrono::duration_cast<Milliseconds>(to - from);
}

}  // namespace

void Desk::start(std::unique_ptr<Job> job) {
    job_ = std::move(job);
    joined_ = nullptr;
    job_->wait = shared_.clock.after(Milliseconds{0}, [this] { begin(); });
}

Engine::Done Desk::end_job(Outcome outcome) {
    if (!job_) return nullptr;
    const std::unique_ptr<Job> job = std::move(job_);
    job->trail.outcome = outcome;
    job->trail.total = between(job->started, shared_.clock.now());
    if (Running* running = joined()) {
        for (Step& step : running->generation->take_steps()) job->trail.steps.push_back(std::move(step));
        if (!job->trail.tokens) job->trail.tokens = running->generation->usage();
        const Generation* generation = running->generation.get();
        if (outcome == Outcome::cancelled && !job->request.automatic) {
            stop(generation);  // asked for by a key and taken back: no keystroke is to follow
        } else if (outcome == Outcome::cancelled || outcome == Outcome::superseded) {
            running->grace = shared_.clock.after(kGrace, [this, generation] { stop(generation); });
        }
    }
    joined_ = nullptr;
    shared_.trail.add(std::move(job->trail));
    return std::move(job->done);
}

void Desk::begin() {
    const bool accepted = std::exchange(just_accepted_, false);
    if (const auto gate = closed_gate(job_->request)) {
        job_->trail.note("gate", *gate);
        return finish(Outcome::empty, {});
    }
    auto query = make_query(job_->request, shared_.gateway, shared_.narrowed);
    if (!query) {
        job_->trail.note("model", query.error().message);
        return fail(std::move(query.error()));
    }
    job_->query = std::move(*query);
    job_->trail.model = job_->query->model.id();
    shared_.sources.visited(job_->request.document.uri, job_->request.offset);
    shared_.sources.prepare(job_->query->where());
    if (answer_from_cache() || join_running()) return;
    ahead_.reset();
    const Query& wanted = *job_->query;
    if (auto barred = shared_.gateway.barred(*wanted.config, wanted.model); barred && wanted.automatic) {
        job_->trail.note("budget", barred->message);
        return fail(std::move(*barred));
    }
    const auto held = shared_.gateway.held_until(*wanted.model.provider);
    if (held && wanted.automatic) {
        job_->trail.note("limit", "the gateway asked to wait " +
                                      std::to_string(between(shared_.clock.now(), *held).count()) +
                                      " ms more");
        return finish(Outcome::empty, {});
    }
    wait_and_ask(accepted ? Milliseconds{0} : debounce());
}

Milliseconds Desk::debounce() const {
    const Query& wanted = *job_->query;
    if (!wanted.automatic) return Milliseconds{0};
    return shared_.pace.debounce(wanted.route_key(), Milliseconds{wanted.config->completion.debounce_ms});
}

bool Desk::answer_from_cache() {
    const Query& query = *job_->query;
    std::vector<Suggestion> items;
    std::string best;
    for (const Cache::Hit& hit : shared_.cache.find(query.place, kMostItems)) {
        const bool nothing = hit.whole && hit.rest.empty();
        if (nothing && items.empty() && query.automatic) {
            job_->trail.source = "cache";
            job_->trail.note("cache", "the model had nothing to add here before");
            finish(Outcome::empty, {});
            return true;
        }
        const auto [cleaned, certain] = present_rest(hit.rest, query.view, query.wanted.extent);
        if (cleaned.text.empty() || (!certain && !hit.whole)) continue;
        job_->trail.note("cache", "from the answer " + hit.id + ", " + std::to_string(hit.rest.size()) +
                                      " bytes of it are left");
        if (items.empty()) best = cleaned.text;
        items.push_back({.id = job_->trail.id, .begin = query.cursor, .text = cleaned.text});
    }
    if (items.empty()) return false;
    job_->trail.source = "cache";
    drop_disagreeing([&](const Running& running) {
        const auto typed = query.place.typed_since(running.generation->query().place.anchor());
        return (typed && running.generation->verdict(*typed) != Generation::Verdict::disagrees) ||
               leads_to(running, query.place);
    });
    show(std::move(items), best);
    return true;
}

bool Desk::leads_to(const Running& running, const Place& place) const {
    if (!running.ahead) return false;
    const auto typed = place.typed_since(running.lead_anchor);
    return typed && rest_behind(typed->text, running.lead);
}

/// A generation that agrees with what was typed since it began answers this request too; one that disagrees
/// is of no use to anyone any more.
bool Desk::join_running() {
    std::optional<Typed> found;
    const Generation* chosen = nullptr;
    drop_disagreeing([&](const Running& running) {
        const Generation& generation = *running.generation;
        auto typed = job_->query->place.typed_since(generation.query().place.anchor());
        if (!typed || generation.verdict(*typed) == Generation::Verdict::disagrees) return false;
        chosen = &generation;
        found = std::move(typed);
        return true;
    });
    Running* running = find(chosen);
    if (running == nullptr) return false;
    job_->trail.source = "inFlight";
    job_->trail.note("in flight", "the answer to " + running->generation->id() + " is still coming");
    join(*running, std::move(*found));
    deliver();
    return true;
}

void Desk::join(Running& running, Typed typed) {
    joined_ = running.generation.get();
    job_->typed = std::move(typed);
    running.grace.reset();
    running.ahead = false;
    limit_time(Milliseconds{job_->query->config->completion.timeout_ms});
}

void Desk::limit_time(Milliseconds left) {
    job_->limit = shared_.clock.after(left, [this] {
        // Whoever asked by hand may have been asked in turn, about a budget or by whatever holds the key:
        // that time is not the model's.
        const Running* running = joined();
        if (running != nullptr && running->generation->running() && !job_->query->automatic) {
            const Clock::Time now = shared_.clock.now(), sent = running->generation->sent().value_or(now);
            const Milliseconds more =
                between(now, sent + Milliseconds{job_->query->config->completion.timeout_ms});
            if (more > Milliseconds{0}) return limit_time(more);
        }
        run_out_of_time();
    });
}

void Desk::wait_and_ask(Milliseconds delay) {
    job_->trail.debounce = delay;
    job_->wait = shared_.clock.after(delay, [this] { look_and_ask(); });
}

void Desk::look_and_ask() {
    job_->context = shared_.sources.when_ready(job_->query->document.uri,
                                               job_->query->automatic ? kContextWait : kContextWaitInvoked,
                                               [this] { ask(); });
}

void Desk::ask() {
    job_->trail.source = "upstream";
    job_->trail.note("extent", std::string{in_words(job_->query->wanted.extent)} + ": " +
                                   std::string{job_->query->wanted.why});
    Running& running = generate(job_->query, job_->trail.id);
    join(running, Typed{});
}

void Desk::take_steps(Generation& generation) {
    for (Step& step : generation.take_steps()) job_->trail.steps.push_back(std::move(step));
}

/// The model's window is smaller than what it was asked with: that is remembered, and it is asked with less.
/// False where there is nothing left to take away.
bool Desk::see_less() {
    constexpr int kLeast = 3;
    int& level = shared_.narrowed[job_->query->model.id()];
    if (level >= kLeast) return false;
    ++level;
    job_->trail.note("context", "too long for the model: asked again with less");
    auto query = make_query(job_->request, shared_.gateway, shared_.narrowed);
    if (!query) return false;
    job_->query = std::move(*query);
    ask();
    return true;
}

/// The generation that the request waits for has news.
void Desk::deliver() {
    Running& running = *joined();
    Generation& generation = *running.generation;
    const Typed typed = *job_->typed;
    take_steps(generation);
    if (job_->trail.first_byte == Milliseconds{0}) job_->trail.first_byte = generation.first_text();
    if (generation.state() == Generation::State::failed) {
        const Generation* const ended = joined_;
        Error error = *generation.failure();
        retire(ended);
        if (error.kind == ErrorKind::context_too_long && see_less()) return;
        return fail(std::move(error));
    }
    const Generation::Verdict verdict = generation.verdict(typed);
    if (verdict == Generation::Verdict::open) return;
    if (verdict == Generation::Verdict::disagrees) {
        job_->trail.note("in flight", "the answer went another way than the typing");
        stop(joined_);
        const Milliseconds passed = between(job_->started, shared_.clock.now());
        return wait_and_ask(std::max(Milliseconds{0}, debounce() - passed));
    }
    if (generation.running()) {
        if (!generation.is_enough_for(*job_->query, typed)) return;
        job_->trail.note("stop", "the part to show was whole before the answer ended");
    }
    answer(generation.shown(*job_->query, typed));
}

/// Gives the editor what the generation has for it; the generation goes on where that is of use.
void Desk::answer(const Cleaned& cleaned) {
    Running& running = *joined();
    const Generation* const generation = joined_;
    for (const CleanStep& step : cleaned.steps) job_->trail.note(step.step, step.removed);
    job_->trail.tokens = running.generation->usage();
    const Query& query = *job_->query;
    running.answered = true;
    running.lines_shown =
        static_cast<std::size_t>(std::count(job_->typed->text.begin(), job_->typed->text.end(), '\n') +
                                 std::count(cleaned.text.begin(), cleaned.text.end(), '\n') + 1);
    if (running.generation->only_reasoned()) {
        const std::string model = query.model.id();
        job_->trail.note("model",
                         "the whole limit went into reasoning; this model is unsuitable for completion");
        std::string notice;
        if (shared_.unsuitable.insert(model).second) {
            notice = model +
                     " spends its whole limit on reasoning and suggests nothing. Choose a model that "
                     "does not reason for completion.model, or raise completion.maxTokens.";
        }
        retire(generation);
        return finish(Outcome::empty, {.items = {}, .failure = std::nullopt, .notice = std::move(notice)});
    }
    if (cleaned.text.empty()) {
        job_->trail.note("empty", is_blank(running.generation->raw()) ? "the model had nothing to add"
                                                                      : "nothing was left of the answer");
        care_for(generation);
        return finish(Outcome::empty, {});
    }
    care_for(generation);
    show({{.id = job_->trail.id, .begin = query.cursor, .text = cleaned.text}}, cleaned.text);
}

void Desk::run_out_of_time() {
    job_->trail.note("time", "completion.timeoutMs passed");
    const std::string model = job_->query->model.id();
    if (Running* running = joined()) {
        Generation& generation = *running->generation;
        generation.stop();
        if (generation.verdict(*job_->typed) == Generation::Verdict::agrees) {
            const Cleaned usable = generation.shown(*job_->query, *job_->typed, true);
            if (!usable.text.empty()) return answer(usable);
        }
        take_steps(generation);
        retire(joined_);
    }
    fail({.kind = ErrorKind::timeout,
          .message = model + " gave no completion in time",
          .hint = "Raise completion.timeoutMs or choose a faster model.",
          .provider = job_->query->model.provider->name,
          .model = model});
}

void Desk::fail(Error error, std::string notice) {
    finish(Outcome::failed, {.items = {}, .failure = std::move(error), .notice = std::move(notice)});
}

void Desk::show(std::vector<Suggestion> items, const std::string& text) {
    const InlineRequest& request = job_->request;
    if (request.selected) {
        for (Suggestion& item : items) {
            item.begin = request.selected->begin;
            item.text = normalise_line_ends(request.selected->text) + item.text;
        }
    }
    shown_ = Shown{.id = job_->trail.id, .query = job_->query, .text = text};
    plan_ahead(*shown_);
    finish(Outcome::shown, {.items = std::move(items), .failure = std::nullopt});
}

void Desk::finish(Outcome outcome, InlineResult result) {
    const auto done = end_job(outcome);
    look_ahead();
    if (done) done(std::move(result));
}

}  // namespace dragoman::completion
