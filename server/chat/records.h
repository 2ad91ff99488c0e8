// Turns as the store keeps them, and back. Private to the room.
#pragma once

#include "server/chat/engine.h"
#include "server/store/records.h"

namespace dragoman::chat {

store::Instant to_instant(Clock::WallTime time);
Clock::WallTime from_instant(store::Instant instant);

store::TurnRecord to_record(const Turn& turn);
/// Clean, kept and stored. A turn that was being answered when its row was written counts as cancelled: its
/// daemon is gone, or it writes the row again at its end.
Conversation from_record(store::ConversationRecord record);

}  // namespace dragoman::chat
