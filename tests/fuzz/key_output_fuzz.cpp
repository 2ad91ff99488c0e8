// What a program that knows a key wrote: a key is taken only where it fits into one header line, and neither
// a refusal nor anything else tells any part of it, nor a key that the program says while it fails.
#include "server/secrets/sources.h"
#include "tests/fuzz/fuzz.h"

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

constexpr std::size_t kLongest = 8U << 10U;
constexpr std::string_view kScheme = "Bearer ";
constexpr std::string_view kCanary = "sk-canary0123456789abcdefABCDEF0123456789";
const Origin kOrigin{"https", "gw.example", 443}, kOther{"https", "gw.example", 8443};

config::Provider provider_with_command() {
    config::Provider provider;
    provider.name = "work";
    provider.key.kind = config::KeySource::Kind::command;
    provider.key.command = {"pass", "show"};
    return provider;
}

Result<secrets::Key> key_from(std::string_view output, std::string_view errors, int status) {
    process::Outcome outcome;
    outcome.end = process::Outcome::End::exited;
    outcome.code = status;
    outcome.output = output;
    outcome.errors = errors;
    return secrets::from_outcome(provider_with_command(), kOrigin, std::move(outcome));
}

/// What refusals say by themselves, for every flaw that a key can have: an output may say it as well.
const std::string& own_words() {
    static const std::string all = [] {
        std::string out;
        for (const std::string& flawed :
             {std::string{}, std::string{"a b"}, std::string{"a\rb"}, std::string{"a\x01"},
              std::string{"\xFF"}, std::string(kLongest + 1, 'a')}) {
            const auto refused = key_from(flawed, {}, 0);
            claim(!refused, "a flawed key is refused");
            out += refused.error().message + '\n';
        }
        return out;
    }();
    return all;
}

void check_refusal(const Error& error, std::string_view output) {
    claim(error.kind == ErrorKind::no_key && !error.hint.empty(), "a refusal says what to do");
    // Words that both might hold by chance are short.
    for (std::size_t at = 0; at + 24 <= output.size(); at += 8) {
        const std::string_view piece = output.substr(at, 24);
        claim(error.message.find(piece) == std::string::npos || own_words().find(piece) != std::string::npos,
              "a refusal does not tell the output");
    }
}

/// A program that prints the key on its way to failing, somewhere in what it says.
void check_failure(std::string_view said) {
    const std::size_t at = fuzz::Dice{said}.upto(said.size());
    const std::string errors =
        std::string{said.substr(0, at)} + " " + std::string{kCanary} + " " + std::string{said.substr(at)};
    for (const auto& failed :
         {key_from({}, errors, 1), key_from({}, errors, 0), key_from(kCanary, errors, 1)}) {
        claim(!failed, "a program that fails or is silent gives no key");
        claim(failed.error().message.find(kCanary) == std::string::npos, "a failure tells no key");
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    check_failure(input);
    const auto key = key_from(input, {}, 0);
    if (!key) {
        check_refusal(key.error(), input);
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
