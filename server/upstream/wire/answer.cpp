#include "server/upstream/wire/answer.h"

#include "server/upstream/wire/errors.h"

#include <algorithm>
#include <utility>

namespace dragoman::wire {

Answer::Choice& Answer::at(int choice) {
    return choices_.try_emplace(choice, options_, emitter_, next_slot_).first->second;
}

void Answer::give_reasoning(int choice, Choice& state, std::string text) {
    if (text.empty()) return;
    state.reasoned = true;
    emitter_.emit(Reasoning{choice, std::move(text)});
}

void Answer::give_text(int choice, Choice& state, std::string text) {
    if (text.empty()) return;
    state.answered = true;
    emitter_.emit(Text{choice, std::move(text)});
}

void Answer::give(int choice, Choice& state, ThinkSplitter::Split split) {
    give_reasoning(choice, state, std::move(split.reasoning));
    if (split.text.empty()) return;
    give_text(choice, state, state.stop.idle() ? std::move(split.text) : state.stop.feed(split.text));
    if (state.stop.cut()) {
        state.finish = FinishReason::stop;
        end_if_all_cut();
    }
}

// Nothing that could still come would be used, so the caller may close.
void Answer::end_if_all_cut() {
    const bool all =
        std::all_of(choices_.begin(), choices_.end(), [](const auto& c) { return c.second.stop.cut(); });
    if (all && all_finished()) end();
}

void Answer::text(int choice, std::string_view piece) {
    if (piece.empty()) return;
    Choice& state = at(choice);
    state.heard = true;
    if (state.stop.cut()) return;
    give(
        choice, state,
        state.think.only_text() ? ThinkSplitter::Split{.text = std::string{piece}} : state.think.feed(piece));
}

void Answer::reasoning(int choice, std::string_view piece) {
    if (piece.empty()) return;
    Choice& state = at(choice);
    if (!state.answered) state.think.reasoning_is_separate();
    give_reasoning(choice, state, std::string{piece});
}

void Answer::refusal(int choice, std::string_view piece) {
    if (piece.empty()) return;
    at(choice).answered = at(choice).heard = true;
    emitter_.emit(Refusal{choice, std::string{piece}});
}

void Answer::logprobs(int choice) {
    if (!std::exchange(at(choice).logprobs, true)) emitter_.emit(Logprobs{choice});
}

ToolCallWriter Answer::open_tool() {
    own_tools_ = true;
    return {next_slot_++, emitter_};
}

void Answer::finish(int choice, FinishReason reason) {
    Choice& state = at(choice);
    if (!state.finish) state.finish = reason;
}

void Answer::usage(const Json& usage) {
    if (auto counts = read_usage(usage)) usage_ = counts;
}

bool Answer::spoke(int choice) const {
    const auto at = choices_.find(choice);
    return at != choices_.end() && (at->second.heard || !at->second.tools.empty());
}

bool Answer::finished() const {
    return !choices_.empty() && std::all_of(choices_.begin(), choices_.end(),
                                            [](const auto& c) { return c.second.finish.has_value(); });
}

bool Answer::all_finished() const {
    return finished() && choices_.size() >= static_cast<std::size_t>(std::max(options_.choices, 1));
}

void Answer::flush() {
    for (auto& [choice, state] : choices_) {
        if (state.stop.cut()) continue;
        ThinkSplitter::Split held = state.think.finish();
        give_reasoning(choice, state, std::move(held.reasoning));
        std::string text = state.stop.feed(held.text);
        if (!state.stop.cut()) text += state.stop.finish();
        give_text(choice, state, std::move(text));
    }
}

void Answer::give_finishes() {
    for (auto& [choice, state] : choices_) {
        state.tools.end();
        const bool called = !state.tools.empty() || own_tools_;
        const FinishReason reason =
            called && (state.finish == FinishReason::stop || state.finish == FinishReason::other)
                ? FinishReason::tool_calls
                : *state.finish;
        const bool thought = state.reasoned || (usage_ && usage_->reasoning.value_or(0) > 0);
        if (!state.answered && !called && (thought || reason == FinishReason::length)) {
            emitter_.warn("no-answer");
        }
        emitter_.emit(Finish{choice, reason});
    }
}

void Answer::end() {
    if (emitter_.ended()) return;
    flush();
    const bool complete = finished();
    if (complete) give_finishes();
    if (usage_) emitter_.emit(*usage_);
    emitter_.end(complete ? Event{Done{}} : Event{Truncated{}});
}

void Answer::fail(Error error) {
    if (emitter_.ended()) return;
    flush();
    if (usage_) emitter_.emit(*usage_);
    if (error.http_status == 0) error.http_status = head_.status;
    emitter_.end(Failed{std::move(error)});
}

void Answer::fail(const Json& object) {
    if (!options_.redact) return fail(read_error_object(head_.status, head_.headers, object));
    const std::string text = options_.redact(dump_json(object));
    const auto redacted = parse_json(text);
    fail(redacted ? read_error_object(head_.status, head_.headers, *redacted)
                  : read_error(head_.status, head_.headers, text));
}

}  // namespace dragoman::wire
