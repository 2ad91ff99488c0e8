// The tables, and how a file of an older version becomes one of today's. Private to the room.
#pragma once

#include "server/store/database.h"

#include <span>
#include <string_view>

namespace dragoman::store {

/// The steps from an empty file on: step n makes version n of version n - 1. A step that was released is
/// never changed; a new one is added at the end.
std::span<const char* const> migrations();

/// The file was written by a newer daemon, whose tables this one does not know. Nothing was changed.
struct TooNew : std::runtime_error {
    TooNew() : std::runtime_error{"it was written by a newer version of dragoman"} {}
};

/// Brings the file to the version that `steps` lead to, in one transaction. Daemons that start together take
/// turns. Throws DatabaseError or TooNew; the file is then as it was.
void migrate(Database& database, std::span<const char* const> steps = migrations());

/// Sees to the full-text index over prompts and answers: makes it where it is missing or out of date. Gives
/// false where this SQLite has none; the index is then given up, so that turns can be written without it.
bool prepare_search(Database& database, bool available);

}  // namespace dragoman::store
