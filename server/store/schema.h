// The tables, and how a file of an older version becomes one of today's. Private to the room.
#pragma once

#include "server/store/database.h"

#include <span>
#include <string_view>

namespace dragoman::store {

/// Bits of a turn's number that count within its conversation; those above them are the conversation's
/// number.
inline constexpr int kTurnBits = 20;

/// The steps from an empty file on: step n makes version n of version n - 1. A step that was released is
/// never changed; a new one is added at the end.
std::span<const char* const> migrations();

/// The version of its tables; 0: none yet. Throws Unusable where a newer daemon wrote it, whose tables this
/// one does not know.
std::int64_t version_of(const Database& database, std::span<const char* const> steps = migrations());

/// Brings the file to the version that `steps` lead to, in one transaction. Daemons that start together take
/// turns. Throws DatabaseError or Unusable; the file is then as it was.
///
/// While a file of an older version is changed, a copy of it stands beside it, "dragoman.db.version-1". It
/// goes when that is over, because a conversation that is deleted must not live on in it; it stays only where
/// the daemon died on the way, until the next one has brought the file up to date.
void migrate(Database& database, std::span<const char* const> steps = migrations());

/// Sees to the full-text index over prompts and answers: makes it where it is missing or out of date. Gives
/// false where this SQLite has none; the index is then given up, so that turns can be written without it.
bool prepare_search(Database& database, bool available);

}  // namespace dragoman::store
