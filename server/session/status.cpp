#include "server/session/status.h"

#include "protocol/jsonrpc/message.h"

#include <spdlog/fmt/fmt.h>

#include <ctime>

namespace dragoman::session {

std::string iso_time(Clock::WallTime time) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    const auto millis = std::chrono::duration_cast<Milliseconds>(time - whole).count();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(whole);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                       utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, millis);
}

namespace {

/// What ends by itself, or with the user's money, and is no fault.
bool is_limit(ErrorKind kind) {
    return kind == ErrorKind::rate_limited || kind == ErrorKind::insufficient_balance ||
           kind == ErrorKind::over_budget;
}

}  // namespace

StatusBoard::StatusBoard(Clock& clock, std::function<void(const Json&)> tell)
    : clock_{clock}, tell_{std::move(tell)} {}

void StatusBoard::set_models(bool completion_enabled, std::string completion_model, std::string chat_model) {
    // What went wrong with other models, or with none, tells nothing about these.
    if (completion_model != completion_model_ || chat_model != chat_model_) clear_error();
    completion_enabled_ = completion_enabled;
    completion_model_ = std::move(completion_model);
    chat_model_ = std::move(chat_model);
    update();
}

void StatusBoard::set_in_flight(int count) {
    in_flight_ = count;
    update();
}

void StatusBoard::failed(const Error& error) {
    if (error.kind == ErrorKind::context_too_long || error.kind == ErrorKind::bad_request ||
        error.kind == ErrorKind::content_filtered) {
        return;
    }
    error_ = error;
    error_->partial_text.clear();
    limited_until_.reset();
    limit_ends_.reset();
    if (is_limit(error.kind) && error.retry_after) {
        limited_until_ = clock_.now() + *error.retry_after;
        limited_until_text_ = iso_time(clock_.wall() + *error.retry_after);
        limit_ends_ = clock_.after(*error.retry_after, [this] {
            clear_error();
            update();
        });
    }
    update();
}

void StatusBoard::set_budgets(Json budgets, std::optional<Error> paused, Clock::WallTime until) {
    budgets_ = std::move(budgets);
    paused_ = std::move(paused);
    paused_until_text_ = iso_time(until);
    if (!paused_ && error_ && error_->kind == ErrorKind::over_budget) clear_error();
    update();
}

void StatusBoard::succeeded() {
    clear_error();
    update();
}

void StatusBoard::resolved(ErrorKind kind) {
    if (error_ && error_->kind == kind) succeeded();
}

void StatusBoard::clear_error() {
    error_.reset();
    limited_until_.reset();
    limit_ends_.reset();
}

Json StatusBoard::current() const {
    Json status = {{"completion", {{"enabled", completion_enabled_}}},
                   {"chat", Json::object()},
                   {"inFlight", in_flight_}};
    if (!completion_model_.empty()) status["completion"]["model"] = completion_model_;
    if (!chat_model_.empty()) status["chat"]["model"] = chat_model_;
    const std::optional<Error>& shown = error_ ? error_ : paused_;
    if (shown) {
        status["error"] = jsonrpc::error_data(*shown);
        status["message"] = shown->message;
    } else {
        status["message"] = in_flight_ > 0 ? "waiting for the model" : "ready";
    }
    if (limited_until_) {
        status["limitedUntil"] = limited_until_text_;
    } else if (!error_ && paused_ && paused_->retry_after) {
        status["limitedUntil"] = paused_until_text_;
    }
    if (!budgets_.empty()) status["budgets"] = budgets_;
    status["state"] = in_flight_ > 0 ? "busy" : !shown ? "idle" : is_limit(shown->kind) ? "limited" : "error";
    return status;
}

void StatusBoard::update() {
    if (!open_) return;
    const Json status = current();
    std::string text = dump_json(status);
    if (text == told_) return;
    told_ = std::move(text);
    tell_(status);
}

}  // namespace dragoman::session
