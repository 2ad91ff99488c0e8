#include "server/session/model_rows.h"

#include <algorithm>

namespace dragoman::session {
namespace {

Json price_json(const config::Price& price) {
    return {
        {"input", price.input}, {"output", price.output}, {"currency", price.currency}, {"per", 1'000'000}};
}

// At least one of the two is there; what is configured outranks what the gateway says.
Json row(const config::Provider& provider, const std::string& id, const config::Model* configured,
         const wire::ListedModel* listed) {
    Json out = {{"id", provider.name + "/" + id},
                {"provider", provider.name},
                {"name", id},
                {"source", configured == nullptr ? "upstream"
                           : listed == nullptr   ? "config"
                                                 : "both"}};
    const auto set = [&](const char* name, std::optional<std::int64_t> ours,
                         std::optional<std::int64_t> theirs) {
        if (ours || theirs) out[name] = ours ? *ours : *theirs;
    };
    set("contextLength", configured ? configured->context_length : std::nullopt,
        listed ? listed->context_length : std::nullopt);
    set("maxOutput", configured ? configured->max_output : std::nullopt,
        listed ? listed->max_output : std::nullopt);
    if (configured != nullptr && configured->price) out["price"] = price_json(*configured->price);
    return out;
}

}  // namespace

Json model_rows(const config::Provider& provider, const std::vector<wire::ListedModel>& listed) {
    Json out = Json::array();
    for (const auto& one : listed) {
        const auto configured = provider.models.find(one.id);
        out.push_back(
            row(provider, one.id, configured == provider.models.end() ? nullptr : &configured->second, &one));
    }
    for (const auto& [id, configured] : provider.models) {
        const bool seen = std::any_of(listed.begin(), listed.end(),
                                      [&, &name = id](const auto& one) { return one.id == name; });
        if (!seen) out.push_back(row(provider, id, &configured, nullptr));
    }
    return out;
}

Json selected_models(const config::Effective& config) {
    Json selected = Json::object();
    for (const config::Role role : config::kRoles) {
        if (const auto model = config.resolve(role)) selected[std::string{wire_name(role)}] = model->id();
    }
    return selected;
}

}  // namespace dragoman::session
