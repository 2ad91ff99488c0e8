// Secrets of the prompt that come back.

#include "server/completion/text/lines.h"
#include "server/completion/text/steps.h"
#include "server/privacy/secret_text.h"

#include <algorithm>

namespace dragoman::completion {

std::string drop_secrets(std::string_view text, const View& view) {
    std::size_t first = text.find(privacy::kSecretMask);
    if (first != std::string_view::npos && view.holds(privacy::kSecretMask)) first = std::string_view::npos;
    for (const privacy::Secret& secret : privacy::find_secrets(text)) {
        if (view.holds(text.substr(secret.begin, secret.end - secret.begin))) {
            first = std::min(first, secret.begin);
            break;
        }
    }
    if (first == std::string_view::npos) return std::string{text};
    const auto line = text.rfind('\n', first);
    return std::string{text.substr(0, line == std::string_view::npos ? 0 : line)};
}

}  // namespace dragoman::completion
