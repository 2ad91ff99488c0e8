#include "server/chat/asking.h"

#include "protocol/base/utf.h"

#include <algorithm>

namespace dragoman::chat {
namespace {

/// Less than the limit says, because the estimate has just proved to be wrong.
constexpr std::size_t cautious(std::size_t tokens) { return tokens - tokens / 10; }

std::string name_of_image(const std::vector<Turn>& turns) {
    const Turn& last = turns.back();
    for (std::size_t i = 0; i < last.context.size(); ++i) {
        if (get_string(last.context[i], "kind") == "image")
            return "context[" + std::to_string(i) + "] of this question (" +
                   get_string(last.context[i], "mimeType").value_or("image") + ")";
    }
    for (auto turn = turns.rbegin(); turn != turns.rend(); ++turn) {
        if (!turn->images.empty())
            return turn->images.front().mime_type + " attached to the question \"" +
                   one_line(turn->prompt, 60) + "\"";
    }
    return {};
}

std::size_t bytes_of(const Fitted& fitted) {
    std::size_t bytes = 0;
    for (const wire::Message& one : fitted.messages) bytes += one.text.size();
    return bytes;
}

std::size_t images_of(const Fitted& fitted) {
    std::size_t images = 0;
    for (const wire::Message& one : fitted.messages) images += one.images.size();
    return images;
}

/// What the messages are made of: the newest question by its parts, what was said before as one.
std::vector<Drawn> drawn_from(const Fitted& fitted, const std::vector<Turn>& turns) {
    const Turn& question = turns.back();
    std::vector<Drawn> drawn;
    std::size_t told = 0;
    const auto tell = [&](Drawn one) {
        told += one.bytes;
        if (one.bytes > 0) drawn.push_back(std::move(one));
    };
    const wire::Message& first = fitted.messages.front();
    if (first.role == wire::MessageRole::system) tell({.kind = "instructions", .bytes = first.text.size()});
    for (const Attachment& one : fitted.attached) {
        tell({.kind = one.kind.empty() ? "text" : one.kind,
              .path = one.path,
              .bytes = one.text.size(),
              .masked = one.masked});
    }
    tell({.kind = "prompt", .bytes = question.prompt.size(), .masked = question.masked});
    const std::size_t all = bytes_of(fitted);
    if (turns.size() > 1) tell({.kind = "conversation", .bytes = all - std::min(all, told)});
    for (const Image& one : question.images)
        if (one.data) tell({.kind = "image", .bytes = one.data->size()});
    return drawn;
}

}  // namespace

/// Encrypted reasoning means something to the model that wrote it, and is nobody else's business.
bool Asking::only_asks(const std::string& model) const {
    return std::all_of(call_.chain.begin(), call_.chain.end(),
                       [&](const config::ModelRef& one) { return one.id() == model; });
}

Fitted Asking::fit_now(const std::vector<Turn>& turns) const {
    const config::ModelRef& model = call_.chain.front();
    Fitting fitting{.system = system_, .tokens = std::nullopt};
    fitting.with_reasoning = [this](const Turn& turn) { return only_asks(turn.model); };
    if (const auto limit = windows_.limit(model)) {
        const std::size_t answer = room_for_answer(call_.request.sampling.max_tokens, *limit);
        const std::size_t left = *limit > answer ? *limit - answer : 0;
        fitting.tokens = narrowed_ ? cautious(left) : left;
    }
    return fit(turns, fitting, windows_.counter(model));
}

gateway::ChatCall Asking::fitted(const std::vector<Turn>& turns) {
    Fitted fitted = fit_now(turns);
    tokens_ = fitted.tokens;
    bytes_ = bytes_of(fitted);
    images_ = images_of(fitted);
    gateway::ChatCall call = call_;
    call.purpose.drawn = drawn_from(fitted, turns);
    masked_ = 0;
    for (const Drawn& one : call.purpose.drawn) masked_ += one.masked;
    left_out_ = std::move(fitted.left_out);
    call.request.messages = std::move(fitted.messages);
    return call;
}

bool Asking::narrow(const Error& error, const std::vector<Turn>& turns) {
    const auto at = std::find_if(call_.chain.begin(), call_.chain.end(),
                                 [&](const config::ModelRef& one) { return one.id() == error.model; });
    if (narrowed_ || at == call_.chain.end()) return false;
    const auto limit = windows_.limit(*at);
    windows_.refused(*at, error, tokens_,
                     room_for_answer(call_.request.sampling.max_tokens, limit.value_or(tokens_)));
    call_.chain.erase(call_.chain.begin(), at);
    narrowed_ = true;
    const Fitted less = fit_now(turns);
    return less.fits && (bytes_of(less) < bytes_ || images_of(less) < images_);
}

void Asking::counted(const std::string& model, const wire::Usage& usage) {
    if (images_ > 0) return;  // what a picture costs differs too much to tell anything about text
    // A model that took over counts in its own way.
    if (const auto& asked = call_.chain.front(); model.compare(asked.id()) == 0)
        windows_.counted(asked, tokens_, usage.input);
}

void Asking::blame_image(Error& error, const std::vector<Turn>& turns) const {
    if (images_ == 0 || error.kind != ErrorKind::bad_request) return;
    error.hint += std::string{error.hint.empty() ? "" : " "} +
                  "It was sent with an image: " + name_of_image(turns) + ".";
}

}  // namespace dragoman::chat
