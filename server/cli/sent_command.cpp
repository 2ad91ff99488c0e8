// `dragoman sent`: what left this machine over HTTP, newest last, as a terminal is read.

#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/cli/table.h"
#include "server/session/sent_rows.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace dragoman::cli {
namespace {

/// "2026-01-31 08:00:00" of this machine's time zone.
std::string local_time(store::Instant time) {
    const auto seconds = static_cast<std::time_t>(time / 1000);
    std::tm parts{};
    std::array<char, 32> text{};
    ::localtime_r(&seconds, &parts);
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts)};
}

std::vector<std::string> line_of(const store::SentRecord& row) {
    const session::SentSum sum = session::sum_of(row);
    const std::string how = row.status == 0 ? row.outcome : fmt::format("{} {}", row.outcome, row.status);
    return {local_time(row.time),
            row.role.empty() ? "-" : row.role,
            row.origin,
            row.model.empty() ? "-" : row.provider + "/" + row.model,
            how,
            std::to_string(row.bytes_out),
            std::to_string(row.bytes_in),
            std::to_string(sum.files),
            std::to_string(sum.masked)};
}

void print_list(const std::vector<store::SentRecord>& newest_first, std::size_t limit) {
    if (newest_first.empty()) return print_line("nothing was sent");
    constexpr std::size_t kWords = 5;
    std::vector<std::vector<std::string>> lines{
        {"time", "for", "to", "model", "outcome", "bytes out", "in", "files", "masked"}};
    for (auto row = newest_first.rbegin(); row != newest_first.rend(); ++row) lines.push_back(line_of(*row));
    print_columns(lines, kWords);
    if (newest_first.size() == limit) print_line(fmt::format("the newest {}; --limit shows more", limit));
}

}  // namespace

int sent(Context& context, const SentOptions& options) {
    constexpr int kMostDays = 36'500;
    if (options.days < 1 || options.days > kMostDays) return context.refuse("--days must be from 1 to 36500");
    if (options.limit < 1) return context.refuse("--limit must be at least 1");
    session::Core& core = context.core();
    const auto since = core.clock.wall() - std::chrono::hours{24} * options.days;
    store::SentFilter filter;
    filter.since = std::chrono::duration_cast<Milliseconds>(since.time_since_epoch()).count();
    filter.limit = static_cast<std::size_t>(options.limit);
    if (!options.folder.empty()) filter.project = session::projects_in(absolute_path(options.folder));
    bool failed = false;
    core.shelf.on_trouble = [&](const std::string&) { failed = true; };  // it is on stderr already
    const auto task = core.sent.read(filter, [&](const std::vector<store::SentRecord>& rows) {
        if (context.json()) {
            Json entries = Json::array();
            for (const store::SentRecord& row : rows) entries.push_back(session::sent_json(row));
            print_json({{"entries", std::move(entries)}});
        } else {
            print_list(rows, filter.limit);
        }
        context.finish(0);
    });
    // Without a disk the answer was there at once.
    const int code = task ? context.run_until_finished() : 0;
    core.shelf.on_trouble = nullptr;
    return code != 0 ? code : failed ? kExitFailed : 0;
}

}  // namespace dragoman::cli
