// URLs of gateways and the origin that a key is bound to, with libcurl as the witness: where we read a URL,
// libcurl reads the same scheme, host and port, since it is the one that connects. A key is attached to a
// second URL only where libcurl would connect to the same place.
#include "server/secrets/keys.h"
#include "server/support/url.h"
#include "server/upstream/wire/endpoints.h"
#include "tests/fuzz/fuzz.h"

#include <curl/curl.h>

#include <memory>
#include <optional>

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
    std::string out{text};
    curl_free(text);
    return out;
}

/// Where libcurl would connect, in our words; nothing where it refuses the URL.
std::optional<Origin> by_curl(const std::string& text) {
    const std::unique_ptr<CURLU, void (*)(CURLU*)> url{curl_url(), curl_url_cleanup};
    if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
    claim(part_of(url.get(), CURLUPART_USER).empty() && part_of(url.get(), CURLUPART_PASSWORD).empty(),
          "a URL that is taken holds no user");
    Origin out;
    out.scheme = part_of(url.get(), CURLUPART_SCHEME);
    out.host = part_of(url.get(), CURLUPART_HOST);
    if (out.host.starts_with('[')) out.host = out.host.substr(1, out.host.size() - 2);
    for (char& c : out.host) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (out.host.ends_with('.')) out.host.pop_back();
    out.port = static_cast<std::uint16_t>(std::stoul("0" + part_of(url.get(), CURLUPART_PORT)));
    return out;
}

std::optional<Origin> check(std::string_view text) {
    const auto url = parse_url(text);
    if (!url) {
        claim(!url.error().empty(), "a refusal says what is wrong");
        return std::nullopt;
    }
    const std::string spelled = url->to_string();
    claim(by_curl(spelled) == url->origin, "libcurl connects to the origin that was read");
    // Not the text as it came: what is handed to libcurl is always our spelling.
    const auto again = parse_url(spelled);
    claim(again.ok() && again->origin == url->origin && again->to_string() == spelled,
          "our spelling reads back as it is");
    claim(url->origin.port != 0 && !url->origin.host.empty(), "an origin has a host and a port");
    return url->origin;
}

void check_base(std::string_view text) {
    const auto base = wire::normalise_base_url(text);
    if (!base) return;
    const auto again = wire::normalise_base_url(*base);
    claim(again.ok() && *again == *base, "a base stays as it is");
    const auto origin = check(*base);
    if (!origin) return;  // it is refused when it is used
    if (const auto own = check(text)) claim(own == origin, "a base has the origin of what was pasted");
    for (const std::string& url :
         {wire::endpoint_url(*base, "/chat/completions"), wire::root_url(*base, "/infill")})
        claim(check(url) == origin, "an endpoint has the origin of its base");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto texts = fuzz::parts(fuzz::text_of(data, size), 2);
    const auto one = check(texts[0]), two = check(texts[1]);
    check_base(texts[0]);
    if (!one || !two) return 0;
    const auto key = secrets::Key::bind("sk-0123456789", *one);
    claim(key.ok(), "a plain key is taken");
    const auto curl_one = by_curl(parse_url(texts[0])->to_string()),
               curl_two = by_curl(parse_url(texts[1])->to_string());
    claim(key->header_for(*two).has_value() == (curl_one == curl_two),
          "a key goes where libcurl connects to its origin");
    return 0;
}
