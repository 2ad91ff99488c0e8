// Whoever has a say about what a call may cost, before it is sent.
#pragma once

#include "server/upstream/gateway/gateway.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace dragoman::gateway {

/// What is about to be sent, and to whom.
struct Outlay {
    Purpose purpose;
    config::ModelRef model;
    bool background = false;         // nobody asked for it: Policy::background
    std::int64_t prompt_tokens = 0;  // about; what comes back is not in it
};

/// Loop thread; outlives the gateway's calls. Asked only for purposes whose configuration has budgets.
class Guard {
public:
    Guard() = default;
    virtual ~Guard() = default;
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    /// Dropping it takes the question back; allowed inside the answer.
    struct Ticket {
        virtual ~Ticket() = default;
    };
    /// Nothing: send it. Otherwise why not, with provider and model filled in.
    using Answer = std::function<void(std::optional<Error>)>;
    /// Answers once, from the loop, never from inside. Whether the user has to be asked is the guard's
    /// affair.
    [[nodiscard]] virtual std::unique_ptr<Ticket> admit(Outlay outlay, Answer answer) = 0;

    /// What admit() would answer to a call in the background, as far as is known at once: nothing is waited
    /// for, so it may be asked at every keystroke.
    virtual std::optional<Error> barred(const config::Effective& config, const config::ModelRef& model) = 0;
};

}  // namespace dragoman::gateway
