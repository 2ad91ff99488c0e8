// The vocabulary of failure: causes, what they mean for the daemon and for a person, and the words by
// which gateways name them. Data; the reading is in errors.cpp. Source: upstream.md 7.2 to 7.4.
#pragma once

#include "protocol/base/error.h"
#include "server/upstream/wire/error_body.h"

#include <string_view>

namespace dragoman::wire {

/// Finer than ErrorKind: one for each distinct thing that a person should do.
enum class Cause {
    key_refused,
    key_suffix,
    account_banned,
    money,
    forbidden,
    firewall,
    model_not_allowed,
    network_not_allowed,
    key_group,
    model_unknown,
    no_channel,
    route_unknown,
    context,
    too_large,
    image,
    bad_field,
    filtered,
    rate,
    daily_limit,
    saturated,
    server,
    bad_gateway,
    overloaded,
    loading,
    gateway_timeout,
    origin,
    request_timeout,
    conflict,
    unsupported,
    proxy_login,
    redirect,
    web_page,
    not_api,
    empty,
};

struct Meaning {
    Cause cause;
    ErrorKind kind;
    bool retryable;
    std::string_view lead;  // begins the message: "The gateway refused the key"
    std::string_view hint;  // one sentence
};

const Meaning& meaning_of(Cause cause);

/// What `complaint`, come with `status` (0 or 2xx: only the body tells), is about. Words outrank numbers.
Cause find_cause(int status, const Complaint& complaint);

}  // namespace dragoman::wire
