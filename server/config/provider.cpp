#include "server/config/provider.h"

#include "server/config/glob.h"
#include "server/support/paths.h"

namespace dragoman::config {
namespace {

void read(const Json& from, std::string_view name, std::string& into) {
    if (auto text = get_string(from, name)) into = std::move(*text);
}
void read(const Json& from, std::string_view name, bool& into) { into = get_bool(from, name).value_or(into); }
void read(const Json& from, std::string_view name, int& into) {
    into = static_cast<int>(get_int(from, name).value_or(into));
}
void read(const Json& from, std::string_view name, Json& into) {
    if (const Json* value = find(from, name)) into = *value;
}
void read(const Json& from, std::string_view name, std::map<std::string, std::string>& into) {
    const Json* object = find(from, name);
    if (object == nullptr) return;
    for (const auto& [key, value] : object->items()) {
        if (value.is_string()) into[key] = value.get<std::string>();
    }
}

Model model_from(const std::string& id, const Json& settings) {
    Model out;
    out.id = id;
    out.context_length = get_int(settings, "contextLength");
    out.max_output = get_int(settings, "maxOutput");
    read(settings, "infill", out.infill);
    read(settings, "extraBody", out.extra_body);
    if (const Json* price = find(settings, "price")) {
        const auto input = get_number(*price, "input"), output = get_number(*price, "output");
        if (input && output)
            out.price = Price{*input, *output, get_string(*price, "currency").value_or("USD")};
    }
    return out;
}

Api api_from(const Json& settings) {
    const std::string api = get_string(settings, "api").value_or("auto");
    return api == "chat" ? Api::chat : api == "responses" ? Api::responses : Api::automatic;
}

}  // namespace

KeySource key_source_from(const Json& key, const std::filesystem::path& home) {
    KeySource out;
    if (key.is_string()) {
        out.kind = key == "editor" ? KeySource::Kind::editor : KeySource::Kind::none;
    } else if (auto env = get_string(key, "env")) {
        out.kind = KeySource::Kind::env;
        out.env = std::move(*env);
    } else if (const Json* command = find(key, "command")) {
        out.kind = KeySource::Kind::command;
        out.command = command->get<std::vector<std::string>>();
        if (const auto ttl = get_int(key, "ttlSeconds")) out.ttl_seconds = static_cast<int>(*ttl);
    } else if (const auto file = get_string(key, "file")) {
        out.kind = KeySource::Kind::file;
        out.file = expand_home(*file, home);
    } else if (const Json* entry = find(key, "keyring")) {
        out.kind = KeySource::Kind::keyring;
        read(*entry, "service", out.service);
        read(*entry, "account", out.account);
    }
    return out;
}

Provider provider_from(const std::string& name, const Json& settings, const std::filesystem::path& home) {
    Provider out;
    out.name = name;
    read(settings, "preset", out.preset);
    read(settings, "baseUrl", out.base_url);
    out.api = api_from(settings);
    if (const Json* key = find(settings, "key")) out.key = key_source_from(*key, home);
    read(settings, "keyPrefix", out.key_prefix);
    read(settings, "headers", out.headers);
    read(settings, "userAgent", out.user_agent);
    if (const Json* timeouts = find(settings, "timeouts")) {
        read(*timeouts, "connectMs", out.timeouts.connect);
        read(*timeouts, "firstByteMs", out.timeouts.first_byte);
        read(*timeouts, "idleMs", out.timeouts.idle);
        read(*timeouts, "totalMs", out.timeouts.total);
    }
    if (const Json* retry = find(settings, "retry")) read(*retry, "attempts", out.retry_attempts);
    read(settings, "extraBody", out.extra_body);
    out.proxy = get_string(settings, "proxy");
    if (const auto file = get_string(settings, "caFile")) out.ca_file = expand_home(*file, home).string();
    read(settings, "allowHttp", out.allow_http);
    read(settings, "http2", out.http2);
    read(settings, "local", out.local);
    read(settings, "balance", out.balance);
    read(settings, "infill", out.infill);
    read(settings, "infillFor", out.infill_for);
    read(settings, "reasoningSwitch", out.reasoning_switch);
    read(settings, "promptCacheKey", out.prompt_cache_key);
    if (const Json* models = find(settings, "models")) {
        for (const auto& [id, model] : models->items()) {
            if (model.is_object()) out.models.emplace(id, model_from(id, model));
        }
    }
    return out;
}

Model Provider::model(const std::string& id) const {
    const auto configured = models.find(id);
    Model out;
    if (configured != models.end()) out = configured->second;
    out.id = id;
    if (out.infill != "auto") return out;
    for (const auto& [glob, route] : infill_for) {
        if (!Glob{glob}.matches(id)) continue;
        out.infill = route;
        break;
    }
    return out;
}

std::string KeySource::describe() const {
    switch (kind) {
        case Kind::none: return "no key";
        case Kind::env: return "environment variable " + env;
        case Kind::command: return "command " + (command.empty() ? std::string{} : command.front());
        case Kind::file: return "file " + file.string();
        case Kind::keyring: return "keyring entry " + account + " of " + service;
        case Kind::editor: return "the editor";
    }
    return {};
}

std::string_view wire_name(Role role) {
    switch (role) {
        case Role::completion: return "completion";
        case Role::chat: return "chat";
        case Role::edit: return "edit";
        case Role::embedding: return "embedding";
    }
    return "chat";
}

}  // namespace dragoman::config
