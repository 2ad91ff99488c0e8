// What gateways taught us, as values: kept by Learned, written down and read back as JSON.
//
// Each fact is worth a day from the moment it was learned, by the calendar, so that a day lasts as long
// across restarts. Of two daemons' facts about the same thing the newer one counts.
#pragma once

#include "server/config/config.h"
#include "server/support/clock.h"
#include "server/upstream/wire/request.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dragoman::gateway {

template <class Value>
struct Fact {
    Value value{};
    Clock::WallTime since{};
    friend bool operator==(const Fact&, const Fact&) = default;
};

using Names = std::vector<std::string>;

struct Facts {
    std::map<Names, Fact<config::Api>> apis;        // by base URL
    std::map<Names, Fact<wire::Dialect>> dialects;  // by base URL and model
    std::map<Names, Fact<std::monostate>> refused;  // by base URL, model and route
    friend bool operator==(const Facts&, const Facts&) = default;
};

/// Still worth something at `now`. A time to come is a clock that was set back, or nonsense.
bool is_fresh(Clock::WallTime since, Clock::WallTime now);

/// `other`'s facts too; the newer of two about the same.
void merge(Facts& facts, Facts other);
/// Without what is no longer worth anything, and the oldest beyond what one file may hold.
void drop_stale(Facts& facts, Clock::WallTime now);

/// One JSON document. Facts about what is no plain base URL (user info, a query) are left out.
std::string write_facts(const Facts& facts);

/// What is usable of a document that anything may have been written into; `broken` when it is none.
/// A dialect that would leave out what a request is about is not usable.
struct ReadFacts {
    Facts facts;
    bool broken = false;
};
ReadFacts read_facts(std::string_view document, Clock::WallTime now);

}  // namespace dragoman::gateway
