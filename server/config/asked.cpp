#include "server/config/asked.h"

#include "protocol/base/visible.h"
#include "server/config/provider.h"
#include "server/config/schema.h"
#include "server/config/store.h"
#include "server/support/sha256.h"
#include "server/support/url.h"

#include <algorithm>

namespace dragoman::config {
namespace {

constexpr int kRecordVersion = 1;
constexpr std::size_t kShownBytes = 200;  // of one value
constexpr std::size_t kMostShown = 24;    // of one list

std::optional<Origin> origin_of(const Json& provider) {
    const auto url = parse_url(get_string(provider, "baseUrl").value_or(""));
    if (!url) return std::nullopt;
    return url->origin;
}

std::optional<std::string> variable_of(const Json& provider) {
    const Json* key = find(provider, "key");
    return key == nullptr ? std::nullopt : get_string(*key, "env");
}

/// Collects the environment variables that `settings`, the user's, name as keys, presets' included.
void add_variables(const Json& settings, std::map<std::string, std::string>& into) {
    const Json* providers = find(settings, "providers");
    if (providers == nullptr || !providers->is_object()) return;
    for (const auto& [name, provider] : providers->items()) {
        if (!provider.is_object()) continue;
        const auto known = get_string(provider, "preset");
        const bool own = provider.contains("key") || !known;
        if (const auto variable = variable_of(own ? provider : preset(*known))) into.emplace(*variable, name);
    }
}

/// The names of `members`, made visible.
std::string listed_names(const std::vector<std::string>& names, Ask& ask) {
    std::string out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i == kMostShown) {
            ask.whole = false;
            return out + " and " + std::to_string(names.size() - i) + " more";
        }
        const Shown shown = visible(names[i], kShownBytes);
        ask.whole = ask.whole && shown.whole;
        out += (i == 0 ? "" : ", ") + shown.text;
    }
    return out;
}

std::string quoted(const std::string& text, Ask& ask) {
    const Shown shown = visible(text, kShownBytes);
    ask.whole = ask.whole && shown.whole;
    return '"' + shown.text + '"';
}

std::vector<std::string> names_of(const Json& object) {
    std::vector<std::string> names;
    if (!object.is_object()) return names;
    for (const auto& [name, ignored] : object.items()) names.push_back(name);
    return names;
}

/// What is set besides address, key and headers: each name, with the names inside it.
std::vector<std::string> other_settings(const Json& provider) {
    std::vector<std::string> out;
    for (const auto& [name, value] : provider.items()) {
        if (name == "preset" || name == "baseUrl" || name == "key" || name == "headers" ||
            name == "userAgent")
            continue;
        if (!value.is_object() || value.empty()) out.push_back(name);
        for (const std::string& inner : names_of(value)) out.push_back(name + "." + inner);
    }
    return out;
}

}  // namespace

Layer preset_layer(const std::vector<Layer>& layers) {
    Json chosen = Json::object();
    for (const Layer& layer : layers) {
        const Json* providers = find(*layer.value, "providers");
        if (providers == nullptr) continue;
        for (const auto& [name, provider] : providers->items()) {
            if (provider.is_object() && provider.contains("preset")) chosen[name] = provider["preset"];
        }
    }
    auto settings = std::make_shared<Settings>();
    settings->name = "default";
    for (const auto& [name, preset_name] : chosen.items()) {
        if (preset_name.is_string())
            settings->value["providers"][name] = preset(preset_name.get<std::string>());
    }
    return layer_of(std::move(settings));
}

Asked::Asked(const std::vector<Layer>& layers, const Json& below, std::filesystem::path home)
    : home_{std::move(home)} {
    for (const Layer& layer : layers) {
        if (layer.is_repository()) continue;
        add_variables(*layer.value, users_);
        for (const auto& [folder, settings] : layer.settings->projects.items())
            add_variables(settings, users_);
        const Json* providers = find(*layer.value, "providers");
        if (providers == nullptr || !providers->is_object()) continue;
        for (const auto& [name, provider] : providers->items()) {
            known_.insert(name);
            const bool says_where = get_string(provider, "preset") || get_string(provider, "baseUrl");
            if (!layer.prefix.empty() && says_where) settled_.insert(name);
        }
    }
    for (const Layer& layer : layers) {
        if (layer.is_repository() && !layer.settings->file.empty()) add(layer, below);
    }
    if (claims_.empty()) return;
    find_presets();
    Merged alone;
    lay_into(alone);
    if (const Json* providers = find(alone.tree(), "providers")) effective_ = *providers;
}

void Asked::add(const Layer& layer, const Json& below) {
    const auto found = layer.settings->asked.find("providers");
    if (found == layer.settings->asked.end()) return;
    Json wanted = *found;
    if (wanted.is_null()) {  // to remove them all
        wanted = Json::object();
        const Json* providers = find(below, "providers");
        for (const std::string& name : names_of(providers == nullptr ? Json::object() : *providers))
            wanted[name] = nullptr;
        for (const auto& [name, ignored] : claims_) wanted[name] = nullptr;
    }
    for (const std::string& name : settled_) wanted.erase(name);
    if (wanted.empty()) return;
    for (const auto& [name, patch] : wanted.items()) {
        if (patch.is_null()) {
            remove(name);
        } else {
            merge_json(claims_[name], patch);
        }
    }
    folder_ = layer.settings->file.parent_path();
    find_barred(layer);

    auto patch = std::make_shared<Settings>();
    patch->name = layer.settings->name;
    patch->file = layer.settings->file;
    patch->voice = Voice::repository;
    patch->value["providers"] = wanted;
    std::erase_if(patch->value["providers"].get_ref<Json::object_t&>(),
                  [](const auto& one) { return one.second.is_null(); });
    for (const auto& [at, why] : layer.settings->refused) {
        for (const auto& [name, ignored] : wanted.items()) {
            const std::string its = pointer("/providers", name);
            if (at == its || at.starts_with(its + "/")) patch->refused.emplace(at, why);
        }
    }
    patches_.push_back(std::move(patch));
}

// What outer files said about it is void, and what inner ones say begins anew.
void Asked::remove(const std::string& provider) {
    claims_[provider] = nullptr;
    barred_.erase(provider);
    const std::string at = pointer("/providers", provider);
    for (const auto& patch : patches_) {
        patch->value["providers"].erase(provider);
        std::erase_if(patch->refused,
                      [&](const auto& one) { return one.first == at || one.first.starts_with(at + "/"); });
    }
}

// Without its proxy, its certificates or its key, a provider is not what the project asked for.
void Asked::find_barred(const Layer& layer) {
    const Json& rules = resolved(*member_schema(resolved(*member_schema(schema(), "providers")), ""));
    for (const std::vector<std::string>& path : layer.settings->barred) {
        if (path.size() < 3 || path.front() != "providers") continue;
        const Json* rule = member_schema(rules, path[2]);
        const bool vital = rule != nullptr && get_bool(resolved(*rule), "x-vital").value_or(false);
        if (vital) barred_.emplace(path[1], path[2]);
    }
}

// A preset's key belongs to the preset's address: at another one it is not taken from there. What a
// repository chose costs what any call does: that a preset is of servers that cost nothing is not its to say.
void Asked::find_presets() {
    auto settings = std::make_shared<Settings>();
    settings->name = "default";
    for (const auto& [name, claim] : claims_) {
        const auto chosen = get_string(claim, "preset");
        if (!chosen) continue;
        Json data = preset(*chosen);
        data.erase("local");
        if (get_string(claim, "baseUrl") && origin_of(claim) != origin_of(data)) {
            data.erase("key");
            data.erase("keyPrefix");
        }
        settings->value["providers"][name] = std::move(data);
    }
    presets_ = layer_of(std::move(settings));
}

void Asked::lay_into(Merged& merged) const {
    auto removal = std::make_shared<Settings>();
    removal->name = "default";
    for (const auto& [name, ignored] : claims_) removal->value["providers"][name] = nullptr;
    merged.lay(layer_of(std::move(removal)));
    merged.lay(presets_);
    for (const auto& patch : patches_) merged.lay(layer_of(patch));
}

std::string Asked::fault(const std::string& provider) const {
    const auto barred = barred_.find(provider);
    if (barred != barred_.end()) return '"' + barred->second + "\" of it may not come from a repository";
    const Json* settings = find(effective_, provider);
    return settings == nullptr ? std::string{} : key_fault(*settings);
}

// An environment variable that has an owner is not for an address that a repository chose.
std::string Asked::key_fault(const Json& provider) const {
    const auto variable = variable_of(provider);
    if (!variable) return {};
    if (const auto owner = users_.find(*variable); owner != users_.end()) {
        return "its key is to come from the environment variable " + *variable +
               ", which your own settings give to provider \"" + owner->second +
               "\"; a project's provider never gets that key";
    }
    for (const std::string& name : preset_names()) {
        const Json& data = preset(name);
        if (variable_of(data) == variable && origin_of(data) != origin_of(provider)) {
            return "its key is to come from the environment variable " + *variable + ", which is for " +
                   get_string(data, "baseUrl").value_or(name) + " alone";
        }
    }
    return {};
}

Json Asked::key(const std::string& provider) const {
    const Json* settings = find(effective_, provider);
    const Json* key = settings == nullptr ? nullptr : find(*settings, "key");
    return key == nullptr ? Json{} : *key;
}

std::vector<std::string> Asked::lines_for(const std::string& name, Ask& ask) const {
    const bool users = known_.contains(name);
    const Json* settings = find(effective_, name);
    if (settings == nullptr)
        return {"no provider " + quoted(name, ask) + " here" + (users ? ", though you have one" : "")};
    const Provider provider = provider_from(name, *settings, home_);
    std::vector<std::string> out;
    const auto url = parse_url(provider.base_url);
    out.push_back("provider " + quoted(name, ask) + (users ? ", in place of yours" : "") +
                  ": requests with your code go to " +
                  (url ? quoted(url->to_string(), ask) : "no usable address"));
    const std::string label = "provider " + quoted(name, ask) + ": ";
    out.push_back(label + "its key comes from " + provider.key.describe());
    if (provider.key.kind == KeySource::Kind::none) out.back() = label + "no key";
    if (!provider.headers.empty()) {
        std::vector<std::string> headers;
        for (const auto& [header, ignored] : provider.headers) headers.push_back(header);
        out.push_back(label + "sends the headers " + listed_names(headers, ask));
    }
    if (!provider.user_agent.empty())
        out.push_back(label + "calls itself " + quoted(provider.user_agent, ask));
    const auto others = other_settings(claims_.at(name));
    if (!others.empty()) out.push_back(label + "sets " + listed_names(others, ask));
    if (const std::string why = fault(name); !why.empty()) out.push_back(label + "cannot be used: " + why);
    return out;
}

Ask Asked::ask() const {
    Ask out;
    out.folder = folder_;
    out.asked = {{"version", kRecordVersion}, {"providers", Json::object()}, {"removes", Json::array()}};
    for (const auto& [name, ignored] : claims_) {
        if (const Json* settings = find(effective_, name)) {
            out.asked["providers"][name] = *settings;
        } else {
            out.asked["removes"].push_back(name);
        }
        for (std::string& line : lines_for(name, out)) out.lines.push_back(std::move(line));
    }
    out.record = sha256_hex(dump_json(out.asked));
    return out;
}

std::string line_of(const Ask& ask, const std::string& line) {
    const bool known = std::find(ask.before.begin(), ask.before.end(), line) != ask.before.end();
    return line + (ask.before.empty() || known ? "" : " (new)");
}

namespace {

/// As a shell reads it, where that takes quotes; a name with characters that do not show cannot be pasted.
std::string argument(const std::filesystem::path& path) {
    const std::string text = path.string();
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"/._-+,@%"}.find(c) != std::string_view::npos;
    });
    if (plain) return text;
    std::string out = "'";
    for (const char c : visible(text, 4096).text) out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    return out + "'";
}

}  // namespace

std::string allow_command(const Ask& ask) {
    const auto& folder = ask.identity.real.empty() ? ask.folder : ask.identity.real;
    std::string out = "dragoman trust allow " + argument(folder);
    if (ask.workspace != folder) out += " --workspace " + argument(ask.workspace);
    return out;
}

}  // namespace dragoman::config
