#include "server/edit/engine.h"

#include "server/edit/run.h"
#include "server/upstream/gateway/chain.h"

#include <algorithm>

namespace dragoman::edit {
namespace {

constexpr std::size_t kMostSelected = 200'000;  // bytes

Result<std::vector<config::ModelRef>> models_of(const Request& request) {
    const config::Effective& config = *request.config;
    auto wanted = config.resolve(config::Role::edit, request.model);
    if (!wanted) return std::move(wanted.error());
    if (!request.model.empty() || !config.edit_model.empty()) return std::vector{std::move(*wanted)};
    return gateway::with_fallback(std::move(*wanted),
                                  config);  // chat's model stands in, so do those behind it
}

}  // namespace

Engine::Engine(gateway::Gateway& gateway, const Documents& documents)
    : gateway_{gateway}, documents_{documents} {}
Engine::~Engine() = default;

Result<std::unique_ptr<Engine::Running>> Engine::start(Request request, OnEvent on_event, OnEnd on_end) {
    auto chain = models_of(request);
    if (!chain) return std::move(chain.error());
    if (request.end - request.begin > kMostSelected) {
        return Error{.kind = ErrorKind::context_too_long,
                     .message = "the selection is larger than 200 kB",
                     .hint = "Select the part that is to change."};
    }
    auto run = std::make_unique<Run>(*this, std::move(request), std::move(on_event), std::move(on_end));
    run->start(std::move(*chain));
    return std::unique_ptr<Running>{std::move(run)};
}

std::vector<Run*> Engine::runs_of(const std::string& uri) const {
    std::vector<Run*> found;
    const std::string name = normalise_uri(uri);
    std::copy_if(runs_.begin(), runs_.end(), std::back_inserter(found),
                 [&](const Run* run) { return normalise_uri(run->uri()) == name; });
    return found;
}

void Engine::document_changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
    for (Run* run : runs_of(now.uri)) {
        // An end may take other edits with it.
        if (std::find(runs_.begin(), runs_.end(), run) != runs_.end()) run->follow(now, changes);
    }
}

void Engine::document_closed(const std::string& uri) {
    for (Run* run : runs_of(uri)) {
        if (std::find(runs_.begin(), runs_.end(), run) != runs_.end())
            run->modified("the document was closed while it was being edited");
    }
}

int Engine::in_flight() const { return static_cast<int>(runs_.size()); }

void Engine::add(Run& run) {
    runs_.push_back(&run);
    if (on_activity) on_activity();
}

void Engine::remove(Run& run) {
    runs_.erase(std::remove(runs_.begin(), runs_.end(), &run), runs_.end());
    if (on_activity) on_activity();
}

}  // namespace dragoman::edit
