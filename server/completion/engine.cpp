#include "server/completion/engine.h"

#include "server/completion/desk.h"

#include <algorithm>
#include <map>

namespace dragoman::completion {

class Engine::Impl {
public:
    Impl(Engine& engine, Clock& clock, gateway::Gateway& gateway, Sources& sources)
        : engine_{engine}, shared_{clock, gateway, sources, [this](int change) { count(change); }} {}

    ~Impl() { engine_.on_activity = nullptr; }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::uint64_t start(InlineRequest request, Done done) {
        Desk& desk = desk_of(request.document.uri);
        if (desk.job() != nullptr) {
            const Done older = desk.end_job(TrailEntry::Outcome::superseded);
            if (older) older({.items = {}, .failure = std::nullopt, .superseded = true});
        }
        const std::uint64_t number = next_++;
        auto job = std::make_unique<Job>();
        job->number = number;
        job->request = std::move(request);
        job->done = std::move(done);
        job->started = shared_.clock.now();
        job->trail.id = "c" + std::to_string(number);
        job->trail.time = shared_.clock.wall();
        job->trail.uri = job->request.document.uri;
        job->trail.position = job->request.position;
        desk.start(std::move(job));
        return number;
    }

    /// The ticket was dropped: the editor cancelled, or does not care any more.
    void cancel(std::uint64_t number) {
        for (auto& [uri, desk] : desks_) {
            if (desk->job() != nullptr && desk->job()->number == number) {
                desk->end_job(TrailEntry::Outcome::cancelled);
                return;
            }
        }
    }

    void document_changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
        shared_.sources.document_changed(now, changes);
        if (changes.empty() || changes.back().whole) return;
        shared_.pace.typed(shared_.clock.now());
        if (const auto desk = desks_.find(normalise_uri(now.uri)); desk != desks_.end()) {
            desk->second->document_changed(now, changes);
        }
    }

    void document_closed(const std::string& uri) {
        shared_.sources.document_closed(uri);
        const auto desk = desks_.find(normalise_uri(uri));
        if (desk == desks_.end()) return;
        const std::unique_ptr<Desk> gone = std::move(desk->second);  // lives until its own calls return
        desks_.erase(desk);
        gone->closed();
    }

    void accepted(const std::string& id) {
        const bool taken = std::any_of(desks_.begin(), desks_.end(),
                                       [&](const auto& one) { return one.second->accepted(id, "accepted"); });
        if (!taken) shared_.trail.note(id, "editor", "accepted");
    }

    void rest() {
        for (auto& [uri, desk] : desks_) desk->rest();
    }

    Shared& shared() { return shared_; }
    int in_flight() const { return in_flight_; }

private:
    Desk& desk_of(const std::string& uri) {
        std::unique_ptr<Desk>& desk = desks_[normalise_uri(uri)];
        if (!desk) desk = std::make_unique<Desk>(shared_);
        return *desk;
    }

    void count(int change) {
        in_flight_ += change;
        if (engine_.on_activity) engine_.on_activity();
    }

    Engine& engine_;
    Shared shared_;
    std::uint64_t next_ = 1;
    int in_flight_ = 0;
    std::map<std::string, std::unique_ptr<Desk>> desks_;  // by normalised URI; last: their ends still count
};

namespace {

struct TicketImpl final : Engine::Ticket {
    TicketImpl(std::weak_ptr<Engine::Impl> engine, std::uint64_t number)
        : engine_{std::move(engine)}, number_{number} {}
    ~TicketImpl() override {
        if (const auto engine = engine_.lock()) engine->cancel(number_);
    }
    TicketImpl(const TicketImpl&) = delete;
    TicketImpl& operator=(const TicketImpl&) = delete;

private:
    std::weak_ptr<Engine::Impl> engine_;
    std::uint64_t number_;
};

}  // namespace

Engine::Engine(Clock& clock, gateway::Gateway& gateway, Sources& sources)
    : impl_{std::make_shared<Impl>(*this, clock, gateway, sources)} {}
Engine::~Engine() = default;

std::unique_ptr<Engine::Ticket> Engine::request(InlineRequest request, Done done) {
    const std::uint64_t number = impl_->start(std::move(request), std::move(done));
    return std::make_unique<TicketImpl>(impl_, number);
}

void Engine::document_changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
    impl_->document_changed(now, changes);
}
void Engine::document_closed(const std::string& uri) { impl_->document_closed(uri); }
void Engine::prepare(const Sources::Where& where) { impl_->shared().sources.prepare(where); }

void Engine::accepted(const std::string& id) { impl_->accepted(id); }
void Engine::partially_accepted(const std::string& id, std::size_t bytes) {
    impl_->shared().trail.note(id, "editor", "accepted up to byte " + std::to_string(bytes));
}
void Engine::shown(const std::string& id) { impl_->shared().trail.note(id, "editor", "shown"); }
void Engine::withdrawn(const std::string& id, std::string why) {
    TrailEntry* entry = impl_->shared().trail.find(id);
    if (entry == nullptr) return;
    entry->outcome = TrailEntry::Outcome::empty;
    entry->note("document", std::move(why));
}
void Engine::rest() { impl_->rest(); }

std::vector<TrailEntry> Engine::trail(const std::optional<std::string>& uri, std::size_t limit) const {
    return impl_->shared().trail.list(uri, limit);
}
int Engine::in_flight() const { return impl_->in_flight(); }

}  // namespace dragoman::completion
