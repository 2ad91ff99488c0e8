// The one door through which events leave: it keeps the order that event.h promises, whoever writes.
//
// Start comes first, a warning of one kind comes once, nothing follows a terminal event.
#pragma once

#include "server/upstream/wire/event.h"

#include <set>
#include <string>
#include <string_view>

namespace dragoman::wire {

class Emitter {
public:
    /// Where events go until the next call.
    void attach(Events& out) { out_ = &out; }

    /// An answer names itself. The first names are kept; Start is given out once there is one.
    void begin(std::string_view id, std::string_view model);
    void emit(Event event);
    /// `tag` is a literal.
    void warn(std::string_view tag);
    /// Done, Truncated or Failed.
    void end(Event terminal);

    bool ended() const { return ended_; }
    /// The answer's id; empty while none came.
    const std::string& id() const { return start_.id; }

private:
    void start();

    Events* out_ = nullptr;
    Start start_{};
    bool started_ = false;
    bool ended_ = false;
    std::set<std::string_view> warned_;
    Events early_warnings_;  // from before Start
};

}  // namespace dragoman::wire
