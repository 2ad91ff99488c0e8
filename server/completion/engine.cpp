#include "server/completion/engine.h"

#include "server/completion/job.h"
#include "server/documents/documents.h"

#include <algorithm>
#include <deque>
#include <map>

namespace dragoman::completion {
namespace {
constexpr std::size_t kMostTrailEntries = 200;
/// Of what an editor tells about one suggestion; it may tell it as often as it likes.
constexpr std::size_t kMostSteps = 100;
}  // namespace

class Engine::Impl {
public:
    Impl(Engine& engine, Clock& clock, gateway::Gateway& gateway)
        : engine_{engine}, clock_{clock}, gateway_{gateway} {}

    ~Impl() { engine_.on_activity = nullptr; }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::uint64_t start(InlineRequest request, Done done) {
        const std::string document = normalise_uri(request.document.uri);
        supersede(document);
        const std::uint64_t number = next_++;
        auto job = std::make_unique<Job>(
            clock_, gateway_, std::move(request), "c" + std::to_string(number),
            [this](int change) { count(change); },
            [this, number, done = std::move(done)](InlineResult result) {
                const auto kept = retire(number);  // lives until its own call returns
                done(std::move(result));
            });
        job->start();
        job_of_[document] = number;
        jobs_.emplace(number, std::move(job));
        return number;
    }

    /// The ticket was dropped: the editor cancelled, or does not care any more.
    void cancel(std::uint64_t number) {
        const auto found = jobs_.find(number);
        if (found == jobs_.end()) return;
        found->second->stop(TrailEntry::Outcome::cancelled);
        retire(number);
    }

    std::vector<TrailEntry> trail(const std::optional<std::string>& uri, std::size_t limit) const {
        const std::optional<std::string> wanted = uri ? std::optional{normalise_uri(*uri)} : std::nullopt;
        std::vector<TrailEntry> out;
        for (const TrailEntry& entry : trail_) {
            if (out.size() == limit) break;
            if (!wanted || normalise_uri(entry.uri) == *wanted) out.push_back(entry);
        }
        return out;
    }

    void feedback(const std::string& id, std::string what) {
        const auto entry =
            std::find_if(trail_.begin(), trail_.end(), [&](const auto& one) { return one.id == id; });
        if (entry == trail_.end() || entry->steps.size() >= kMostSteps) return;
        entry->steps.push_back({"editor", std::move(what)});
    }

    void withdrawn(const std::string& id, std::string why) {
        const auto entry =
            std::find_if(trail_.begin(), trail_.end(), [&](const auto& one) { return one.id == id; });
        if (entry == trail_.end()) return;
        entry->outcome = TrailEntry::Outcome::empty;
        entry->steps.push_back({"document", std::move(why)});
    }

    int in_flight() const { return in_flight_; }

private:
    void supersede(const std::string& document) {
        const auto found = job_of_.find(document);
        if (found == job_of_.end()) return;
        const std::uint64_t number = found->second;
        Job& job = *jobs_.at(number);
        const Done done = job.take_done();
        job.stop(TrailEntry::Outcome::superseded);
        const auto kept = retire(number);
        if (done) done({.items = {}, .failure = std::nullopt, .superseded = true});
    }

    /// Takes the job out of the tables and its story into the trail.
    std::unique_ptr<Job> retire(std::uint64_t number) {
        const auto found = jobs_.find(number);
        if (found == jobs_.end()) return nullptr;
        std::unique_ptr<Job> job = std::move(found->second);
        jobs_.erase(found);
        std::erase_if(job_of_, [&](const auto& entry) { return entry.second == number; });
        trail_.push_front(job->trail());
        if (trail_.size() > kMostTrailEntries) trail_.pop_back();
        return job;
    }

    void count(int change) {
        in_flight_ += change;
        if (engine_.on_activity) engine_.on_activity();
    }

    Engine& engine_;
    Clock& clock_;
    gateway::Gateway& gateway_;
    std::deque<TrailEntry> trail_;
    std::uint64_t next_ = 1;
    int in_flight_ = 0;
    std::map<std::string, std::uint64_t> job_of_;         // normalised URI -> its only job
    std::map<std::uint64_t, std::unique_ptr<Job>> jobs_;  // last: their ends still count
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

Engine::Engine(Clock& clock, gateway::Gateway& gateway)
    : impl_{std::make_shared<Impl>(*this, clock, gateway)} {}
Engine::~Engine() = default;

std::unique_ptr<Engine::Ticket> Engine::request(InlineRequest request, Done done) {
    const std::uint64_t number = impl_->start(std::move(request), std::move(done));
    return std::make_unique<TicketImpl>(impl_, number);
}

void Engine::accepted(const std::string& id) { impl_->feedback(id, "accepted"); }
void Engine::partially_accepted(const std::string& id, std::size_t bytes) {
    impl_->feedback(id, "accepted up to byte " + std::to_string(bytes));
}
void Engine::shown(const std::string& id) { impl_->feedback(id, "shown"); }
void Engine::withdrawn(const std::string& id, std::string why) { impl_->withdrawn(id, std::move(why)); }

std::vector<TrailEntry> Engine::trail(const std::optional<std::string>& uri, std::size_t limit) const {
    return impl_->trail(uri, limit);
}
int Engine::in_flight() const { return impl_->in_flight(); }

}  // namespace dragoman::completion
