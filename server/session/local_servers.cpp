#include "server/session/local_servers.h"

#include "server/config/store.h"
#include "server/support/url.h"

#include <algorithm>

namespace dragoman::session {
namespace {

constexpr int kProbeMs = 1000;

/// The local presets that have a usual address, as providers.
std::vector<std::shared_ptr<const config::Provider>> candidates() {
    std::vector<std::shared_ptr<const config::Provider>> found;
    for (const std::string& name : config::preset_names()) {
        const Json& preset = config::preset(name);
        const auto base_url = get_string(preset, "baseUrl");
        if (!get_bool(preset, "local").value_or(false) || !base_url) continue;
        const auto url = parse_url(*base_url);
        if (!url || !url->origin.is_loopback()) continue;
        auto provider = std::make_shared<config::Provider>();
        provider->name = name;
        provider->preset = name;
        provider->base_url = *base_url;
        provider->local = true;
        provider->timeouts = {
            .connect = kProbeMs, .first_byte = kProbeMs, .idle = kProbeMs, .total = kProbeMs};
        found.push_back(std::move(provider));
    }
    return found;
}

LocalServers::Found describe(const config::Provider& provider, const std::string& model) {
    const std::string id = provider.name + "/" + model;
    const Json overlay = {{"providers", {{provider.name, {{"preset", provider.preset}}}}},
                          {"completion", {{"model", id}}},
                          {"chat", {{"model", id}}}};
    return {.overlay = overlay,
            .message = "dragoman is not configured; it found " + provider.name + " at " + provider.base_url +
                       " and uses its model " + model +
                       " for now. To keep that, put into your configuration file: " + dump_json(overlay)};
}

}  // namespace

void LocalServers::look(std::function<void(std::optional<Found>)> done) {
    done_ = std::move(done);
    for (auto& provider : candidates()) {
        probes_.push_back({.provider = std::move(provider), .call = nullptr, .answered = false, .model = {}});
    }
    for (std::size_t i = 0; i < probes_.size(); ++i) {
        probes_[i].call = gateway_.models(probes_[i].provider, [this, i](const auto& listed) {
            probes_[i].answered = true;
            if (listed && !listed->empty()) probes_[i].model = listed->front().id;
            one_answered();
        });
    }
}

void LocalServers::one_answered() {
    const bool all =
        std::all_of(probes_.begin(), probes_.end(), [](const Probe& probe) { return probe.answered; });
    if (!all || !done_) return;
    const auto found =
        std::find_if(probes_.begin(), probes_.end(), [](const Probe& probe) { return !probe.model.empty(); });
    const auto done = std::exchange(done_, nullptr);
    done(found == probes_.end() ? std::nullopt : std::optional{describe(*found->provider, found->model)});
}

}  // namespace dragoman::session
