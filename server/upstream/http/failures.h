// libcurl's result codes in the words of http.h.
#pragma once

#include "server/upstream/http/http.h"

#include <curl/curl.h>

namespace dragoman::http {

/// What is known about the transfer beside the code itself.
struct Circumstances {
    bool through_proxy = false;
    bool connected = false;   // the request could be sent: every fault before it is the connection's
    bool answered = false;    // the final head came
    long connect_status = 0;  // the proxy's answer to CONNECT, 0 when there was none
};

/// `words` is libcurl's error text, possibly empty. The detail is one line of printable ASCII.
Failure to_failure(CURLcode code, std::string_view words, const Circumstances& circumstances);

}  // namespace dragoman::http
