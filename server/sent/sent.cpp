#include "server/sent/sent.h"

#include "protocol/base/json.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace dragoman::sent {
namespace {

/// In the order of http::Sent::Outcome.
constexpr std::array<std::string_view, 4> kOutcomes{"answered", "closed", "failed", "connected"};
/// More parts than this are told as one: a prompt draws on tens of places, not on thousands.
constexpr std::size_t kMostDrawn = 100;

store::Instant instant_of(Clock::WallTime time) {
    return std::chrono::duration_cast<Milliseconds>(time.time_since_epoch()).count();
}

std::string drawn_text(const std::vector<Drawn>& drawn) {
    Json list = Json::array();
    Drawn rest{.kind = "more"};
    for (const Drawn& one : drawn) {
        if (list.size() == kMostDrawn) {
            rest.bytes += one.bytes;
            rest.masked += one.masked;
            continue;
        }
        Json part = {{"kind", one.kind}, {"bytes", one.bytes}};
        if (!one.path.empty()) part["path"] = one.path;
        if (one.masked > 0) part["masked"] = one.masked;
        list.push_back(std::move(part));
    }
    if (rest.bytes > 0) list.push_back({{"kind", rest.kind}, {"bytes", rest.bytes}, {"masked", rest.masked}});
    return dump_json(list);
}

store::SentRecord record_of(const http::Sent& one) {
    store::SentRecord out;
    out.time = instant_of(one.time);
    out.role = one.errand.role;
    out.origin = one.origin;
    out.provider = one.errand.provider;
    out.model = one.errand.model;
    out.project = one.errand.project;
    out.bytes_out = static_cast<std::int64_t>(one.bytes_out);
    out.bytes_in = static_cast<std::int64_t>(one.bytes_in);
    out.duration_ms = one.duration.count();
    out.outcome = kOutcomes[static_cast<std::size_t>(one.outcome)];
    out.status = one.status;
    out.drawn = drawn_text(one.errand.drawn);
    return out;
}

/// As History::sent() chooses.
bool is_wanted(const store::SentRecord& row, const store::SentFilter& filter) {
    return row.time >= filter.since && (filter.project.empty() || row.project == filter.project ||
                                        row.project.starts_with(filter.project + "/"));
}

void add_wanted(std::vector<store::SentRecord>& rows, const auto& more, const store::SentFilter& filter) {
    std::copy_if(more.begin(), more.end(), std::back_inserter(rows),
                 [&](const store::SentRecord& row) { return is_wanted(row, filter); });
}

void newest_first(std::vector<store::SentRecord>& rows, std::size_t limit) {
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.time > b.time; });
    if (rows.size() > limit) rows.resize(limit);
}

}  // namespace

List::List(Clock& clock, store::Shelf& shelf)
    : batches_{clock, shelf, [](store::History& history, std::span<const store::SentRecord> rows) {
                   const auto kept = std::chrono::duration_cast<Milliseconds>(kKept).count();
                   return history.add_sent(rows, rows.empty() ? 0 : rows.back().time - kept);
               }} {}

void List::add(const http::Sent& one) {
    const bool recorded = one.errand.recorded.value_or(!recorded_outside || recorded_outside());
    if (recorded) return batches_.add(record_of(one));
    if (here_.size() == kMostHere) here_.pop_front();
    here_.push_back(record_of(one));
}

List::Task List::read(const store::SentFilter& filter,
                      std::function<void(std::vector<store::SentRecord>)> use) {
    const auto found = std::make_shared<std::vector<store::SentRecord>>();
    add_wanted(*found, std::vector<store::SentRecord>{here_.rbegin(), here_.rend()}, filter);
    return batches_.read(
        [found, filter](store::History* history, const std::vector<store::SentRecord>& waiting) {
            add_wanted(*found, std::vector<store::SentRecord>{waiting.rbegin(), waiting.rend()}, filter);
            using Read = store::OrTrouble<std::vector<store::SentRecord>>;
            Read kept = history == nullptr ? Read{std::vector<store::SentRecord>{}} : history->sent(filter);
            if (kept) found->insert(found->end(), kept->begin(), kept->end());
            newest_first(*found, filter.limit);
            return kept;
        },
        [found, use = std::move(use)](const auto&) { use(std::move(*found)); });
}

std::vector<Drawn> drawn_of(const store::SentRecord& row) {
    const Json list = Json::parse(row.drawn, nullptr, false);
    std::vector<Drawn> out;
    if (!list.is_array()) return out;
    for (const Json& part : list) {
        const auto count = [&](const char* name) {
            return static_cast<std::size_t>(std::max<std::int64_t>(get_int(part, name).value_or(0), 0));
        };
        out.push_back({.kind = get_string(part, "kind").value_or(""),
                       .path = get_string(part, "path").value_or(""),
                       .bytes = count("bytes"),
                       .masked = count("masked")});
    }
    return out;
}

}  // namespace dragoman::sent
