// How long each model's window is, and how it counts: what is configured or listed, corrected by what
// usage and refusals have taught. In memory; a restart costs one refusal.
#pragma once

#include "server/chat/engine.h"
#include "server/upstream/wire/tokens.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace dragoman::chat {

class Windows {
public:
    static constexpr std::size_t kLeastGuess = 2'000;

    /// Tokens of prompt and answer together; nothing where nobody has told. A refusal outranks the
    /// configuration only downwards, the configuration outranks `listed`.
    std::optional<std::size_t> limit(const config::ModelRef& model) const;
    /// The same less what was only guessed: what a question may be refused by before it is asked.
    std::optional<std::size_t> told_limit(const config::ModelRef& model) const;
    TokenCounter counter(const config::ModelRef& model) const;

    /// A request of `estimated` tokens was counted as `input` by the gateway.
    void counted(const config::ModelRef& model, std::size_t estimated, std::int64_t input);
    /// A request of `estimated` tokens was refused as too long; `answer` of the limit are not for it. Where
    /// the gateway tells no limit, half of the request is taken to fit, and kLeastGuess in any case: what is
    /// short was refused for something else, as for the room that an extraBody asks for.
    void refused(const config::ModelRef& model, const Error& error, std::size_t estimated,
                 std::size_t answer);

    /// Engine::listed_context; may be empty.
    std::function<std::optional<std::int64_t>(const config::ModelRef&)> listed;

private:
    struct Learned {
        double scale = 1.0;  // tokens as the gateway counts them, by one of the plain estimate
        std::optional<std::size_t> told, guessed;
    };
    static std::string name_of(const config::ModelRef& model);
    double scale(const config::ModelRef& model) const;

    std::map<std::string, Learned> learned_;
};

/// What of a window of `limit` tokens is kept free for the answer.
std::size_t room_for_answer(std::optional<std::int64_t> max_tokens, std::size_t limit);

}  // namespace dragoman::chat
