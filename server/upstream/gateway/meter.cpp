#include "server/upstream/gateway/meter.h"

#include <utility>

namespace dragoman::gateway {

void Meter::sent(const std::string& model) {
    if (!purpose_.config || !context_.on_receipt || open_) return;
    begun_ = context_.clock.now();
    open_ = Receipt{.purpose = purpose_, .model = model, .asked = context_.clock.wall()};
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

void Meter::end(std::string_view outcome) {
    if (!open_) return;
    Receipt receipt = std::move(*open_);
    open_.reset();
    receipt.duration = std::chrono::duration_cast<Milliseconds>(context_.clock.now() - begun_);
    receipt.outcome = outcome;
    context_.on_receipt(receipt);
}

}  // namespace dragoman::gateway
