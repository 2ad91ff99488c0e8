#include "server/upstream/http/failures.h"

#include <algorithm>

namespace dragoman::http {
namespace {

using What = Failure::What;

constexpr std::size_t kDetailLimit = 300;

std::string one_line(std::string_view words) {
    std::string line{words.substr(0, kDetailLimit)};
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c < 0x20 || c > 0x7E; }, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

What before_the_request(CURLcode code, const Circumstances& circumstances) {
    switch (code) {
        case CURLE_URL_MALFORMAT: return What::bad_request;
        case CURLE_COULDNT_RESOLVE_HOST: return circumstances.through_proxy ? What::proxy : What::resolve;
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_PROXY: return What::proxy;
        case CURLE_OPERATION_TIMEDOUT: return What::connect_timeout;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_ENGINE_NOTFOUND:
        case CURLE_SSL_ENGINE_SETFAILED:
        case CURLE_USE_SSL_FAILED: return What::tls_handshake;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return What::tls_certificate;
        default: return circumstances.through_proxy ? What::proxy : What::connect;
    }
}

What after_the_request(CURLcode code, std::string_view words, const Circumstances& circumstances) {
    switch (code) {
        case CURLE_PARTIAL_FILE: return What::short_body;
        case CURLE_FILESIZE_EXCEEDED: return What::too_large;
        case CURLE_HTTP2_STREAM: return circumstances.answered ? What::short_body : What::reset;
        case CURLE_RECV_ERROR:
            // The one thing reported as "failure when receiving" that is the peer's grammar.
            return words.find("chunk") != std::string_view::npos ? What::protocol : What::reset;
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_SEND_FAIL_REWIND:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_COULDNT_CONNECT: return What::reset;
        default: return What::protocol;
    }
}

}  // namespace

Failure to_failure(CURLcode code, std::string_view words, const Circumstances& circumstances) {
    std::string detail = one_line(words);
    if (detail.empty()) detail = one_line(curl_easy_strerror(code));
    if (circumstances.connected) return {after_the_request(code, detail, circumstances), std::move(detail)};
    if (circumstances.connect_status != 0 && circumstances.connect_status / 100 != 2) {
        return {What::proxy, std::move(detail)};
    }
    return {before_the_request(code, circumstances), std::move(detail)};
}

}  // namespace dragoman::http
