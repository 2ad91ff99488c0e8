#include "server/upstream/gateway/meter.h"

#include <utility>

namespace dragoman::gateway {
namespace {

/// As the gateway knows it.
std::string_view name_of(std::string_view model) { return model.substr(model.find('/') + 1); }

std::size_t count_texts(const wire::TokenCounter& counter, const Json& value) {
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        return text.starts_with("data:image/") ? counter.image() : counter.count(text);
    }
    std::size_t sum = 0;
    if (value.is_structured()) {
        for (const Json& inner : value) sum += count_texts(counter, inner);
    }
    return sum;
}

}  // namespace

std::int64_t prompt_tokens(const std::string& model, const Json& body) {
    return static_cast<std::int64_t>(count_texts(wire::TokenCounter{name_of(model)}, body));
}

void Meter::sent(const std::string& model, std::int64_t prompt_tokens) {
    if (!purpose_.config) return;
    if (!open_) {
        begun_ = context_.clock.now();
        open_ = Receipt{.purpose = purpose_, .model = model, .asked = context_.clock.wall()};
        counter_.emplace(name_of(model));
        context_.running.insert(this);
    }
    // Of several attempts the last one: those before were refused.
    open_->guess = {.input = prompt_tokens};
    heard_ = {};
}

void Meter::heard(std::string_view piece) {
    if (open_) counter_->add(heard_, piece);
}

void Meter::count(const wire::Usage& usage) {
    if (!open_) return;
    wire::Usage sum = open_->usage.value_or(wire::Usage{});
    sum.input += usage.input;
    sum.output += usage.output;
    if (usage.cached) sum.cached = sum.cached.value_or(0) + *usage.cached;
    if (usage.reasoning) sum.reasoning = sum.reasoning.value_or(0) + *usage.reasoning;
    open_->usage = sum;
}

/// A refusal costs nothing. Who has begun to answer has read the prompt, and so may have whoever we waited
/// for until the time was up.
void Meter::fail(const Error& error) {
    end(wire_name(error.kind), heard_.tokens() > 0 || error.kind == ErrorKind::timeout);
}

Receipt Meter::receipt() const {
    Receipt receipt = *open_;
    receipt.duration = std::chrono::duration_cast<Milliseconds>(context_.clock.now() - begun_);
    receipt.outcome = "cancelled";
    if (receipt.usage) {
        receipt.guess = {};
    } else {
        receipt.guess.output = static_cast<std::int64_t>(heard_.tokens());
    }
    return receipt;
}

void Meter::end(std::string_view outcome, bool was_work) {
    if (!open_) return;
    Receipt whole = receipt();
    open_.reset();
    heard_ = {};
    context_.running.erase(this);
    whole.outcome = outcome;
    if (!was_work) whole.guess = {};
    if (context_.on_receipt) context_.on_receipt(whole);
}

}  // namespace dragoman::gateway
