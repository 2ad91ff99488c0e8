// One request and its answer: an easy handle, the time it may take, and who listens.
//
// Limits are ours, on the Clock: libcurl's whole-transfer time-out is wrong for streams and its
// low-speed limit too blunt. One timer serves them all; it looks, when it fires, whether the deadline
// has moved meanwhile, so a piece of body costs no timer.
//
// A request may be sent twice, by libcurl and unseen, when a kept-alive connection turns out dead
// before the first byte of an answer. Most often the server never read it, and an error for every such
// race would be worse; a second such re-send is refused.
#pragma once

#include "server/support/clock.h"
#include "server/upstream/http/easy.h"
#include "server/upstream/http/failures.h"
#include "server/upstream/http/head_reader.h"

#include <array>

namespace dragoman::http {

class Multi;

class Exchange final : public std::enable_shared_from_this<Exchange> {
public:
    /// `proxy` empty for none. Throws std::runtime_error when libcurl takes an option not.
    Exchange(Multi& multi, Clock& clock, Request request, const std::string& url, const std::string& proxy,
             Listener& listener);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    CURL* easy() const { return easy_.get(); }
    /// False once its Transfer is gone or its end was told.
    bool wanted() const { return listener_ != nullptr; }
    /// True while a thread of libcurl's waits for the name server.
    bool resolving() const;

    /// The Transfer was destroyed: nothing more is told.
    void abandon();
    /// libcurl is done with it, and it is out of the Multi.
    void finish(CURLcode code);
    /// Ends it here and now.
    void fail(Failure failure);
    /// Ends it at the next turn of the loop.
    void fail_soon(Failure failure);

private:
    enum class Phase {
        connecting,  // name, TCP, proxy, TLS
        sending,     // until libcurl has handed over the whole body
        waiting,     // for the final answer's status line
        receiving,
    };
    struct Limit {
        Clock::Time at;
        Failure::What what;
        Milliseconds length;
    };

    void enter(Phase phase);
    Limit next_limit() const;
    void arm();
    void on_due();
    void tell_end(std::optional<Failure> failure);
    Timings timings() const;

    int ready();
    void uploaded(curl_off_t sent);
    bool take_header(std::string_view line);
    bool take_body(std::string_view bytes);
    bool refuse(Failure::What what, std::string detail);
    template <class Step>
    bool guarded(Step step);

    static int on_ready(void* self, char*, char*, int, int);
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent);
    static int on_lookup(void*, void*, void* self);
    static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self);
    static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self);

    Multi& multi_;
    Clock& clock_;
    const Request request_;
    const bool through_proxy_;
    Listener* listener_;
    std::array<char, CURL_ERROR_SIZE> words_{};
    HeaderList headers_;
    Easy easy_;

    Phase phase_ = Phase::connecting;
    Clock::Time started_, moved_;
    Timer timer_;
    int sends_ = 0;
    bool lookup_started_ = false;
    curl_off_t uploaded_ = 0;
    std::size_t received_ = 0;
    HeadReader reader_;
    std::optional<Failure> refused_;  // our own verdict, which libcurl reports as a callback's error
};

}  // namespace dragoman::http
