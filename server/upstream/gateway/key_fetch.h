// A provider's key, asked for by one call.
#pragma once

#include "server/secrets/keys.h"
#include "server/support/clock.h"

#include <functional>
#include <memory>
#include <optional>

namespace dragoman::gateway {

/// Calls back from inside get() when the key is at hand, else from the loop, where everything may be
/// dropped. A new get() or cancel() takes the question before it back.
class KeyFetch {
public:
    using Answer = std::function<void(Result<secrets::Key>)>;

    KeyFetch(Clock& clock, secrets::Keys& keys) : clock_{clock}, keys_{keys} {}

    void get(const config::Provider& provider, Answer answer);
    void cancel();

private:
    struct Question {
        bool inside = true;
        std::optional<Result<secrets::Key>> key;
        Timer timer;
    };

    Clock& clock_;
    secrets::Keys& keys_;
    std::shared_ptr<Question> question_;
    std::unique_ptr<secrets::Keys::Ticket> ticket_;
};

}  // namespace dragoman::gateway
