#include "server/upstream/gateway/route_refusal.h"

#include "server/upstream/wire/adapt.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace dragoman::gateway {
namespace {

/// Fields that make a route what it is, ours and those of the API that the server would rather hear.
constexpr std::array<std::string_view, 7> kOwnFields{
    "suffix", "prompt", "input_prefix", "input_suffix", "input_extra", "messages", "input"};

/// Lower case; `also` must be there too. An empty route: any.
struct Phrase {
    std::string_view words, also{}, route{};
};
constexpr std::array kPhrases{
    // Ollama, llama.cpp, vLLM
    Phrase{"does not support insert"},
    Phrase{"does not support generate"},
    Phrase{"does not support completion"},
    Phrase{"unsupported param: suffix"},
    Phrase{"suffix", "not supported"},
    Phrase{"suffix", "not currently supported"},
    Phrase{"suffix", "does not support"},
    Phrase{"suffix", "unsupported"},
    Phrase{"infill is not supported"},
    Phrase{"token is missing"},
    Phrase{"does not support fim"},
    Phrase{"fim is not supported"},
    Phrase{"fill-in-the-middle", "not support"},
    // OpenAI, Azure, DeepSeek, Mistral
    Phrase{"not supported in the v1/completions endpoint"},
    Phrase{"this is a chat model"},
    Phrase{"not a completion model"},
    Phrase{"operationnotsupported"},
    Phrase{"operation does not work with the specified model"},
    Phrase{"completions api is only available"},
    Phrase{"invalid_model", "", "mistral-fim"},
    Phrase{"invalid model", "", "mistral-fim"},
    // Any gateway
    Phrase{"not_supported_error"},
    Phrase{"api_not_implemented"},
    Phrase{"endpoint", "not supported"},
    Phrase{"endpoint", "unsupported"},
};

std::string lower(std::string_view text) {
    std::string out{text};
    std::ranges::transform(out, out.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool says_so(const Error& error, std::string_view route) {
    const std::string text = lower(error.upstream_code + "\n" + error.upstream_message);
    return std::ranges::any_of(kPhrases, [&](const Phrase& phrase) {
        return (phrase.route.empty() || phrase.route == route) && text.find(phrase.words) != text.npos &&
               text.find(phrase.also) != text.npos;
    });
}

}  // namespace

bool route_refused(const Error& error, std::string_view route) {
    if (route == "chat" || !error.partial_text.empty()) return false;
    if (wire::refuses_endpoint(error)) return true;
    const bool about_request =
        error.kind == ErrorKind::bad_request || error.kind == ErrorKind::model_not_found;
    if (!about_request) return false;
    if (error.http_status == 501) return true;
    if (!error.param.empty()) {
        const std::string param = lower(error.param);
        const std::string_view field = std::string_view{param}.substr(0, param.find_first_of(".["));
        const bool own = std::ranges::find(kOwnFields, field) != kOwnFields.end();
        return own && error.kind == ErrorKind::bad_request;
    }
    return says_so(error, route);
}

}  // namespace dragoman::gateway
