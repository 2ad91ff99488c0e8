#include "server/upstream/gateway/learned.h"

#include "server/support/log.h"

#include <algorithm>
#include <array>
#include <utility>

namespace dragoman::gateway {
namespace {

constexpr std::size_t kLargestFile = 4U << 20U;
/// Between two writings: a morning's first requests teach several things at once.
constexpr Milliseconds kBetweenWritings{5'000};

template <class Value>
const Value* fresh(const std::map<Names, Fact<Value>>& kind, const Names& names, Clock::WallTime now) {
    const auto at = kind.find(names);
    return at != kind.end() && is_fresh(at->second.since, now) ? &at->second.value : nullptr;
}

/// Whole seconds, as the file has them: what is read back is not older than what was written.
Clock::WallTime seconds_of(Clock::WallTime time) { return std::chrono::floor<std::chrono::seconds>(time); }

ReadFacts read_file(Files& files, const std::filesystem::path& file, Clock::WallTime now) {
    const auto content = files.read(file, kLargestFile);
    if (content) return read_facts(content->bytes, now);
    return {.facts = {}, .broken = content.error() != FileProblem::missing};
}

std::vector<std::string> newly_dropped(const wire::Dialect& before, const wire::Dialect& after) {
    std::vector<std::string> names;
    std::ranges::set_difference(after.dropped, before.dropped, std::back_inserter(names));
    return names;
}

}  // namespace

void Learned::keep_in(Files& files, Worker& worker, std::filesystem::path file) {
    place_.emplace(Place{files, worker, std::move(file)});
    read_ = false;
}

std::optional<config::Api> Learned::api(const std::string& base) {
    read_once();
    const auto* kept = fresh(facts_.apis, {base}, clock_.wall());
    return kept ? std::optional{*kept} : std::nullopt;
}

void Learned::keep_api(const std::string& base, config::Api api) {
    read_once();
    facts_.apis[{base}] = {api, seconds_of(clock_.wall())};
    write_soon();
}

wire::Dialect Learned::dialect(const std::string& base, const std::string& model) {
    read_once();
    const auto* kept = fresh(facts_.dialects, {base, model}, clock_.wall());
    return kept ? *kept : wire::initial_dialect(model);
}

void Learned::keep_dialect(const std::string& base, const std::string& model, wire::Dialect dialect) {
    read_once();
    facts_.dialects[{base, model}] = {std::move(dialect), seconds_of(clock_.wall())};
    write_soon();
}

bool Learned::refused(const std::string& base, const std::string& model, const std::string& route) {
    read_once();
    return fresh(facts_.refused, {base, model, route}, clock_.wall()) != nullptr;
}

void Learned::refuse(const std::string& base, const std::string& model, const std::string& route) {
    read_once();
    facts_.refused[{base, model, route}] = {{}, seconds_of(clock_.wall())};
    write_soon();
}

void Learned::read_once() {
    if (!place_ || std::exchange(read_, true)) return;
    auto [facts, broken] = read_file(place_->files, place_->file, clock_.wall());
    if (broken) log::warning("what was learned about gateways could not be read and is learned anew");
    merge(facts_, std::move(facts));
}

/// At once when it was not done lately: a short-lived process learns, too.
void Learned::write_soon() {
    drop_stale(facts_, clock_.wall());
    if (!place_) return;
    changed_ = true;
    if (timer_ || writing_) return;
    const auto due = wrote_ ? *wrote_ + kBetweenWritings : clock_.now();
    const auto delay = std::chrono::ceil<Milliseconds>(std::max(due - clock_.now(), Clock::Time::duration{}));
    timer_ = clock_.after(delay, [this] {
        timer_.reset();
        write();
    });
}

// What other daemons wrote since is read again and kept. Between that reading and the renaming another may
// write; it then loses what it learned in the file until it next learns something, not what it knows.
void Learned::write() {
    changed_ = false;
    wrote_ = clock_.now();
    writing_ = place_->worker.run([this, files = &place_->files, file = place_->file, facts = facts_,
                                   now = clock_.wall()]() mutable -> Worker::Rest {
        merge(facts, read_file(*files, file, now).facts);
        drop_stale(facts, now);
        const bool written = files->replace(file, write_facts(facts));
        return [this, facts = std::move(facts), written] { on_written(facts, written); };
    });
}

void Learned::on_written(Facts facts, bool written) {
    writing_.reset();
    merge(facts_, std::move(facts));
    if (!written && !std::exchange(complained_, true)) {
        log::warning("what is learned about gateways cannot be written down; it is kept in memory");
    }
    if (changed_) write_soon();
}

std::string describe_change(const wire::Dialect& before, const wire::Dialect& after) {
    const auto dropped = newly_dropped(before, after);
    if (!dropped.empty()) return dropped.front() + " left out";
    for (const auto& [name, value] : after.replaced) {
        const auto old = before.replaced.find(name);
        if (old == before.replaced.end() || old->second != value) return name + " replaced";
    }
    if (before.max_completion_tokens != after.max_completion_tokens) {
        return after.max_completion_tokens ? "max_tokens sent as max_completion_tokens"
                                           : "max_completion_tokens sent as max_tokens";
    }
    if (before.developer_role != after.developer_role) {
        return after.developer_role ? "role system sent as developer" : "role developer sent as system";
    }
    if (before.send_reasoning != after.send_reasoning) {
        return after.send_reasoning ? "reasoning sent back" : "reasoning not sent back";
    }
    if (before.random_seed != after.random_seed) return "seed renamed";
    if (before.refuses_sampling != after.refuses_sampling) return "sampling left out";
    return "request changed";
}

bool loses_the_question(const wire::Dialect& before, const wire::Dialect& after) {
    static constexpr std::array kQuestion{"model",  "messages",     "input",       "prompt",
                                          "suffix", "input_prefix", "input_suffix"};
    return std::ranges::any_of(newly_dropped(before, after), [](const std::string& name) {
        return std::ranges::find(kQuestion, name) != kQuestion.end();
    });
}

}  // namespace dragoman::gateway
