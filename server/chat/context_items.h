// What the user attached to a question, read and written out for the model.
//
// The editor's unsaved text wins over the disk; excluded files are refused by name; a file's folder outside
// the project stays unsaid; likely secrets are masked, line by line. How much of it all a model gets is
// decided later (attachment.h).
#pragma once

#include "server/chat/engine.h"

#include <filesystem>
#include <string>
#include <vector>

namespace dragoman::chat {

/// How a model gets to know a file: its path below the project's folder, else its name alone.
std::string shown_path(const std::filesystem::path& path, const config::Effective& config);

/// The most of one item that is read at all.
inline constexpr std::size_t kMostItemBytes = 8U << 20U;

/// What of `items` becomes text, whole and in their order; images are none. The error is a sentence for a
/// person that names the item. Reads files that are not open.
Result<std::vector<Attachment>, std::string> write_items(const std::vector<ContextItem>& items,
                                                         const config::Effective& config,
                                                         const Documents& documents, Files& files);

/// What of `context`, an array of items as they came, may be kept: no likely secret in any string, as none is
/// sent. An item's `uri` stays, for it names the file.
Json masked_context(const Json& context);

}  // namespace dragoman::chat
