// A streamed answer made reliable: a chain of models, each tried as often as its errors allow.
//
// One state at a time: waiting (timer), asking the guard, fetching a key, or an attempt under way. Whatever
// ends an attempt passes recover(), which picks one next step: key anew, other API, other dialect, later,
// other model, or the end. Once content was shown there is only the end.
#pragma once

#include "server/upstream/gateway/attempt.h"
#include "server/upstream/gateway/context.h"
#include "server/upstream/gateway/gateway.h"
#include "server/upstream/gateway/guard.h"
#include "server/upstream/gateway/key_fetch.h"
#include "server/upstream/gateway/meter.h"
#include "server/upstream/gateway/plan.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::gateway {

/// Loop thread. Held by its handle, and by itself while it speaks: a sink may drop the handle.
class StreamCall final : public Attempt::Owner, public std::enable_shared_from_this<StreamCall> {
public:
    StreamCall(Context& context, Purpose purpose, std::vector<config::ModelRef> chain,
               std::unique_ptr<Plan> plan, Policy policy, Sink sink);

    /// Begins at the next turn of the loop.
    void start();
    /// Closes and silences.
    void cancel();

private:
    /// What is known about the model that is being tried.
    struct Trial {
        std::string base;
        config::Api api = config::Api::chat;
        bool api_open = false;                // the other one may be tried
        std::optional<Error> refused_by_api;  // how the API first tried refused
        wire::Dialect dialect;
        Ask ask;  // of the attempt to come or under way
        Target target;
        secrets::Key key;
        http::Headers head;
        std::int64_t prompt_tokens = 0;  // about
        bool admitted = false;           // by the guard
        int adapted = 0;
        int retries = 0;
        Milliseconds waited{};  // for the provider's hold
        bool key_renewed = false;
        bool answered = false;
    };

    void on_head(const http::Head& head) override;
    void on_wire_event(const wire::Event& event) override;
    void on_ending(Ending ending) override;

    void begin_model(std::size_t index, std::string reason);
    void proceed();
    void prepare();
    void admit();
    void fetch_key();
    void send(secrets::Key key);

    void recover(Error error, bool lost_connection);
    bool renew_key(const Error& error);
    bool switch_api(Error& error);
    bool adapt(const Error& error);
    bool retry(Error& error, bool lost_connection);
    bool fall_back(const Error& error);

    void confirm();
    void show(Event event);
    void complete();
    void fail(Error error);
    void note(std::string text);
    void later(Milliseconds delay, void (StreamCall::*next)());
    void emit(const Event& event);

    const config::ModelRef& model() const { return chain_[index_]; }
    const config::Provider& provider() const { return *model().provider; }
    Milliseconds since_start() const;

    Context& context_;
    const std::vector<config::ModelRef> chain_;
    const std::unique_ptr<Plan> plan_;
    const Policy policy_;
    const Sink sink_;
    Meter meter_;
    const Clock::Time started_;

    std::size_t index_ = 0;
    Trial trial_;
    bool over_ = false;   // cancelled, or the end was given
    bool shown_ = false;  // content went to the sink
    std::string text_;
    wire::FinishReason finish_ = wire::FinishReason::stop;
    std::optional<wire::Usage> usage_;
    Milliseconds first_byte_{}, first_text_{};
    std::vector<std::string> notes_;

    Timer timer_;
    std::unique_ptr<Guard::Ticket> admission_;
    KeyFetch key_fetch_;
    std::shared_ptr<Attempt> attempt_;
};

}  // namespace dragoman::gateway
