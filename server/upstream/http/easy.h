// libcurl's easy handle with this project's rules set, in one place: nobody else calls curl_easy_setopt
// for anything but callbacks.
#pragma once

#include "server/upstream/http/http.h"

#include <curl/curl.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace dragoman::http {

struct EasyCleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using Easy = std::unique_ptr<CURL, EasyCleanup>;

struct HeaderListCleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, HeaderListCleanup>;

/// Before the first handle; any number of times. Throws std::runtime_error when the libcurl that was
/// found at run time lacks what the rules below need.
void prepare_libcurl();

/// A long, a curl_off_t, a pointer or a function. Throws std::runtime_error, naming the option, when
/// libcurl does not take it.
template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    // In brackets: not the macro, which wants to know the option at compile time.
    if (const CURLcode code = (curl_easy_setopt)(easy, option, value); code != CURLE_OK) {
        const curl_easyoption* known = curl_easy_option_by_id(option);
        throw std::runtime_error{std::string{"libcurl refused "} + (known ? known->name : "an option") +
                                 ": " + curl_easy_strerror(code)};
    }
}

/// The request's headers as libcurl wants them, and without those it would add by itself.
HeaderList header_list(const Request& request);

/// A handle that is ready but for its callbacks. `url` is the checked one, `proxy` empty for none.
/// `request` and `headers` must outlive it: the body is not copied.
Easy make_easy(const Request& request, const std::string& url, const std::string& proxy, curl_slist* headers);

}  // namespace dragoman::http
