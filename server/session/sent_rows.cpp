#include "server/session/sent_rows.h"

#include "server/sent/sent.h"
#include "server/session/status.h"

#include <set>

namespace dragoman::session {
namespace {

SentSum sum_of(const std::vector<Drawn>& drawn) {
    SentSum sum;
    std::set<std::string> files;
    for (const Drawn& one : drawn) {
        sum.masked += one.masked;
        if (!one.path.empty()) files.insert(one.path);
    }
    sum.files = files.size();
    return sum;
}

}  // namespace

SentSum sum_of(const store::SentRecord& row) { return sum_of(sent::drawn_of(row)); }

std::string projects_in(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder.lexically_normal();
    if (path == path.root_path()) return {};  // all are in it
    return path.has_filename() ? path.string() : path.parent_path().string();
}

Json sent_json(const store::SentRecord& row) {
    const auto drawn = sent::drawn_of(row);
    const SentSum sum = sum_of(drawn);
    Json pieces = Json::array();
    for (const Drawn& one : drawn) {
        Json piece = {{"kind", one.kind}, {"bytes", one.bytes}};
        if (!one.path.empty()) piece["path"] = one.path;
        if (one.masked > 0) piece["masked"] = one.masked;
        pieces.push_back(std::move(piece));
    }
    Json out = {{"time", iso_time(Clock::WallTime{Milliseconds{row.time}})},
                {"origin", row.origin},
                {"role", row.role},
                {"bytes", row.bytes_out},
                {"bytesIn", row.bytes_in},
                {"durationMs", row.duration_ms},
                {"outcome", row.outcome},
                {"masked", sum.masked},
                {"files", sum.files},
                {"pieces", std::move(pieces)}};
    if (!row.provider.empty()) out["provider"] = row.provider;
    if (!row.model.empty()) out["model"] = row.provider + "/" + row.model;
    if (!row.project.empty()) out["project"] = row.project;
    if (row.status != 0) out["httpStatus"] = row.status;
    return out;
}

}  // namespace dragoman::session
