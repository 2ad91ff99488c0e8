#include "server/upstream/gateway/key_fetch.h"

#include <utility>

namespace dragoman::gateway {

void KeyFetch::get(const config::Provider& provider, Answer answer) {
    cancel();
    const auto question = question_ = std::make_shared<Question>();
    const std::weak_ptr<Question> asked = question;
    auto ticket = keys_.get(provider, [this, asked, answer](Result<secrets::Key> key) {
        const auto pending = asked.lock();
        if (!pending) return;
        pending->key = std::move(key);
        if (pending->inside) return;
        // From the loop: whoever hears the answer may drop the ticket that is calling here.
        pending->timer = clock_.after(Milliseconds{0}, [asked, answer] {
            if (const auto due = asked.lock()) answer(std::move(*due->key));
        });
    });
    question->inside = false;
    if (question->key) return answer(std::move(*question->key));
    ticket_ = std::move(ticket);
}

void KeyFetch::cancel() {
    ticket_.reset();
    question_.reset();
}

}  // namespace dragoman::gateway
