#include "server/upstream/wire/rate_limits.h"

#include "server/upstream/wire/text.h"

#include <array>
#include <cmath>
#include <string_view>

namespace dragoman::wire {
namespace {

using std::chrono::milliseconds;
using TimePoint = std::chrono::system_clock::time_point;

constexpr milliseconds kLongestRetry = std::chrono::hours{24};
constexpr milliseconds kLongestHold = std::chrono::hours{1};

/// Seconds as milliseconds, from 1 to `longest`.
/// What is over, or no number, is no wait; a fraction of a millisecond is one.
std::optional<milliseconds> wait_of(double seconds, milliseconds longest) {
    if (!(seconds > 0)) return std::nullopt;
    const double limit = static_cast<double>(longest.count());
    return milliseconds{std::llround(std::clamp(seconds * 1000.0, 1.0, limit))};
}

double seconds_until(TimePoint moment, TimePoint now) {
    return std::chrono::duration<double>(moment - now).count();
}

/// `count` digits at the front of `text`, taken off; nothing when there are fewer.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, std::string_view one_of) {
    if (text.empty() || !contains(one_of, text.substr(0, 1))) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<TimePoint> moment(int year, int month, int day, int hour, int minute, int second) {
    namespace ch = std::chrono;
    const ch::year_month_day date{ch::year{year}, ch::month{static_cast<unsigned>(month)},
                                  ch::day{static_cast<unsigned>(day)}};
    // Bounds that nanoseconds since 1970 can hold, whatever is subtracted.
    if (!date.ok() || year < 1970 || year > 2200 || hour > 24 || minute > 59 || second > 60)
        return std::nullopt;
    return TimePoint{ch::sys_days{date}} + ch::hours{hour} + ch::minutes{minute} + ch::seconds{second};
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, IMF-fixdate).
std::optional<TimePoint> read_http_date(std::string_view text) {
    constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
    const auto comma = text.find(", ");
    if (comma == std::string_view::npos) return std::nullopt;
    text.remove_prefix(comma + 2);
    const auto day = take_digits(text, 2);
    if (!day || !take(text, " -") || text.size() < 3) return std::nullopt;
    const auto month = kMonths.find(lower_ascii(text.substr(0, 3)));
    text.remove_prefix(3);
    if (month == std::string_view::npos || month % 3 != 0 || !take(text, " -")) return std::nullopt;
    const auto year = take_digits(text, 4);
    if (!year || !take(text, " ")) return std::nullopt;
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ":")) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || !take(text, ":")) return std::nullopt;
    const auto second = take_digits(text, 2);
    if (!second) return std::nullopt;
    return moment(*year, static_cast<int>(month / 3) + 1, *day, *hour, *minute, *second);
}

/// "Z", "+08:00", "-0530" or nothing, as seconds east of Greenwich.
std::optional<int> read_offset(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z") return 0;
    const int sign = text.front() == '-' ? -1 : 1;
    if (!take(text, "+-")) return std::nullopt;
    const auto hours = take_digits(text, 2);
    take(text, ":");
    const auto minutes = text.empty() ? std::optional{0} : take_digits(text, 2);
    if (!hours || !minutes || !text.empty()) return std::nullopt;
    return sign * (*hours * 3600 + *minutes * 60);
}

struct Unit {
    std::string_view name;
    double seconds;
};
constexpr std::array kUnits = {Unit{"ms", 1e-3}, Unit{"us", 1e-6}, Unit{"µs", 1e-6}, Unit{"μs", 1e-6},
                               Unit{"ns", 1e-9}, Unit{"h", 3600},  Unit{"m", 60},    Unit{"s", 1}};

/// Go's durations: "1h2m3.5s", "6m0s", "2ms"; in seconds.
std::optional<double> read_duration(std::string_view text) {
    double sum = 0;
    while (!text.empty()) {
        const auto digits = std::min(text.find_first_not_of("0123456789."), text.size());
        const auto number = parse_number(text.substr(0, digits));
        text.remove_prefix(digits);
        const auto unit = std::find_if(kUnits.begin(), kUnits.end(),
                                       [&](const Unit& u) { return text.starts_with(u.name); });
        if (!number || unit == kUnits.end()) return std::nullopt;
        sum += *number * unit->seconds;
        text.remove_prefix(unit->name.size());
    }
    return sum;
}

/// A reset header in any of its forms, as seconds from `now`; may be negative.
std::optional<double> read_reset(std::string_view text, TimePoint now) {
    if (text.empty()) return std::nullopt;
    if (const auto number = parse_number(text)) {
        const double since_epoch = std::chrono::duration<double>(now.time_since_epoch()).count();
        if (*number >= 1e12) return *number / 1000 - since_epoch;
        if (*number >= 1e9) return *number - since_epoch;
        return *number;
    }
    if (const auto time = read_iso_time(text)) return seconds_until(*time, now);
    if (const auto time = read_http_date(text)) return seconds_until(*time, now);
    return read_duration(text);
}

/// The server's own clock where it tells it: dates it sends are free of skew then.
TimePoint clock_of(const Headers& headers, TimePoint now) {
    const auto date = find_header(headers, "date");
    return date ? read_http_date(*date).value_or(now) : now;
}

struct Allowance {
    std::string_view remaining, reset;
};
constexpr std::array kAllowances = {
    Allowance{"x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
    Allowance{"x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
    Allowance{"x-ratelimit-remaining", "x-ratelimit-reset"},
    Allowance{"ratelimit-remaining", "ratelimit-reset"},
    Allowance{"anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"},
    Allowance{"anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"},
};

}  // namespace

std::optional<TimePoint> read_iso_time(std::string_view text) {
    std::array<int, 6> parts{};
    constexpr std::array<std::string_view, 5> kBetween = {"-", "-", "Tt ", ":", ":"};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto digits = take_digits(text, i == 0 ? 4 : 2);
        if (!digits || (i < kBetween.size() && !take(text, kBetween[i]))) return std::nullopt;
        parts[i] = *digits;
    }
    double fraction = 0;
    if (take(text, ".,")) {
        double weight = 0.1;
        while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
            fraction += weight * (text.front() - '0');
            weight /= 10;
            text.remove_prefix(1);
        }
    }
    const auto offset = read_offset(text);
    const auto whole = moment(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    if (!offset || !whole) return std::nullopt;
    return *whole + milliseconds{std::llround(fraction * 1000)} - std::chrono::seconds{*offset};
}

std::optional<milliseconds> retry_after(const Headers& headers, TimePoint now) {
    const auto accept = [](std::optional<double> seconds) -> std::optional<milliseconds> {
        return seconds ? wait_of(*seconds, kLongestRetry) : std::nullopt;
    };
    if (const auto ms = find_header(headers, "retry-after-ms")) {
        if (const auto number = parse_number(*ms); number && *number > 0) return accept(*number / 1000);
    }
    const auto text = find_header(headers, "retry-after");
    if (!text) return std::nullopt;
    if (const auto seconds = parse_number(*text)) return accept(*seconds);
    const auto then = read_http_date(*text);
    const auto moment = then ? then : read_iso_time(*text);
    return moment ? accept(seconds_until(*moment, clock_of(headers, now))) : std::nullopt;
}

std::optional<milliseconds> rate_limit_hold(const Headers& headers, TimePoint now) {
    std::optional<milliseconds> hold;
    for (const auto& allowance : kAllowances) {
        const auto remaining = find_header(headers, allowance.remaining);
        const auto reset = find_header(headers, allowance.reset);
        if (!remaining || !reset) continue;
        const auto left = parse_number(*remaining);
        const auto seconds = read_reset(*reset, clock_of(headers, now));
        if (!left || *left > 0 || !seconds) continue;
        hold = std::max(hold, wait_of(*seconds, kLongestHold));
    }
    return hold;
}

}  // namespace dragoman::wire
