#include "server/upstream/gateway/requests.h"

#include "server/support/log.h"
#include "server/upstream/wire/endpoints.h"
#include "server/upstream/wire/errors.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace dragoman::gateway {
namespace {

/// The shortest part of a key that is cut out of a text: longer than customary prefixes ("sk-live-").
constexpr std::size_t kTellingPart = 12;

bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

/// The first of its name stays.
void add_header(http::Headers& headers, std::string_view name, std::string_view value) {
    const bool there =
        std::ranges::any_of(headers, [&](const auto& header) { return same_name(header.first, name); });
    if (!there) headers.emplace_back(name, value);
}

void cut_out(std::string& text, std::string_view secret) {
    if (secret.size() < kTellingPart) {
        if (secret.empty()) return;
        for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3)) {
            text.replace(at, secret.size(), "***");
        }
        return;
    }
    // A refusal may be megabytes: each place is looked up, not searched for.
    std::unordered_map<std::string_view, std::size_t> parts;
    for (std::size_t at = 0; at + kTellingPart <= secret.size(); ++at)
        parts.try_emplace(secret.substr(at, kTellingPart), at);
    std::string out;
    std::size_t kept = 0;
    for (std::size_t at = 0; at + kTellingPart <= text.size();) {
        const auto part = parts.find(std::string_view{text}.substr(at, kTellingPart));
        if (part == parts.end()) {
            ++at;
            continue;
        }
        std::size_t length = kTellingPart;
        while (at + length < text.size() && part->second + length < secret.size() &&
               text[at + length] == secret[part->second + length]) {
            ++length;
        }
        out.append(text, kept, at - kept).append("***");
        at += length;
        kept = at;
    }
    if (kept > 0) text = out.append(text, kept);
}

Error wrong_setting(const config::Provider& provider, std::string message, std::string hint) {
    Error error{.kind = ErrorKind::not_configured};
    error.message = std::move(message);
    error.hint = std::move(hint);
    error.provider = provider.name;
    return error;
}

http::Timeouts limits(const config::Provider& provider, const Policy& policy) {
    return {.connect = Milliseconds{provider.timeouts.connect},
            .first_byte = policy.first_byte.value_or(Milliseconds{provider.timeouts.first_byte}),
            .idle = Milliseconds{provider.timeouts.idle},
            .total = policy.total.value_or(Milliseconds{provider.timeouts.total})};
}

}  // namespace

Result<Target> find_target(const config::Provider& provider, std::string_view path, Place place) {
    const std::string setting = fmt::format("baseUrl of providers.{}", provider.name);
    if (provider.base_url.empty()) {
        return wrong_setting(provider, fmt::format("Provider {} has no base URL", provider.name),
                             fmt::format("Set {}, for example \"https://gateway.example/v1\".", setting));
    }
    const auto base = wire::normalise_base_url(provider.base_url);
    if (!base)
        return wrong_setting(provider, fmt::format("The {} cannot be used: {}", setting, base.error()),
                             fmt::format("Correct {}.", setting));
    std::string url = place == Place::at_root ? wire::root_url(*base, path) : wire::endpoint_url(*base, path);
    const auto parsed = parse_url(url);
    if (!parsed)
        return wrong_setting(provider, fmt::format("The {} cannot be used: {}", setting, parsed.error()),
                             fmt::format("Correct {}.", setting));
    if (parsed->origin.scheme != "https" && !parsed->origin.is_loopback() && !provider.allow_http) {
        return wrong_setting(
            provider, fmt::format("{} would be asked in clear text", parsed->origin.to_string()),
            fmt::format(
                "Use https in the {}, or set allowHttp of that provider to true in your own settings file.",
                setting));
    }
    return Target{.base = *base, .url = std::move(url), .origin = parsed->origin};
}

std::string base_of(const config::Provider& provider) {
    auto base = wire::normalise_base_url(provider.base_url);
    return base ? std::move(base).value() : provider.base_url;
}

http::Request form_request(const config::Provider& provider, const Target& target, const secrets::Key& key,
                           const Policy& policy, std::string_view accept) {
    http::Request request;
    request.url = target.url;
    request.timeouts = limits(provider, policy);
    request.user_agent = provider.user_agent.empty() ? "dragoman/" DRAGOMAN_VERSION : provider.user_agent;
    request.proxy = provider.proxy;
    request.ca_file = provider.ca_file;
    request.http2 = provider.http2;
    if (const auto header = key.header_for(target.origin)) request.headers.push_back(*header);
    for (const auto& [name, value] : provider.headers) {
        if (same_name(name, "User-Agent")) {
            request.user_agent = value;
        } else {
            add_header(request.headers, name, value);
        }
    }
    add_header(request.headers, "Content-Type", "application/json");
    add_header(request.headers, "Accept", accept);
    return request;
}

std::shared_ptr<const Errand> errand_of(const Purpose& purpose, const config::Provider& provider,
                                        const std::string& model) {
    Errand errand{.role = purpose.role, .provider = provider.name, .model = model, .drawn = purpose.drawn};
    if (purpose.config) {
        errand.project = purpose.config->project.string();
        errand.recorded = purpose.config->record_usage;
    }
    return std::make_shared<const Errand>(std::move(errand));
}

// The whole key in any writing first: a part cut out of a percent-encoded one would leave a rest that nobody
// knows any more.
std::string redact(std::string_view text, const secrets::Key& key, const Origin& origin) {
    std::string out = log::redact(text);
    if (const auto header = key.header_for(origin)) {
        std::string_view secret = header->second;
        constexpr std::string_view kScheme = "Bearer ";
        if (secret.starts_with(kScheme)) secret.remove_prefix(kScheme.size());
        cut_out(out, secret);
    }
    return out;
}

void redact(Error& error, const secrets::Key& key, const Origin& origin) {
    for (auto* text : {&error.message, &error.hint, &error.upstream_code, &error.upstream_message,
                       &error.request_id, &error.param}) {
        *text = redact(*text, key, origin);
    }
}

http::Headers redact(http::Headers headers, const secrets::Key& key, const Origin& origin) {
    for (auto& [name, value] : headers) value = redact(value, key, origin);
    return headers;
}

void sign(Error& error, const config::Provider& provider, const std::string& model,
          const http::Headers& headers) {
    error.provider = provider.name;
    if (!model.empty()) error.model = provider.name + "/" + model;
    if (error.request_id.empty()) error.request_id = log::redact(wire::read_error(0, headers, {}).request_id);
    if (error.kind == ErrorKind::unauthorized) {
        error.hint +=
            fmt::format(" The setting is providers.{}.key, now: {}.", provider.name, provider.key.describe());
    }
}

}  // namespace dragoman::gateway
