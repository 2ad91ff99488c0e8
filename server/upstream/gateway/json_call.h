// Questions whose answer is one JSON document: models, balance, embeddings.
//
// The same keys, headers and errors as streams have; one more try after a lost connection, one with a new
// key after a 401, and no waiting: a provider that is held fails at once.
#pragma once

#include "server/upstream/gateway/context.h"
#include "server/upstream/gateway/gateway.h"
#include "server/upstream/gateway/guard.h"
#include "server/upstream/gateway/key_fetch.h"
#include "server/upstream/gateway/meter.h"
#include "server/upstream/gateway/requests.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace dragoman::gateway {

/// Loop thread. Asks one question at a time; the next may be asked from inside an answer.
class JsonCall final : public http::Listener, public std::enable_shared_from_this<JsonCall> {
public:
    struct Question {
        std::string method = "GET";
        std::string path;
        Place place = Place::below_version;
        std::string body{};
        std::int64_t prompt_tokens = 0;  // of the body, about
    };
    struct Reply {
        int status = 0;
        http::Headers headers;
        std::string body;
    };
    /// Statuses of 400 and above are replies; errors are signed.
    using Answer = std::function<void(Result<Reply>)>;

    /// `model`: the gateway's name of it, for errors; may be empty.
    JsonCall(Context& context, Purpose purpose, std::shared_ptr<const config::Provider> provider,
             std::string model);

    /// Calls back once, from the loop, never from inside.
    void ask(Question question, Answer answer);
    void cancel();
    /// To be told what an answer was; only a cancel tells it by itself.
    Meter& meter() { return meter_; }

    /// An error that was read out of a reply, with who was asked filled in and the key cut out.
    Error complete(Error error) const;

    void on_head(const http::Head& head) override;
    void on_bytes(std::string_view bytes) override;
    void on_end(const std::optional<http::Failure>& failure, const http::Timings& timings) override;

private:
    void proceed();
    void admit();
    void fetch_key();
    void send(secrets::Key key);
    void give(Result<Reply> result);

    Context& context_;
    const std::shared_ptr<const config::Provider> provider_;
    const std::string model_;
    Meter meter_;

    Question question_;
    Answer answer_;
    Target target_;
    secrets::Key key_;
    http::Timeouts limits_{};
    Reply reply_;
    bool reconnected_ = false, key_renewed_ = false, admitted_ = false;

    Timer timer_;
    std::unique_ptr<Guard::Ticket> admission_;
    KeyFetch key_fetch_;
    std::unique_ptr<http::Transfer> transfer_;  // last: its end silences the listener that the rest is
};

}  // namespace dragoman::gateway
