// What the status bar of an editor shows: one state, made of what runs and what last went wrong.
//
// The board compares before it tells: the notification goes out on change only. Failures of automatic
// completion show here and nowhere else, so that typing never raises a message box.
#pragma once

#include "protocol/base/error.h"
#include "protocol/base/json.h"
#include "server/support/clock.h"

#include <functional>
#include <optional>
#include <string>

namespace dragoman::session {

class StatusBoard {
public:
    /// `tell` sends dragoman/status.
    StatusBoard(Clock& clock, std::function<void(const Json& status)> tell);

    /// What the configuration says; empty model: none. Other models than before take the error away.
    void set_models(bool completion_enabled, std::string completion_model, std::string chat_model);
    void set_in_flight(int count);
    /// A call failed. Rate limits and budgets show as "limited" until they end, anything else as "error"
    /// until the next success. Request errors that only concern one question (a too long prompt) do not show.
    void failed(const Error& error);
    void succeeded();
    /// How the budgets stand ([] for none), and why automatic completion pauses, if it does. That lasts until
    /// it is told otherwise, whatever else succeeds.
    void set_budgets(Json budgets, std::optional<Error> paused, Clock::WallTime until);
    /// What stood in the way is gone: an error of that kind is none any more.
    void resolved(ErrorKind kind);
    /// Nothing is sent before the connection is running.
    void open() {
        open_ = true;
        update();
    }

    Json current() const;

private:
    void update();
    void clear_error();

    Clock& clock_;
    std::function<void(const Json&)> tell_;
    bool open_ = false;
    bool completion_enabled_ = true;
    std::string completion_model_, chat_model_;
    int in_flight_ = 0;
    std::optional<Error> error_;
    std::optional<Clock::Time> limited_until_;
    std::string limited_until_text_;
    Timer limit_ends_;
    Json budgets_ = Json::array();
    std::optional<Error> paused_;
    std::string paused_until_text_;
    std::string told_;
};

/// "2026-01-31T12:00:00.000Z"
std::string iso_time(Clock::WallTime time);

}  // namespace dragoman::session
