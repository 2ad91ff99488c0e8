#include "server/config/build.h"

#include "protocol/base/visible.h"
#include "server/config/asked.h"
#include "server/config/budgets.h"
#include "server/config/exclusion_fault.h"
#include "server/config/merge.h"
#include "server/config/provider.h"
#include "server/config/redact.h"
#include "server/config/schema.h"
#include "server/config/store.h"
#include "server/support/url.h"

#include <set>

namespace dragoman::config {
namespace {

const Json& member(const Json& tree, const std::string& name) {
    static const Json nothing = Json::object();
    const Json* found = find(tree, name);
    return found == nullptr ? nothing : *found;
}

std::vector<std::string> strings(const Json& tree, const char* name) {
    const Json* found = find(tree, name);
    return found == nullptr ? std::vector<std::string>{} : found->get<std::vector<std::string>>();
}

// What a repository asks for under one provider's name, for people.
std::string asked_in_words(const std::string& who, const Json& asked, const std::filesystem::path& home) {
    constexpr std::size_t kMostBytes = 300;
    const std::string source = visible(who, kMostBytes).text;
    if (asked.is_null()) return source + " asks to remove it";
    const Provider wanted = provider_from({}, asked, home);
    std::string base = wanted.base_url;
    if (base.empty()) base = get_string(preset(wanted.preset), "baseUrl").value_or("");
    std::vector<std::string> parts;
    if (const auto url = parse_url(base)) parts.push_back("the address " + url->origin.to_string());
    if (!wanted.headers.empty()) {
        std::string names;
        for (const auto& [name, ignored] : wanted.headers)
            names += (names.empty() ? "the header " : ", ") + name;
        parts.push_back(std::move(names));
    }
    if (asked.contains("key")) parts.push_back("the key from " + wanted.key.describe());
    if (parts.empty()) parts.push_back("other settings of it");
    std::string out = source + " asks for ";
    for (std::size_t i = 0; i < parts.size(); ++i) {
        out += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    }
    return out;
}

class Builder {
public:
    explicit Builder(const Sources& sources) : sources_{sources} {}

    std::shared_ptr<const Effective> run() {
        lay_all();
        out_->project = sources_.project;
        out_->user_file = sources_.user_file;
        out_->suggested_preset = sources_.suggested_preset;
        out_->elsewhere = sources_.elsewhere;
        out_->provenance = merged_.provenance();
        out_->merged = redacted(merged_.tree());
        name_sources();
        tell_claims();
        collect_problems();
        providers();
        roles();
        budgets();
        demand();
        block();
        check_models();
        return out_;
    }

private:
    void lay_all() {
        merged_.lay(layer_of(default_settings()));
        merged_.lay(preset_layer(sources_.layers));
        const auto& layers = sources_.layers;
        const auto is_file = [](const Layer& layer) {
            return layer.is_repository() && !layer.settings->file.empty();
        };
        const auto last = std::find_if(layers.rbegin(), layers.rend(), is_file);
        for (auto layer = layers.begin(); layer != layers.end(); ++layer) {
            merged_.lay(*layer);
            if (layer->is_repository()) {
                claim(*layer);
            } else if (!layer->prefix.empty()) {
                settle(*layer);
            }
            if (last != layers.rend() && layer + 1 == last.base()) judge();
        }
    }

    // After the innermost of the project's files: what they ask for together is approved or not at all.
    void judge() {
        asked_.emplace(sources_.layers, merged_.tree(), sources_.home);
        if (asked_->empty()) return;
        Ask ask = asked_->ask();
        ask.workspace = sources_.project;
        if (sources_.judge) sources_.judge(ask);
        approved_ = ask.decision == Decision::allowed;
        out_->ask = std::make_shared<const Ask>(std::move(ask));
        if (!approved_) return;
        asked_->lay_into(merged_);
        std::erase_if(out_->untrusted, [this](const auto& one) { return asked_->holds(one.first); });
        std::erase_if(claims_, [this](const auto& one) { return asked_->holds(one.first); });
    }

    // Notes which providers a repository would define or change. A request that needs one is refused.
    void claim(const Layer& layer) {
        const auto& asked = layer.settings->asked;
        const auto found = asked.find("providers");
        if (found == asked.end()) return;
        Json wanted = *found;
        if (wanted.is_null()) {
            wanted = Json::object();
            for (const auto& [name, ignored] : member(merged_.tree(), "providers").items())
                wanted[name] = nullptr;
        }
        for (const auto& [name, patch] : wanted.items()) {
            Json& claimed = claims_[name];
            if (patch.is_null()) {
                claimed = nullptr;
            } else {
                merge_json(claimed, patch);
            }
            out_->untrusted[name] = asked_in_words(layer.settings->name, claimed, sources_.home);
            claimants_[name].push_back(layer);
        }
    }

    // In the files that claim them, what is not used and how it could be.
    void tell_claims() {
        for (const auto& [name, ignored] : out_->untrusted) {
            for (const Layer& layer : claimants_[name]) {
                const bool can_be = out_->ask && out_->ask->barred.empty() && !layer.settings->file.empty();
                std::string message =
                    "provider \"" + name + "\" is not used here: a repository may not set it up";
                if (can_be) message += " without your approval (" + allow_command(*out_->ask) + ")";
                message += (can_be ? "; or move it to " : "; move it to ") + sources_.user_file.string() +
                           ", for this folder alone below \"projects\"";
                out_->problems.push_back(layer.problem_at({"providers", name}, std::move(message), true));
            }
        }
    }

    // The user's own words about this folder outrank the repository's where they say where a provider is.
    void settle(const Layer& layer) {
        for (const auto& [name, provider] : member(*layer.value, "providers").items()) {
            if (!get_string(provider, "preset") && !get_string(provider, "baseUrl")) continue;
            claims_.erase(name);
            out_->untrusted.erase(name);
        }
    }

    void name_sources() {
        out_->sources.push_back({"default", true});
        for (const Layer& layer : sources_.layers) {
            const bool approved =
                approved_ && !layer.settings->asked.empty() && !layer.settings->file.empty();
            const Source source{layer.settings->name, !layer.is_repository() || approved, words_of(layer)};
            const auto& all = out_->sources;
            if (std::find(all.begin(), all.end(), source) == all.end()) out_->sources.push_back(source);
        }
    }

    std::string words_of(const Layer& layer) const {
        std::string out;
        const Json& asked = layer.settings->asked;
        for (const auto& [name, patch] : member(asked, "providers").items()) {
            out += (out.empty() ? "" : "; ") + ("provider " + name + ": ") +
                   asked_in_words("it", patch, sources_.home);
        }
        return out.empty() && !asked.empty() ? "it asks to remove all providers" : out;
    }

    void collect_problems() {
        auto& all = out_->problems;
        all.insert(all.end(), sources_.problems.begin(), sources_.problems.end());
        all.insert(all.end(), merged_.problems().begin(), merged_.problems().end());
        std::set<const Settings*> seen;
        for (const Layer& layer : sources_.layers) {
            const auto& its = layer.settings->problems;
            if (seen.insert(layer.settings.get()).second) all.insert(all.end(), its.begin(), its.end());
        }
        const auto doubtful = doubtful_patterns(sources_.layers);
        all.insert(all.end(), doubtful.begin(), doubtful.end());
    }

    // The highest of the layers in force that speaks of what `path` names.
    const Layer* layer_with(const std::vector<std::string>& path) const {
        const auto speaks = [&path](const Json& tree) {
            const Json* at = &tree;
            for (const std::string& part : path) at = at == nullptr ? nullptr : find(*at, part);
            return at != nullptr;
        };
        for (auto layer = sources_.layers.rbegin(); layer != sources_.layers.rend(); ++layer) {
            if (speaks(*layer->value) || (approved_ && speaks(layer->settings->asked))) return &*layer;
        }
        return nullptr;
    }

    void problem(const std::vector<std::string>& path, const std::string& message, bool warning = false) {
        const Layer* layer = layer_with(path);
        if (layer != nullptr) out_->problems.push_back(layer->problem_at(path, message, warning));
    }

    void providers() {
        for (const auto& [name, why] : refused_providers()) out_->unusable[name] = why;
        for (const auto& [name, settings] : member(merged_.tree(), "providers").items()) {
            if (!settings.is_object() || out_->unusable.contains(name)) continue;
            auto provider = std::make_shared<const Provider>(provider_from(name, settings, sources_.home));
            std::string fault = approved_fault(*provider);
            if (fault.empty()) fault = address_fault(*provider);
            if (!fault.empty()) {
                out_->unusable[name] = fault;
                problem({"providers", name}, "provider \"" + name + "\" cannot be used: " + fault);
            } else if (!out_->untrusted.contains(name)) {
                warn_of_unused_proxy(*provider);
                out_->providers[name] = std::move(provider);
            }
        }
    }

    // Providers of which a part was refused that decides where requests go and with which key.
    std::map<std::string, std::string> refused_providers() const {
        const Json& rules = resolved(*member_schema(resolved(*member_schema(schema(), "providers")), ""));
        std::map<std::string, std::string> out;
        constexpr std::string_view kProviders = "/providers/";
        for (const auto& [at, why] : merged_.refused()) {
            if (!at.starts_with(kProviders)) continue;
            const std::string rest = at.substr(kProviders.size());
            const std::size_t slash = rest.find('/');
            const Json* rule =
                slash == std::string::npos ? &rules : member_schema(rules, rest.substr(slash + 1));
            const bool vital =
                rule == &rules || (rule != nullptr && get_bool(*rule, "x-vital").value_or(false));
            if (vital) out.emplace(rest.substr(0, slash), why);
        }
        return out;
    }

    // What approval does not grant: a key that is not the record's own.
    std::string approved_fault(const Provider& provider) const {
        if (!approved_ || !asked_->holds(provider.name)) return {};
        if (std::string fault = asked_->fault(provider.name); !fault.empty()) return fault;
        if (provider.key == key_source_from(asked_->key(provider.name), sources_.home)) return {};
        return "a project's file says where it is, so it gets no key of yours; to use yours, say \"baseUrl\" "
               "or \"preset\" beside it below \"projects\" in " +
               sources_.user_file.string();
    }

    std::string address_fault(const Provider& provider) const {
        if (provider.base_url.empty()) {
            const bool known = provider.preset.empty() && preset(provider.name).is_object();
            return known ? "it says no \"baseUrl\"; to use the preset of that name write \"preset\": \"" +
                               provider.name + "\""
                         : "it says no \"baseUrl\", such as \"https://gateway.example/v1\"";
        }
        const auto url = parse_url(provider.base_url);
        if (!url) return "its \"baseUrl\" is not usable: " + url.error();
        if (url->origin.scheme == "http" && !url->origin.is_loopback() && !provider.allow_http) {
            return "plain http to another machine would send key and code unencrypted; use https, or write "
                   "\"allowHttp\": true on this provider in " +
                   sources_.user_file.string();
        }
        return {};
    }

    void warn_of_unused_proxy(const Provider& provider) {
        if (provider.proxy.value_or("").empty() || !parse_url(provider.base_url)->origin.is_loopback())
            return;
        problem({"providers", provider.name, "proxy"},
                "\"providers." + provider.name + ".proxy\" is not used: " + provider.base_url +
                    " is this machine, and no proxy stands before that",
                true);
    }

    void roles() {
        const Json& tree = merged_.tree();
        const Json &completion = member(tree, "completion"), &chat = member(tree, "chat");
        auto& c = out_->completion;
        c.model = get_string(completion, "model").value_or("");
        c.enabled = get_bool(completion, "enabled").value_or(c.enabled);
        c.multiline = get_string(completion, "multiline").value_or(c.multiline);
        c.max_tokens = static_cast<int>(get_int(completion, "maxTokens").value_or(c.max_tokens));
        c.debounce_ms = static_cast<int>(get_int(completion, "debounceMs").value_or(c.debounce_ms));
        c.timeout_ms = static_cast<int>(get_int(completion, "timeoutMs").value_or(c.timeout_ms));
        c.menu = get_bool(completion, "menu").value_or(c.menu);
        c.context_tokens = static_cast<int>(get_int(completion, "contextTokens").value_or(c.context_tokens));
        c.look_ahead = get_string(completion, "lookAhead").value_or(c.look_ahead);
        c.disabled_languages = strings(completion, "disabledLanguages");
        c.temperature = get_number(completion, "temperature");
        c.extra_body = member(completion, "extraBody");
        auto& h = out_->chat;
        h.model = get_string(chat, "model").value_or("");
        h.fallback = strings(chat, "fallback");
        h.system_prompt = get_string(chat, "systemPrompt");
        h.temperature = get_number(chat, "temperature");
        h.max_tokens = get_int(chat, "maxTokens");
        h.reasoning_effort = get_string(chat, "reasoningEffort");
        h.extra_body = member(chat, "extraBody");
        out_->edit_model = get_string(member(tree, "edit"), "model").value_or("");
        out_->embedding_model = get_string(member(tree, "embedding"), "model").value_or("");
        const Json& privacy = member(tree, "privacy");
        out_->exclude = strings(privacy, "exclude");
        out_->record_usage = get_bool(privacy, "recordUsage").value_or(out_->record_usage);
        out_->keep_conversations = get_bool(privacy, "keepConversations").value_or(out_->keep_conversations);
        out_->log_level = get_string(member(tree, "log"), "level").value_or(out_->log_level);
    }

    void budgets() {
        out_->budgets = read_budgets(sources_.layers, sources_.home);
        out_->account = account_for(sources_.real_project, out_->budgets);
        if (out_->budgets.empty() || out_->record_usage) return;
        problem(
            {"privacy", "recordUsage"},
            "what is spent here is not recorded, so a budget counts only what this window has spent since it "
            "was opened",
            true);
    }

    // Only the demanded provider stays; where the demand cannot be read, none does.
    void demand() {
        out_->require_provider = get_string(merged_.tree(), "requireProvider");
        if (merged_.refused().contains("/requireProvider")) out_->require_provider = "";
        if (!out_->require_provider) return;
        if (const std::string& other = merged_.other_demand(); !other.empty()) {
            out_->untrusted[*out_->require_provider] =
                "the project requires it while your own settings require \"" + other + "\"";
        }
        std::erase_if(out_->providers, [&](const auto& one) {
            return one.first != *out_->require_provider || out_->untrusted.contains(one.first);
        });
    }

    // What nobody can read is no reason to send what it may forbid.
    void block() {
        out_->blocked = sources_.unreadable ? sources_.unreadable : exclusion_fault(sources_.layers);
        if (out_->blocked) out_->providers.clear();
    }

    // A chosen model whose provider nobody knows shows in the file that chose it.
    void check_models() {
        if (out_->blocked) return;
        for (const Role role : kRoles) {
            const std::vector<std::string> path{std::string{wire_name(role)}, "model"};
            const auto name = get_string(member(merged_.tree(), path.front()), "model");
            if (!name) continue;
            const auto provider = name->substr(0, name->find('/'));
            if (out_->untrusted.contains(provider) || out_->unusable.contains(provider)) continue;
            const auto found = out_->find(*name);
            if (!found) problem(path, found.error().message, true);
        }
    }

    const Sources& sources_;
    Merged merged_;
    std::map<std::string, Json> claims_;
    std::map<std::string, std::vector<Layer>> claimants_;
    std::optional<Asked> asked_;  // once the project's files are laid
    bool approved_ = false;
    std::shared_ptr<Effective> out_ = std::make_shared<Effective>();
};

}  // namespace

std::shared_ptr<const Effective> build_effective(const Sources& sources) { return Builder{sources}.run(); }

}  // namespace dragoman::config
