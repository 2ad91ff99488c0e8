#include "server/upstream/http/easy.h"

#include "server/support/wiped.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace dragoman::http {
namespace {

constexpr long kOn = 1, kOff = 0;

void append(HeaderList& list, const std::string& line) {
    curl_slist* grown = curl_slist_append(list.get(), line.c_str());
    if (!grown) throw std::bad_alloc{};
    (void)list.release();
    list.reset(grown);
}

/// What holds for every request, whatever its origin.
void set_rules(CURL* easy) {
    set(easy, CURLOPT_NOSIGNAL, kOn);
    // Without it, removing a transfer whose name server is silent joins the resolver's thread: the loop
    // would stand still for as long as getaddrinfo() cares to wait (curl issues 2975, 4852).
    set(easy, CURLOPT_QUICK_EXIT, kOn);

    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    set(easy, CURLOPT_FOLLOWLOCATION, kOff);
    set(easy, CURLOPT_MAXREDIRS, 0L);
    set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_NONE));
    set(easy, CURLOPT_UNRESTRICTED_AUTH, kOff);
    set(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, kOn);
    set(easy, CURLOPT_HTTP09_ALLOWED, kOff);
    set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, kOn);

    set(easy, CURLOPT_SSL_VERIFYPEER, kOn);
    set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(easy, CURLOPT_PROXY_SSL_VERIFYPEER, kOn);
    set(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
    set(easy, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));

    // Asks for no compression, and yet switches decoding on for a server that compresses unasked; the
    // write callback counts what comes out, so a bomb is cut at Request::body_limit.
    set(easy, CURLOPT_ACCEPT_ENCODING, "identity");

    set(easy, CURLOPT_TCP_KEEPALIVE, kOn);
    set(easy, CURLOPT_TCP_KEEPIDLE, 30L);
    set(easy, CURLOPT_TCP_KEEPINTVL, 10L);
    set(easy, CURLOPT_MAXLIFETIME_CONN, 3600L);
    set(easy, CURLOPT_BUFFERSIZE, 16L << 10);
}

void set_method(CURL* easy, const Request& request) {
    if (request.method == "GET" && request.body.empty()) {
        set(easy, CURLOPT_HTTPGET, kOn);
        return;
    }
    if (request.method == "HEAD") {
        set(easy, CURLOPT_NOBODY, kOn);
        return;
    }
    set(easy, CURLOPT_POST, kOn);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
    if (request.method != "POST") set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace

void prepare_libcurl() {
    static const bool prepared = [] {
        // libcurl writes every TLS session's secrets to the file this names.
        ::unsetenv("SSLKEYLOGFILE");
        // OpenSSL writes to its socket with write(2): a peer that went away must be an error, not a
        // signal that ends the daemon.
        if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) throw std::runtime_error{"cannot ignore SIGPIPE"};
        // Its copies of headers hold keys, and it does not wipe them.
        const CURLcode started = curl_global_init_mem(CURL_GLOBAL_DEFAULT, std::malloc, wiping_free,
                                                      wiping_realloc, ::strdup, std::calloc);
        if (started != CURLE_OK) throw std::runtime_error{"libcurl does not start"};

        const curl_version_info_data* found = curl_version_info(CURLVERSION_NOW);
        if (found->version_num < 0x075700) {
            throw std::runtime_error{std::string{"libcurl 7.87 or newer is needed, this is "} +
                                     found->version};
        }
        if (!(found->features & CURL_VERSION_SSL)) throw std::runtime_error{"this libcurl has no TLS"};
        if (!(found->features & CURL_VERSION_ASYNCHDNS)) {
            throw std::runtime_error{"this libcurl looks names up in the foreground"};
        }
        return true;
    }();
    (void)prepared;
}

HeaderList header_list(const Request& request) {
    HeaderList list;
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    for (const auto& [name, value] : request.headers) {
        // "Name:" would tell libcurl to leave the header out; "Name;" sends it empty.
        const bool empty = std::all_of(value.begin(), value.end(), blank);
        append(list, empty ? name + ";" : name + ": " + value);
    }
    // libcurl's own inventions: a second's wait before a large body, and a form's content type.
    if (!find_header(request.headers, "Expect")) append(list, "Expect:");
    if (!find_header(request.headers, "Content-Type")) append(list, "Content-Type:");
    return list;
}

Easy make_easy(const Request& request, const std::string& url, const std::string& proxy,
               curl_slist* headers) {
    Easy easy{curl_easy_init()};
    if (!easy) throw std::bad_alloc{};
    set_rules(easy.get());
    set_method(easy.get(), request);
    set(easy.get(), CURLOPT_URL, url.c_str());
    set(easy.get(), CURLOPT_HTTPHEADER, headers);
    if (!find_header(request.headers, "User-Agent")) {
        const std::string& wish = request.user_agent;
        set(easy.get(), CURLOPT_USERAGENT, wish.empty() ? "dragoman/" DRAGOMAN_VERSION : wish.c_str());
    }
    set(easy.get(), CURLOPT_HTTP_VERSION,
        static_cast<long>(request.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    // Both always set, an empty string meaning none: libcurl reads the environment for what is missing.
    set(easy.get(), CURLOPT_PROXY, proxy.c_str());
    set(easy.get(), CURLOPT_NOPROXY, "");
    if (!request.ca_file.empty()) {
        // Instead of the system's authorities, not beside them.
        for (const CURLoption option : {CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO}) {
            set(easy.get(), option, request.ca_file.c_str());
        }
        for (const CURLoption option : {CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH}) {
            set(easy.get(), option, static_cast<const char*>(nullptr));
        }
    }
    // Our own timer is the judge; libcurl is told so that it shares the time among a name's addresses
    // instead of spending it on the first. Zero would mean its default of 300 s.
    constexpr auto kLongest = std::chrono::milliseconds{std::chrono::hours{24}};
    const auto limit = request.timeouts.connect;
    set(easy.get(), CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>((limit.count() > 0 ? std::min(limit, kLongest) : kLongest).count()));
    return easy;
}

}  // namespace dragoman::http
