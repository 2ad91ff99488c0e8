// What a program that knows a key wrote: a key is taken only where it fits into one header line, and neither
// a refusal nor anything else tells any part of it.
#include "server/secrets/sources.h"
#include "tests/fuzz/fuzz.h"

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

constexpr std::size_t kLongest = 8U << 10U;
constexpr std::string_view kScheme = "Bearer ";
const Origin kOrigin{"https", "gw.example", 443}, kOther{"https", "gw.example", 8443};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    config::Provider provider;
    provider.name = "work";
    provider.key.kind = config::KeySource::Kind::command;
    provider.key.command = {"pass", "show"};
    process::Outcome outcome;
    outcome.end = process::Outcome::End::exited;
    outcome.output = input;
    const auto key = secrets::from_outcome(provider, kOrigin, outcome);
    if (!key) {
        claim(key.error().kind == ErrorKind::no_key && !key.error().hint.empty(),
              "a refusal says what to do");
        // Words that both might hold by chance are short.
        for (std::size_t at = 0; at + 24 <= input.size(); at += 8)
            claim(key.error().message.find(input.substr(at, 24)) == std::string::npos,
                  "a refusal does not tell the output");
        return 0;
    }
    const auto header = key->header_for(kOrigin);
    claim(header.has_value() && !key->header_for(kOther), "a key is a header of its own origin alone");
    claim(header->second.starts_with(kScheme), "a key is a bearer token");
    const std::string text = header->second.substr(kScheme.size());
    claim(!text.empty() && text.size() <= kLongest, "a key is not empty and not beyond bounds");
    for (const char c : text) claim(c > 0x20 && c < 0x7F, "a key is visible ASCII");
    claim(input.find(text) != std::string_view::npos, "a key is a part of what the program wrote");
    claim(key->fingerprint().size() == 8, "a key is shown by its fingerprint");
    return 0;
}
