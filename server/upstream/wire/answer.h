// One answer under way: what has come of each choice, and how it ends. The readers of the wire APIs write
// to it; it makes events of what they say.
//
// A finish reason is kept until the answer ends: gateways repeat it, correct it, and some send text after
// it. So each choice's Finish, then Usage, then the terminal event come out together.
#pragma once

#include "server/upstream/wire/decoder.h"
#include "server/upstream/wire/emitter.h"
#include "server/upstream/wire/stop_cutter.h"
#include "server/upstream/wire/think.h"
#include "server/upstream/wire/tool_calls.h"
#include "server/upstream/wire/usage.h"

#include <map>
#include <optional>
#include <string_view>

namespace dragoman::wire {

/// What came before the body.
struct Head {
    int status = 200;
    Headers headers{};
};

class Answer {
public:
    /// All three outlive the answer.
    Answer(const DecoderOptions& options, const Head& head, Emitter& emitter)
        : options_{options}, head_{head}, emitter_{emitter} {}
    Answer(const Answer&) = delete;
    Answer& operator=(const Answer&) = delete;

    Emitter& emitter() { return emitter_; }
    const DecoderOptions& options() const { return options_; }

    /// Content: a leading <think> block in it becomes reasoning, a stop string ends it.
    void text(int choice, std::string_view piece);
    void reasoning(int choice, std::string_view piece);
    void refusal(int choice, std::string_view piece);
    void logprobs(int choice);
    ToolCalls& tools(int choice) { return at(choice).tools; }
    /// A call of an API that says itself which call is meant; the answer then counts as having one.
    ToolCallWriter open_tool();
    /// The first reason of a choice counts.
    void finish(int choice, FinishReason reason);
    /// The last one with any number in it counts.
    void usage(const Json& usage);
    void usage(const Usage& usage) { usage_ = usage; }
    const std::optional<Usage>& usage() const { return usage_; }

    /// Text, a refusal or a call came for that choice.
    bool spoke(int choice) const;
    /// Something was said by the model, if only that it is finished.
    bool begun() const { return !choices_.empty() || own_tools_; }
    /// Every choice that spoke has its reason, and at least one did.
    bool finished() const;
    /// finished(), and all choices that were asked for have spoken.
    bool all_finished() const;

    /// The answer is over: Done when it is finished, otherwise Truncated.
    void end();
    void fail(Error error);
    /// By an error object of the gateway.
    void fail(const Json& object);

private:
    struct Choice {
        Choice(const DecoderOptions& options, Emitter& emitter, int& next_slot)
            : think{options.reasoning_open}, stop{options.stop}, tools{emitter, next_slot} {}
        ThinkSplitter think;
        StopCutter stop;
        ToolCalls tools;
        std::optional<FinishReason> finish{};
        bool answered = false;  // text, refusal: anything meant for the reader
        bool heard = false;     // the same, also where it is held back so far
        bool reasoned = false;
        bool logprobs = false;
    };

    Choice& at(int choice);
    void give_reasoning(int choice, Choice& state, std::string text);
    void give_text(int choice, Choice& state, std::string text);
    void give(int choice, Choice& state, ThinkSplitter::Split split);
    void end_if_all_cut();
    void flush();
    void give_finishes();

    const DecoderOptions& options_;
    const Head& head_;
    Emitter& emitter_;
    std::map<int, Choice> choices_;
    std::optional<Usage> usage_;
    int next_slot_ = 0;
    bool own_tools_ = false;
};

}  // namespace dragoman::wire
