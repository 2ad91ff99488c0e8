// From a provider's settings to an HTTP request: where it goes, what it carries, and who sees the key.
#pragma once

#include "server/config/config.h"
#include "server/secrets/keys.h"
#include "server/support/url.h"
#include "server/upstream/gateway/gateway.h"
#include "server/upstream/http/http.h"

#include <optional>
#include <string>
#include <string_view>

namespace dragoman::gateway {

/// One endpoint of a provider.
struct Target {
    std::string base;  // normalised; what things are learned for
    std::string url;
    Origin origin;
};

/// A path of the API lies below the version segment, some lie at the server's root, beside it.
enum class Place { below_version, at_root };

/// Ends with not_configured: no base URL, one that is no URL, or plain http to another machine, which is
/// refused before anything is sent.
Result<Target> find_target(const config::Provider& provider, std::string_view path,
                           Place place = Place::below_version);

/// The normalised base URL, or the text itself where it is none: a name to learn under.
std::string base_of(const config::Provider& provider);

/// A POST without its body. The key's header goes along only where the key's origin is the target's;
/// the provider's own headers outrank all others but that one.
http::Request form_request(const config::Provider& provider, const Target& target, const secrets::Key& key,
                           const Policy& policy, std::string_view accept);

/// What a request of a call for `purpose` is made for. `model`: the gateway's name of it; may be empty.
std::shared_ptr<const Errand> errand_of(const Purpose& purpose, const config::Provider& provider,
                                        const std::string& model);

/// `text` without the key, and long parts of it, in any writing that log::redact knows: some gateways repeat
/// it in their errors. For whole texts: of a shortened one only what is left of the key itself is known.
std::string redact(std::string_view text, const secrets::Key& key, const Origin& origin);
/// The same for all that an error says.
void redact(Error& error, const secrets::Key& key, const Origin& origin);
/// The same for the values of an answer's headers.
http::Headers redact(http::Headers headers, const secrets::Key& key, const Origin& origin);

/// Fills in who was asked: provider, "provider/model" where one was, the request's id, and for a refused key
/// the setting it comes from. Once for each error.
void sign(Error& error, const config::Provider& provider, const std::string& model,
          const http::Headers& headers);

}  // namespace dragoman::gateway
