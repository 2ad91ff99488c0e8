// How calls fail where no gateway said why, in words that name the setting to change.
#pragma once

#include "protocol/base/error.h"
#include "server/config/config.h"
#include "server/upstream/http/http.h"

#include <string_view>

namespace dragoman::gateway {

/// `origin` is who was asked, for the message. `limits` are those that the request was sent with.
Error failure_error(const http::Failure& failure, const config::Provider& provider, std::string_view origin,
                    const http::Timeouts& limits);

/// The connection could not be made, or died: another one may do.
bool lost_connection(const http::Failure& failure);

/// Nothing is sent to the provider for `left`, as it asked.
Error pause_error(const config::Provider& provider, Milliseconds left);

/// A stream that ended as HTTP ends, before the answer was whole.
Error truncated_error();

}  // namespace dragoman::gateway
