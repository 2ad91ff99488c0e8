// The list of what was sent, as dragoman/sent and `dragoman sent` tell it.
#pragma once

#include "protocol/base/json.h"
#include "server/store/records.h"

#include <filesystem>
#include <string>

namespace dragoman::session {

/// What a row drew on, in numbers.
struct SentSum {
    std::size_t masked = 0;  // likely secrets
    std::size_t files = 0;   // different ones
};
SentSum sum_of(const store::SentRecord& row);

/// The projects in and below `folder`, an absolute path, as store::SentFilter has them.
std::string projects_in(const std::filesystem::path& folder);

/// {time, origin, role, provider?, model?, project?, bytes, bytesIn, durationMs, outcome, httpStatus?,
/// masked, files, pieces: [{kind, path?, bytes, masked?}]}; `model` is "provider/model".
Json sent_json(const store::SentRecord& row);

}  // namespace dragoman::session
