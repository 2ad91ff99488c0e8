// What one turn asks of the gateway: made to fit its model, and made anew with less when the model says
// that it does not. Private to the room.
#pragma once

#include "server/chat/fit.h"
#include "server/chat/windows.h"

#include <string>
#include <vector>

namespace dragoman::chat {

class Asking {
public:
    /// `call` is whole but for its messages; `windows` outlives this.
    Asking(Windows& windows, gateway::ChatCall call, std::string system)
        : windows_{windows}, call_{std::move(call)}, system_{std::move(system)} {}

    /// The call for `turns`, of which the last is to be answered.
    gateway::ChatCall fitted(const std::vector<Turn>& turns);
    /// What the call that was made last goes without.
    const LeftOut& left_out() const { return left_out_; }
    /// How many likely secrets were masked in the question and what is attached to it.
    std::size_t masked() const { return masked_; }

    /// A model of the chain refused it as too long, before anything was shown. True, once, where less can
    /// be asked: the next fitted() begins with that model.
    bool narrow(const Error& error, const std::vector<Turn>& turns);

    /// What the gateway counted for the call.
    void counted(const std::string& model, const wire::Usage& usage);
    /// Says in the hint of a refusal that an image may be the reason, and which.
    void blame_image(Error& error, const std::vector<Turn>& turns) const;

private:
    Fitted fit_now(const std::vector<Turn>& turns) const;
    bool only_asks(const std::string& model) const;

    Windows& windows_;
    gateway::ChatCall call_;
    const std::string system_;
    std::size_t tokens_ = 0, bytes_ = 0, images_ = 0, masked_ = 0;  // of the call that was made last
    bool narrowed_ = false;
    LeftOut left_out_;
};

}  // namespace dragoman::chat
