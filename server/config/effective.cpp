#include "protocol/base/utf.h"
#include "server/config/ask.h"
#include "server/config/config.h"
#include "server/config/provider.h"
#include "server/config/store.h"
#include "server/config/suggest.h"

#include <algorithm>

namespace dragoman::config {
namespace {

// How a key gets to `provider`, as the second line of a hint.
std::string key_line(const KeySource& key, const std::string& provider) {
    switch (key.kind) {
        case KeySource::Kind::none: return "and see that the server of \"" + provider + "\" runs.";
        case KeySource::Kind::env: return "and set the environment variable " + key.env + " to your key.";
        default: return "and see that the key can be had from " + key.describe() + ".";
    }
}

std::string first_model(const std::map<std::string, Model>& models) {
    return models.empty() ? "MODEL" : models.begin()->first;
}

std::string upper_name(std::string_view name) {
    std::string out;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        out += !letter ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    return out;
}

// The first line of a hint: what belongs into the user's file.
std::string write_line(const Effective& effective, const Json& settings) {
    return "Write into " + effective.user_file.string() + ": " + dump_json(settings);
}

Json choice(Role role, const std::string& model) {
    return {{std::string{wire_name(role)}, {{"model", model}}}};
}

// The two lines that set up `provider` and give it a role: what to write where, and the key.
std::string set_up_lines(const Effective& effective, const std::string& provider, Role role,
                         std::string model) {
    const Json& known = preset(provider);
    KeySource key{KeySource::Kind::env, upper_name(provider) + "_API_KEY"};
    Json written = {{"preset", "openai-compatible"},
                    {"baseUrl", "https://gateway.example/v1"},
                    {"key", {{"env", key.env}}}};
    if (known.is_object()) {
        written = {{"preset", provider}};
        const Json* source = find(known, "key");
        key = source == nullptr ? KeySource{} : key_source_from(*source, {});
        const Json* models = find(known, "models");
        if (model.empty() && models != nullptr && !models->empty()) model = models->begin().key();
    }
    Json settings = choice(role, provider + "/" + (model.empty() ? "MODEL" : model));
    settings["providers"][provider] = std::move(written);
    return write_line(effective, settings) + "\n" + key_line(key, provider);
}

Error not_configured(std::string message, std::string hint) {
    Error error;
    error.kind = ErrorKind::not_configured;
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}

std::vector<std::string> provider_names(const Effective& effective) {
    std::vector<std::string> names;
    for (const auto& [name, ignored] : effective.providers) names.push_back(name);
    return names;
}

// Nothing is chosen for the role.
Error no_model(const Effective& effective, Role role) {
    const std::string role_name{wire_name(role)};
    std::string message = "no model is chosen for " + role_name;
    if (effective.providers.empty()) {
        return not_configured(std::move(message),
                              set_up_lines(effective, effective.suggested_preset, role, {}));
    }
    const auto& [name, provider] = *effective.providers.begin();
    return not_configured(std::move(message),
                          write_line(effective, choice(role, name + "/" + first_model(provider->models))) +
                              "\n" + key_line(provider->key, name));
}

// Whether the user's approval of `ask` would decide about `provider`.
bool covers(const Ask& ask, const std::string& provider) {
    const Json &providers = ask.asked["providers"], &removes = ask.asked["removes"];
    return providers.contains(provider) ||
           std::find(removes.begin(), removes.end(), provider) != removes.end();
}

Error untrusted(const Effective& effective, const std::string& provider, const std::string& words) {
    Error error;
    error.kind = ErrorKind::untrusted;
    error.message = "provider \"" + provider + "\" needs your approval: " + words;
    const Json place = {
        {"projects", {{effective.project.string(), {{"providers", {{provider, Json::object()}}}}}}}};
    const std::string own = "set the provider up in your own file " + effective.user_file.string() +
                            ", for this folder alone as " + dump_json(place) + ".";
    const Ask* ask = effective.ask && covers(*effective.ask, provider) ? effective.ask.get() : nullptr;
    if (ask == nullptr) {
        error.hint = "If you want it, " + own;
    } else if (!ask->barred.empty()) {
        error.hint = "It cannot be approved: " + ask->barred + ". If you want it, " + own;
    } else if (ask->decision == Decision::denied) {
        error.hint =
            "You said never to what this project asks for. To change that, run: " + allow_command(*ask) +
            "\nOr " + own;
    } else {
        error.hint =
            "If you trust this project, answer the editor's question or run: " + allow_command(*ask) +
            "\nOr " + own;
    }
    return error;
}

Error other_required(const Effective& effective, const std::string& provider, Role role) {
    const std::string& required = *effective.require_provider;
    if (required.empty()) {
        return not_configured("\"requireProvider\" cannot be read, so every provider is refused here",
                              "Correct \"requireProvider\": it names one provider.");
    }
    std::string message =
        "\"" + required + "\" is the only provider that may be used here: \"" + provider + "\" is refused";
    if (const auto asked = effective.untrusted.find(required); asked != effective.untrusted.end()) {
        return untrusted(effective, required, asked->second);
    }
    const auto known = effective.providers.find(required);
    if (known == effective.providers.end()) {
        return not_configured(std::move(message), set_up_lines(effective, required, role, {}));
    }
    return not_configured(std::move(message), "Choose a model of \"" + required + "\", such as \"" +
                                                  required + "/" + first_model(known->second->models) +
                                                  "\".");
}

Error unknown_provider(const Effective& effective, const std::string& provider, const std::string& model,
                       Role role) {
    const auto names = provider_names(effective);
    const std::string near = nearest(provider, names);
    std::string message = "there is no provider \"" + provider + "\"";
    if (!near.empty()) {
        message += "; did you mean \"" + near + "\"?";
    } else if (!names.empty()) {
        message += "; there is " + listed(names);
    }
    return not_configured(std::move(message), set_up_lines(effective, provider, role, model));
}

// Nothing is sent at all, whichever model is asked for.
Error blocked(const Problem& problem) {
    const std::string file = problem.path.empty() ? "the editor's settings" : problem.path.string();
    std::string place = file;
    if (!problem.path.empty())
        place += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    return not_configured("nothing is sent until this can be read: " + place + ": " + problem.message,
                          "A budget or files that must not be sent may stand there. Correct " + file +
                              " and ask again: it is read anew.");
}

Result<ModelRef> look_up(const Effective& effective, const std::string& name, Role role) {
    if (effective.blocked) return blocked(*effective.blocked);
    const std::size_t slash = name.find('/');
    const std::string provider = one_line(name.substr(0, slash), 100);
    const std::string model = slash == std::string::npos ? "" : name.substr(slash + 1);
    const auto names = provider_names(effective);
    if (model.empty() || provider.empty()) {
        Error error = no_model(effective, role);
        error.message = "a model is named \"provider/model\"";
        error.message += names.empty() ? "; no provider is set up" : "; the providers are " + listed(names);
        return error;
    }
    const auto blamed = [&](Error error) {
        error.provider = provider;
        error.model = name;
        return error;
    };
    if (const auto asked = effective.untrusted.find(provider); asked != effective.untrusted.end()) {
        return blamed(untrusted(effective, provider, asked->second));
    }
    if (effective.require_provider && *effective.require_provider != provider) {
        return blamed(other_required(effective, provider, role));
    }
    if (const auto fault = effective.unusable.find(provider); fault != effective.unusable.end()) {
        return blamed(not_configured("provider \"" + provider + "\" cannot be used: " + fault->second,
                                     "Correct it in " + effective.user_file.string() + "."));
    }
    const auto found = effective.providers.find(provider);
    if (found == effective.providers.end()) return blamed(unknown_provider(effective, provider, model, role));
    return ModelRef{found->second, found->second->model(model)};
}

}  // namespace

Result<ModelRef> Effective::resolve(Role role, const std::string& asked) const {
    if (blocked || !asked.empty()) return look_up(*this, asked, role);
    const std::string& own = role == Role::completion  ? completion.model
                             : role == Role::edit      ? edit_model
                             : role == Role::embedding ? embedding_model
                                                       : chat.model;
    const std::string& name = own.empty() && role == Role::edit ? chat.model : own;
    if (name.empty()) return no_model(*this, role);
    return look_up(*this, name, role);
}

Result<ModelRef> Effective::find(const std::string& provider_and_model) const {
    return look_up(*this, provider_and_model, Role::chat);
}

}  // namespace dragoman::config
