#include "server/upstream/http/exchange.h"

#include "server/upstream/http/multi.h"

#include <utility>

namespace dragoman::http {
namespace {

using What = Failure::What;

constexpr int kMaxSends = 2;

std::chrono::microseconds duration(CURL* easy, CURLINFO info) {
    curl_off_t value = 0;
    curl_easy_getinfo(easy, info, &value);
    return std::chrono::microseconds{value};
}

long number(CURL* easy, CURLINFO info) {
    long value = 0;
    curl_easy_getinfo(easy, info, &value);
    return value;
}

std::string timeout_words(What what, Milliseconds limit) {
    const std::string within = " within " + std::to_string(limit.count()) + " ms";
    switch (what) {
        case What::connect_timeout: return "no connection" + within;
        case What::first_byte_timeout: return "no answer" + within;
        case What::idle_timeout: return "nothing moved" + within;
        default: return "no end" + within;
    }
}

}  // namespace

Exchange::Exchange(Multi& multi, Clock& clock, Request request, const std::string& url,
                   const std::string& proxy, Listener& listener)
    : multi_{multi},
      clock_{clock},
      request_{std::move(request)},
      through_proxy_{!proxy.empty()},
      listener_{&listener},
      headers_{header_list(request_)},
      easy_{make_easy(request_, url, proxy, headers_.get())},
      started_{clock.now()},
      moved_{started_} {
    CURL* easy = easy_.get();
    set(easy, CURLOPT_ERRORBUFFER, words_.data());
    set(easy, CURLOPT_PREREQFUNCTION, &Exchange::on_ready);
    set(easy, CURLOPT_PREREQDATA, this);
    set(easy, CURLOPT_NOPROGRESS, 0L);
    set(easy, CURLOPT_XFERINFOFUNCTION, &Exchange::on_progress);
    set(easy, CURLOPT_XFERINFODATA, this);
    set(easy, CURLOPT_RESOLVER_START_FUNCTION, &Exchange::on_lookup);
    set(easy, CURLOPT_RESOLVER_START_DATA, this);
    set(easy, CURLOPT_HEADERFUNCTION, &Exchange::on_header);
    set(easy, CURLOPT_HEADERDATA, this);
    set(easy, CURLOPT_WRITEFUNCTION, &Exchange::on_body);
    set(easy, CURLOPT_WRITEDATA, this);
    arm();
}

bool Exchange::resolving() const {
    return lookup_started_ && sends_ == 0 && duration(easy_.get(), CURLINFO_NAMELOOKUP_TIME_T).count() == 0;
}

// ---- ends

void Exchange::abandon() {
    if (!listener_) return;
    listener_ = nullptr;
    timer_.reset();
    multi_.stop(*this);
}

void Exchange::finish(CURLcode code) {
    if (refused_ || code == CURLE_OK) {
        if (!refused_ && !reader_.complete())
            refused_ = {What::reset, "the connection ended inside the answer's head"};
        tell_end(std::move(refused_));
        return;
    }
    const Circumstances circumstances{through_proxy_, sends_ > 0, reader_.complete(),
                                      number(easy_.get(), CURLINFO_HTTP_CONNECTCODE)};
    tell_end(to_failure(code, words_.data(), circumstances));
}

void Exchange::fail(Failure failure) {
    const auto self = shared_from_this();
    multi_.stop(*this);
    tell_end(std::move(failure));
}

void Exchange::fail_soon(Failure failure) {
    timer_ = clock_.after(Milliseconds{0},
                          [this, failure = std::move(failure)]() mutable { fail(std::move(failure)); });
}

void Exchange::tell_end(std::optional<Failure> failure) {
    Listener* listener = std::exchange(listener_, nullptr);
    const Timings measured = timings();
    timer_.reset();
    easy_.reset();  // it holds a copy of the headers, key included
    if (listener) listener->on_end(failure, measured);
}

Timings Exchange::timings() const {
    CURL* easy = easy_.get();
    Timings result;
    result.reused = sends_ > 0 && number(easy, CURLINFO_NUM_CONNECTS) == 0;
    if (!result.reused) {
        result.resolved = duration(easy, CURLINFO_NAMELOOKUP_TIME_T);
        result.connected = duration(easy, CURLINFO_CONNECT_TIME_T);
        result.secured = duration(easy, CURLINFO_APPCONNECT_TIME_T);
    }
    result.first_byte = duration(easy, CURLINFO_STARTTRANSFER_TIME_T);
    result.total = std::chrono::duration_cast<std::chrono::microseconds>(clock_.now() - started_);
    return result;
}

// ---- limits

void Exchange::enter(Phase phase) {
    phase_ = phase;
    moved_ = clock_.now();
    arm();
}

Exchange::Limit Exchange::next_limit() const {
    Limit nearest{Clock::Time::max(), What::total_timeout, {}};
    const auto consider = [&](Clock::Time since, Milliseconds length, What what) {
        constexpr Milliseconds kForever = std::chrono::hours{24 * 365};
        if (length.count() <= 0 || length > kForever || since + length >= nearest.at) return;
        nearest = {since + length, what, length};
    };
    const Timeouts& limits = request_.timeouts;
    consider(started_, limits.total, What::total_timeout);
    switch (phase_) {
        case Phase::connecting: consider(started_, limits.connect, What::connect_timeout); break;
        case Phase::waiting: consider(moved_, limits.first_byte, What::first_byte_timeout); break;
        case Phase::sending:
        case Phase::receiving: consider(moved_, limits.idle, What::idle_timeout); break;
    }
    return nearest;
}

void Exchange::arm() {
    const Limit limit = next_limit();
    timer_.reset();
    if (limit.at == Clock::Time::max()) return;
    const auto wait = std::chrono::ceil<Milliseconds>(limit.at - clock_.now());
    timer_ = clock_.after(std::max(wait, Milliseconds{0}), [this] { on_due(); });
}

void Exchange::on_due() {
    const Limit limit = next_limit();
    if (clock_.now() < limit.at) {
        arm();
    } else {
        fail({limit.what, timeout_words(limit.what, limit.length)});
    }
}

// ---- what libcurl tells, from inside its callbacks

/// The connection is ready and the request goes out next.
int Exchange::ready() {
    if (++sends_ > kMaxSends) {
        refuse(What::reset, "kept-alive connections died before an answer, again and again");
        return CURL_PREREQFUNC_ABORT;
    }
    uploaded_ = 0;
    enter(request_.body.empty() ? Phase::waiting : Phase::sending);
    return CURL_PREREQFUNC_OK;
}

void Exchange::uploaded(curl_off_t sent) {
    if (phase_ != Phase::sending || sent == uploaded_) return;
    uploaded_ = sent;
    moved_ = clock_.now();
    if (std::cmp_greater_equal(sent, request_.body.size())) enter(Phase::waiting);
}

bool Exchange::take_header(std::string_view line) {
    const auto step = reader_.feed(line);
    if (step == HeadReader::Step::too_large)
        return refuse(What::too_large, "the answer's headers have no end");
    if (reader_.final_started() && phase_ != Phase::receiving) enter(Phase::receiving);
    moved_ = clock_.now();
    if (step == HeadReader::Step::complete) listener_->on_head(reader_.head());
    return true;
}

bool Exchange::take_body(std::string_view bytes) {
    if (!reader_.complete()) return refuse(What::protocol, "a body came before its head");
    if (bytes.size() > request_.body_limit - received_) {
        return refuse(What::too_large,
                      "the answer is larger than " + std::to_string(request_.body_limit) + " bytes");
    }
    received_ += bytes.size();
    moved_ = clock_.now();
    listener_->on_bytes(bytes);
    return true;
}

bool Exchange::refuse(What what, std::string detail) {
    refused_ = {what, std::move(detail)};
    return false;
}

/// Runs a step that may call the listener, which may destroy its Transfer or throw. False: libcurl
/// shall give the transfer up.
template <class Step>
bool Exchange::guarded(Step step) {
    if (!listener_) return false;
    try {
        return step() && listener_;
    } catch (...) {
        multi_.throw_later(std::current_exception());
        abandon();
        return false;
    }
}

int Exchange::on_ready(void* self, char*, char*, int, int) {
    auto& exchange = *static_cast<Exchange*>(self);
    int verdict = CURL_PREREQFUNC_ABORT;
    exchange.guarded([&] {
        verdict = exchange.ready();
        return true;
    });
    return verdict;
}

int Exchange::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) {
    auto& exchange = *static_cast<Exchange*>(self);
    exchange.guarded([&] {
        exchange.uploaded(sent);
        return true;
    });
    return 0;
}

int Exchange::on_lookup(void*, void*, void* self) {
    static_cast<Exchange*>(self)->lookup_started_ = true;
    return 0;
}

std::size_t Exchange::on_header(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    return exchange.guarded([&] {
        return exchange.take_header({bytes, size});
    })
               ? size
               : CURL_WRITEFUNC_ERROR;
}

std::size_t Exchange::on_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    return exchange.guarded([&] { return exchange.take_body({bytes, size}); }) ? size : CURL_WRITEFUNC_ERROR;
}

}  // namespace dragoman::http
