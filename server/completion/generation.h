// One answer of a model while it grows: asked, fallen back to another route where one is refused, ended once.
//
// It knows the place it was asked for and nothing of who waits for it: requests come and go while it runs.
// Private to the room.
#pragma once

#include "server/completion/query.h"
#include "server/completion/text/postprocess.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::completion {

class Generation {
public:
    enum class State { running, whole, stopped, failed };

    /// `on_news` is called, on the loop, when text came or the answer ended; it may destroy the generation.
    /// Nothing is called from inside the constructor.
    Generation(Clock& clock, gateway::Gateway& gateway, std::shared_ptr<const Query> query, std::string id,
               const Gathered& context, std::function<void()> on_news);
    Generation(const Generation&) = delete;
    Generation& operator=(const Generation&) = delete;

    /// Closes the connection and keeps what has arrived. No news after it.
    void stop();

    State state() const { return state_; }
    bool running() const { return state_ == State::running; }
    const Query& query() const { return *query_; }
    const std::shared_ptr<const Query>& shared_query() const { return query_; }
    /// Of the request that it was begun for.
    const std::string& id() const { return id_; }
    /// What the model said so far, as it said it.
    const std::string& raw() const { return raw_; }
    /// The end of the text is a limit's, not the model's.
    bool cut_off() const { return cut_off_; }
    const std::optional<Error>& failure() const { return failure_; }
    const std::optional<wire::Usage>& usage() const { return usage_; }
    Milliseconds first_text() const { return first_text_; }
    /// When it first went out; nothing while a budget or the key is waited for.
    std::optional<Clock::Time> sent() const { return sent_; }
    /// The model thought until its limit and said nothing.
    bool only_reasoned() const;

    /// How what was typed since it began stands to its text.
    enum class Verdict { agrees, open, disagrees };
    Verdict verdict(const Typed& typed) const;
    // Of use where the verdict is `agrees`.
    /// All of the text, cleaned.
    Cleaned text() const { return clean(raw_, query_->view); }
    /// What is shown of it to `asked`, which began when `typed` was typed; `cut_off` where a limit of time
    /// ended the waiting.
    Cleaned shown(const Query& asked, const Typed& typed, bool cut_off = false) const;
    /// What comes would not change shown().
    bool is_enough_for(const Query& asked, const Typed& typed) const;

    /// For the trail: takes what was noted since the last call.
    std::vector<Step> take_steps() { return std::exchange(steps_, {}); }

private:
    void draw_on_sources();
    void ask();
    std::unique_ptr<gateway::Call> ask_chat(gateway::Sink sink);
    std::unique_ptr<gateway::Call> ask_fill(gateway::Sink sink);
    wire::Sampling sampling() const;
    std::string cache_key() const;
    void on_event(const gateway::Event& event);
    bool on_text(const wire::Text& piece);
    void on_completed(const gateway::Completed& done);
    bool on_failed(const gateway::Failed& failed);
    void note(std::string step, std::string detail) {
        steps_.push_back({std::move(step), std::move(detail)});
    }

    Clock& clock_;
    gateway::Gateway& gateway_;
    std::shared_ptr<const Query> query_;
    gateway::Purpose purpose_;  // of all its calls: the user is asked about them once
    std::string id_;
    Gathered context_;
    std::function<void()> on_news_;

    State state_ = State::running;
    std::string route_, raw_;
    int routes_tried_ = 0;
    bool cut_off_ = false, reasoned_ = false;
    Clock::Time asked_{};
    std::optional<Clock::Time> sent_{};
    Milliseconds first_text_{};
    std::optional<Error> failure_;
    std::optional<wire::Usage> usage_;
    std::vector<Step> steps_;
    std::unique_ptr<gateway::Call> call_;
};

}  // namespace dragoman::completion
