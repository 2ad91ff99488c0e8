#include "server/upstream/wire/emitter.h"

#include <iterator>
#include <utility>

namespace dragoman::wire {

void Emitter::start() {
    if (started_) return;
    started_ = true;
    out_->emplace_back(start_);
    out_->insert(out_->end(), std::make_move_iterator(early_warnings_.begin()),
                 std::make_move_iterator(early_warnings_.end()));
    early_warnings_.clear();
}

void Emitter::begin(std::string_view id, std::string_view model) {
    if (started_ || ended_) return;
    if (start_.id.empty()) start_.id = id;
    if (start_.model.empty()) start_.model = model;
    if (!start_.id.empty() || !start_.model.empty()) start();
}

void Emitter::emit(Event event) {
    if (ended_) return;
    start();
    out_->push_back(std::move(event));
}

void Emitter::warn(std::string_view tag) {
    if (ended_ || !warned_.insert(tag).second) return;
    (started_ ? *out_ : early_warnings_).emplace_back(Warn{std::string{tag}});
}

void Emitter::end(Event terminal) {
    if (ended_) return;
    // Where no answer began there is nothing to start; what was odd is still told.
    out_->insert(out_->end(), std::make_move_iterator(early_warnings_.begin()),
                 std::make_move_iterator(early_warnings_.end()));
    early_warnings_.clear();
    out_->push_back(std::move(terminal));
    ended_ = true;
}

}  // namespace dragoman::wire
