// `dragoman doctor`: one provider examined step by step, from its name to its first token.
//
// Each step looks at one thing and says which setting to change when it is wrong; a later step is left out
// when an earlier one makes it pointless. The key is shown as a fingerprint only. A route costs one call of
// a few tokens.
#pragma once

#include "server/session/core.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace dragoman::cli {

struct Finding {
    enum class Verdict { good, note, failed } verdict = Verdict::good;
    std::string check;  // "configuration", "name", "tls", "key", "models", "route chat", ...
    std::string detail;
    std::string setting{};  // what to change when it is not good; may be empty
    std::string hint{};     // what to do, where a setting alone does not tell
    bool at_home = false;   // it failed in the configuration or for want of a key, before a gateway was asked
};
using Findings = std::vector<Finding>;

class Doctor final : private http::Listener {
public:
    Doctor(session::Core& core, std::shared_ptr<const config::Effective> config);

    /// One provider at a time; `done` is called once, from the loop, and may examine the next.
    void examine(const config::Provider& provider, std::function<void(Findings)> done);

private:
    struct Route {
        std::string name, model;
        std::string setting;  // that chose the model
        config::Api api;
        bool dispensable;  // another route does the same work where this one is refused
    };

    void reach();
    void on_head(const http::Head&) override {}
    void on_bytes(std::string_view) override {}
    void on_end(const std::optional<http::Failure>& failure, const http::Timings& timings) override;
    void reached(const http::Timings& timings);
    void ask_key();
    void look_at(const secrets::Key& key);
    void list_models();
    std::string model_for(config::Role role) const;
    void plan_routes();
    void next_route();
    void on_event(const Route& route, const gateway::Event& event);

    void good(std::string check, std::string detail);
    void failed(std::string check, std::string detail, std::string setting);
    void failed(std::string check, const Error& error, const std::string& model_setting);
    std::string setting(std::string_view member) const;
    void later(void (Doctor::*step)());
    void finish();

    session::Core& core_;
    std::shared_ptr<const config::Effective> config_;
    std::shared_ptr<const config::Provider> provider_;  // with limits that suit somebody who watches
    std::function<void(Findings)> done_;
    Findings findings_;
    std::string listed_model_;
    std::vector<Route> routes_;
    bool said_ = false;  // the route under test gave text
    std::unique_ptr<http::Transfer> transfer_;
    std::unique_ptr<secrets::Keys::Ticket> ticket_;
    std::unique_ptr<gateway::Call> call_;
    Timer next_;
};

}  // namespace dragoman::cli
