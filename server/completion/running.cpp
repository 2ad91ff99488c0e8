// The generations of a desk: begun, looked after, kept in memory when they end.

#include "server/completion/desk.h"
#include "server/completion/text/lines.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

/// How far an answer is followed beyond what was shown of it.
constexpr std::size_t kLinesAhead = 6;
/// How long an answer that nobody needs any more may take to end.
constexpr Milliseconds kLinger{250};
/// A connection that was not used for that long may be gone.
constexpr Milliseconds kIdle{20'000};

/// The line of the cursor still stands where it stood, as it was.
bool line_stands(const Query& query, const DocumentSnapshot& now) {
    const Text& then = query.document.text;
    const std::size_t line = then.line_of(query.cursor);
    return now.text.line_count() == then.line_count() && now.text.line(line) == then.line(line);
}

}  // namespace

Desk::~Desk() { rest(); }

Desk::Running& Desk::generate(std::shared_ptr<const Query> query, const std::string& id) {
    const Gathered context = shared_.sources.gather(query->where(), query->context_tokens());
    shared_.last_call = shared_.clock.now();
    shared_.on_activity(+1);
    auto known = std::make_shared<const Generation*>(nullptr);
    running_.push_back(
        {.generation = std::make_unique<Generation>(shared_.clock, shared_.gateway, std::move(query), id,
                                                    context, [this, known] { on_news(*known); })});
    *known = running_.back().generation.get();
    return running_.back();
}

Desk::Running* Desk::find(const Generation* generation) {
    const auto found = std::find_if(running_.begin(), running_.end(),
                                    [&](const Running& one) { return one.generation.get() == generation; });
    return found == running_.end() ? nullptr : &*found;
}

Desk::Running* Desk::joined() { return joined_ == nullptr ? nullptr : find(joined_); }

void Desk::on_news(const Generation* generation) {
    if (joined_ == generation) return deliver();
    care_for(generation);
}

void Desk::care_for(const Generation* generation) {
    Running* running = find(generation);
    if (running == nullptr) return;
    if (!running->generation->running()) return retire(generation);
    if (of_use(*running) || running->grace) return;
    // Most models end by themselves now; that leaves the connection open for the next keystroke and tells the
    // tokens. A new connection costs more time than the few tokens of a moment cost money.
    running->grace = shared_.clock.after(kLinger, [this, generation] { stop(generation); });
}

void Desk::stop(const Generation* generation) {
    if (Running* running = find(generation)) running->generation->stop();
    retire(generation);
}

/// What comes now may still be shown soon.
bool Desk::of_use(const Running& running) const {
    const Generation& generation = *running.generation;
    const Query& query = generation.query();
    if (running.ahead) return !generation.is_enough_for(query, Typed{});
    if (!running.answered) return true;                   // somebody may still come back for it
    if (has_word(query.view.line_after())) return false;  // only the rest of that line was meant
    const Cleaned cleaned = generation.text();
    if (cleaned.ended) return false;
    const auto lines =
        static_cast<std::size_t>(std::count(cleaned.text.begin(), cleaned.text.end(), '\n') + 1);
    if (lines > running.lines_shown + kLinesAhead) return false;
    return !find_end(cleaned.text, query.view, Extent::block).certain;
}

/// Takes an ended generation's text into the cache and its story into the trail.
void Desk::retire(const Generation* generation) {
    const auto found = std::find_if(running_.begin(), running_.end(),
                                    [&](const Running& one) { return one.generation.get() == generation; });
    if (found == running_.end()) return;
    const Running running = std::move(*found);
    running_.erase(found);
    if (joined_ == generation) joined_ = nullptr;
    Generation& ended = *running.generation;
    shared_.on_activity(-1);
    if (!ended.raw().empty()) shared_.pace.answered(ended.query().route_key(), ended.first_text());
    const bool whole = ended.state() == Generation::State::whole && !ended.cut_off();
    const std::string text = ended.text().text;
    if (ended.state() != Generation::State::failed && (whole || !text.empty())) {
        shared_.cache.put(ended.query().place.anchor(), text, whole, ended.id());
    }
    if (running.ahead) {
        const std::string tokens = ended.usage() ? ", " + std::to_string(ended.usage()->input) + " + " +
                                                       std::to_string(ended.usage()->output) + " tokens"
                                                 : std::string{};
        shared_.trail.note(ended.id(), "look-ahead", std::to_string(text.size()) + " bytes came" + tokens);
    } else if (TrailEntry* entry = shared_.trail.find(ended.id())) {
        for (Step& step : ended.take_steps()) shared_.trail.note(ended.id(), step.step, step.detail);
        if (!entry->tokens) entry->tokens = ended.usage();
    }
    look_ahead();
}

void Desk::drop_disagreeing(const std::function<bool(const Running&)>& agrees) {
    std::vector<const Generation*> gone;
    for (const Running& running : running_) {
        if (!agrees(running)) gone.push_back(running.generation.get());
    }
    for (const Generation* generation : gone) stop(generation);
}

void Desk::closed() {
    rest();
    if (!job_) return;
    job_->trail.note("document", "it was closed");
    finish(TrailEntry::Outcome::empty, {});
}

void Desk::rest() {
    ahead_.reset();
    drop_disagreeing([](const Running&) { return false; });
}

void Desk::document_changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
    if (changes.empty()) return;
    const AppliedChange& last = changes.back();
    const bool waited = joined_ != nullptr;
    infer_acceptance(now, changes);
    const auto idle_since = shared_.last_call;
    if (shown_ && running_.empty() && idle_since && shared_.clock.now() - *idle_since > kIdle) {
        shared_.last_call = shared_.clock.now();
        shared_.gateway.warm(*shown_->query->model.provider);
    }
    if (running_.empty()) return;
    const std::size_t cursor = last.begin + last.inserted.size();
    drop_disagreeing([&](const Running& running) {
        const Generation& generation = *running.generation;
        const Place place = place_after_change(generation.query(), now, cursor);
        // Somebody waits for it, and the change was made elsewhere.
        if (&generation == joined_ && line_stands(generation.query(), now)) return true;
        const auto typed = place.typed_since(generation.query().place.anchor());
        return (typed && generation.verdict(*typed) != Generation::Verdict::disagrees) ||
               leads_to(running, place);
    });
    if (waited && joined_ == nullptr) give_up();
}

/// What the request waits for went another way than the text. The editor asks anew for the new text; one that
/// does not gets nothing.
void Desk::give_up() {
    constexpr Milliseconds kPatience{1000};
    job_->typed.reset();
    job_->trail.note("document", "the text went another way than the answer");
    job_->limit = shared_.clock.after(kPatience, [this] { finish(TrailEntry::Outcome::empty, {}); });
}

bool Desk::accepted(const std::string& id, const std::string& how) {
    if (!shown_ || shown_->id != id) return false;
    if (std::exchange(shown_->told, true)) return true;
    just_accepted_ = true;
    shared_.trail.note(id, "editor", how);
    plan_ahead(*shown_);
    look_ahead();
    return true;
}

/// LSP4IJ and others never tell: the text that was shown stands there after one change.
void Desk::infer_acceptance(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
    constexpr std::size_t kShortest = 2;
    if (!shown_ || shown_->told || changes.size() != 1) return;
    const AppliedChange& change = changes.front();
    const std::string inserted = normalise_line_ends(change.inserted);
    if (inserted.size() < kShortest || !inserted.ends_with(shown_->text.substr(shown_->text.size() / 2)))
        return;
    const Place place = place_after_change(*shown_->query, now, change.begin + change.inserted.size());
    const auto typed = place.typed_since(shown_->query->place.anchor());
    if (!typed || typed->text != shown_->text) return;
    accepted(std::string{shown_->id}, "accepted, as the text tells");
}

/// The place behind the suggestion is the likeliest next one.
void Desk::plan_ahead(const Shown& shown) {
    const std::string& allowed = shown.query->config->completion.look_ahead;
    if (allowed == "always" || (allowed == "local" && shown.query->model.provider->local)) ahead_ = shown;
}

void Desk::look_ahead() {
    if (!ahead_ || job_ || !running_.empty()) return;
    const Shown shown = *std::exchange(ahead_, std::nullopt);
    const Query& query = *shown.query;
    if (shared_.gateway.held_until(*query.model.provider)) return;
    if (shared_.gateway.barred(*query.config, query.model)) return;
    auto next = after_accepting(query, shown.text);
    if (!shared_.cache.find(next->place, 1).empty()) return;
    shared_.trail.note(shown.id, "look-ahead", "asked for what follows");
    Running& running = generate(std::move(next), shown.id);
    running.ahead = true;
    running.lead_anchor = shown.query->place.anchor();
    running.lead = shown.text;
}

}  // namespace dragoman::completion
