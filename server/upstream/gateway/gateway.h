// One call made reliable: key, wire API, dialect, retry, fallback, and one end.
//
// Above this room a call is a list of models to try and a function that hears events; below it are bytes.
// A request is retried only while nothing of the answer was shown, and a 401 asks the key's source once
// more. What a gateway refused is learned per (base URL, model) and not sent again.
#pragma once

#include "server/config/config.h"
#include "server/secrets/keys.h"
#include "server/support/clock.h"
#include "server/support/errand.h"
#include "server/support/files.h"
#include "server/support/worker.h"
#include "server/upstream/http/http.h"
#include "server/upstream/wire/event.h"
#include "server/upstream/wire/listings.h"
#include "server/upstream/wire/request.h"

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace dragoman::gateway {

/// Trying again, nothing was shown yet.
struct Retry {
    int attempt = 0;  // the number of the attempt to come, from 2; 1 when a provider's pause is waited out
    Milliseconds delay{};
    std::string reason;
};
/// This model begins (once per model of the chain that is tried).
struct Began {
    std::string model;  // "provider/model"
    bool fallback = false;
    std::string reason;  // why the one before was left; empty for the first
};
/// The answer is whole.
struct Completed {
    std::string model;
    wire::FinishReason finish = wire::FinishReason::stop;
    std::optional<wire::Usage> usage;
    std::string route;  // "chat", "responses", "fim-completions", ...
    Milliseconds first_byte{}, first_text{}, total{};
    std::vector<std::string> notes;  // the decoder's warnings and what was adapted, for the trail
};
struct Failed {
    Error error;  // provider, model and partial_text are filled in
    std::vector<std::string> notes;
};

/// In order: Began (with Retry and further Began only before any content), content, then exactly one of
/// Completed and Failed. Refusals come as Text. An answer is choice 0: further ones, which only extraBody can
/// ask for, are left out.
using Event = std::variant<Began, Retry, wire::Text, wire::Reasoning, wire::ToolOpen, wire::ToolArguments,
                           wire::ToolEnd, wire::EncryptedReasoning, Completed, Failed>;
using Sink = std::function<void(const Event&)>;

/// A call under way. Destroying it closes the connection and silences the sink; allowed inside the sink.
struct Call {
    virtual ~Call() = default;
};

struct Policy {
    bool background = false;  // completion: one reconnect at most, no waiting, no retry on statuses
    /// Overrides of the provider's own limits where set.
    std::optional<Milliseconds> first_byte{}, total{};
    /// A request goes out now: it was let through, and its key is there. May be empty.
    std::function<void()> on_sent{};
};

/// What the user was asked about one wish and agreed to.
struct Consent {
    bool over_budget = false;
};

/// Whom a call is made for. It has no default, so that no caller leaves it out unseen; without a
/// configuration the call has no receipts, and no budget holds for it.
struct Purpose {
    std::string role;  // "completion", "chat", "edit", "commitMessage", "embedding" or "doctor"
    std::shared_ptr<const config::Effective> config;
    /// Copies share it: calls that serve one wish are agreed to once.
    std::shared_ptr<Consent> consent = std::make_shared<Consent>();
    std::vector<Drawn> drawn{};  // what the call's text is made of, for the list of what was sent
};

/// One model that was really asked, however often, once nothing more can come of it.
struct Receipt {
    Purpose purpose;
    std::string model;        // "provider/model"
    Clock::WallTime asked{};  // when the first request went out
    Milliseconds duration{};  // from then to the end
    std::string outcome{};    // "complete", "cancelled" (also: enough had come), or an ErrorKind's name
    std::optional<wire::Usage> usage{};  // what the gateway told of it, perhaps nothing
    /// Where it told nothing, what it has probably used: all zero where it refused.
    wire::Usage guess{};
};

class Guard;  // guard.h

struct ChatCall {
    Purpose purpose;
    std::vector<config::ModelRef> chain;  // first is wanted, the rest take over; not empty
    wire::ChatRequest request;            // its model is filled in from the chain
    Json extra_body = Json::object();     // of the role, over the provider's and model's own
    Policy policy{};
};

struct FillCall {
    Purpose purpose;
    config::ModelRef model;
    std::string route;  // "fim-completions", "fim-tokens:<family>", "mistral-fim", "llamacpp-infill"
    wire::FillRequest request;
    Json extra_body = Json::object();
    Policy policy{};
};

/// Loop thread. One for the daemon; outlives the calls it made.
class Gateway {
public:
    /// `random` gives numbers in [0, 1) for the jitter of retries; absent: a generator of its own.
    Gateway(Clock& clock, http::Client& http, secrets::Keys& keys, std::function<double()> random = {});
    ~Gateway();

    /// What gateways teach is kept in `file`, too (Learned::keep_in). Before the first call.
    void remember_in(Files& files, Worker& worker, std::filesystem::path file);

    /// Called once for each model that a call has really asked, before its sink hears how that ended; from
    /// inside the handle's destruction where that is the end. Makes and drops no calls. Before the first one.
    void on_receipt(std::function<void(const Receipt&)> hear);

    /// Receipts of the calls that are under way as if they were cancelled now.
    std::vector<Receipt> under_way() const;

    /// `guard` is asked before anything is sent that costs money. It outlives this. Before the first call.
    void guard_with(Guard& guard);
    /// Guard::barred() for a call in the background to `model`; nothing where there is no guard or no budget.
    std::optional<Error> barred(const config::Effective& config, const config::ModelRef& model) const;

    // The sink is never called from inside these.
    [[nodiscard]] std::unique_ptr<Call> chat(ChatCall call, Sink sink);
    [[nodiscard]] std::unique_ptr<Call> fill(FillCall call, Sink sink);

    template <class T>
    using Answer = std::function<void(Result<T>)>;
    [[nodiscard]] std::unique_ptr<Call> models(std::shared_ptr<const config::Provider> provider,
                                               Answer<std::vector<wire::ListedModel>> answer);
    [[nodiscard]] std::unique_ptr<Call> balance(std::shared_ptr<const config::Provider> provider,
                                                Answer<std::vector<wire::Balance>> answer);
    [[nodiscard]] std::unique_ptr<Call> embed(Purpose purpose, config::ModelRef model,
                                              std::vector<std::string> input,
                                              Answer<wire::Embeddings> answer);

    /// Opens the connection the next call to this provider will use. Nothing billed is sent.
    void warm(const config::Provider& provider);

    /// The route that `infill: auto` means for this model now: by configuration, preset and model name,
    /// less what was refused before. "chat" where nothing else is known.
    std::string fill_route(const config::ModelRef& model) const;
    /// `error` says that this model cannot be asked by `route` at all, so that refuse_route() is in place.
    static bool route_refused(const Error& error, const std::string& route);
    /// Remember that a fill route was refused by this model's gateway.
    void refuse_route(const config::ModelRef& model, const std::string& route);

    /// While a provider has told us to wait, the time when that ends.
    std::optional<Clock::Time> held_until(const config::Provider& provider) const;

    class Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::gateway
