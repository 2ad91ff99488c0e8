// Refusals: header lines, an empty line, a body. Whatever they say, a person reads one line without a key in
// it, and a wait is none or lies between now and a day from now.
#include "protocol/base/utf.h"
#include "server/privacy/key_shapes.h"
#include "server/upstream/wire/errors.h"
#include "tests/fuzz/fuzz.h"

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

constexpr std::size_t kMostMessage = 300;
constexpr std::string_view kCanary = "sk-canary0123456789abcdefABCDEF0123456789";
const std::chrono::system_clock::time_point kNow{std::chrono::seconds{1'790'000'000}};

wire::Headers headers_of(std::string_view& text) {
    wire::Headers out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (line.empty()) break;
        const std::size_t colon = line.find(": ");
        if (colon != std::string_view::npos) out.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    return out;
}

void check_line(const std::string& text) {
    claim(text.size() <= kMostMessage, "what a person reads is short");
    claim(is_valid_utf8(text), "what a person reads is valid UTF-8");
    for (const char c : text)
        claim(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "what a person reads is one line");
    claim(text.find(kCanary) == std::string::npos, "what a person reads holds no key");
}

void check_wait(const std::optional<std::chrono::milliseconds>& wait, std::chrono::milliseconds most) {
    if (wait) claim(wait->count() > 0 && *wait <= most, "a wait is none or lies within its bound");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using std::chrono::hours;
    std::string_view rest = fuzz::text_of(data, size);
    const wire::Headers headers = headers_of(rest);
    check_wait(wire::retry_after(headers, kNow), hours{24});
    check_wait(wire::rate_limit_hold(headers, kNow), hours{1});
    for (const auto& [name, value] : headers) wire::read_iso_time(value);

    constexpr int kStatuses[] = {0, 200, 400, 401, 403, 404, 422, 429, 500, 503};
    const int status = kStatuses[fuzz::Dice{rest}.upto(std::size(kStatuses) - 1)];
    const Error error = wire::read_error(status, headers, rest);
    check_line(error.message);
    check_line(error.upstream_message);
    claim(!error.message.empty(), "an error says something");
    check_wait(error.retry_after, hours{24});

    // A key that the gateway repeats, wherever a word may stand.
    const std::size_t at = fuzz::Dice{rest}.upto(rest.size());
    const std::string repeated =
        std::string{rest.substr(0, at)} + " " + std::string{kCanary} + " " + std::string{rest.substr(at)};
    const std::string redacted = privacy::redact_keys(repeated);
    claim(redacted.find(kCanary) == std::string::npos, "a word that begins as a key does is cut out");
    claim(privacy::redact_keys(redacted).find(kCanary) == std::string::npos, "and does not come back");
    const Error echoed = wire::read_error(status, headers, repeated);
    check_line(echoed.message);
    check_line(echoed.upstream_message);
    return 0;
}
