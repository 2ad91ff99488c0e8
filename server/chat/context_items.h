// What the user attached to a question, written out for the model.
//
// The editor's unsaved text wins over the disk; excluded files are refused by name; what is too long is cut
// with a note that says so, in the text the model gets; a file's folder outside the project stays unsaid.
#pragma once

#include "server/chat/engine.h"

#include <filesystem>
#include <string>
#include <vector>

namespace dragoman::chat {

/// How a model gets to know a file: its path below the project's folder, else its name alone.
std::string shown_path(const std::filesystem::path& path, const config::Effective& config);

/// The question with everything that was attached in front of it. The error is a sentence for a person
/// that names the item. Reads files that are not open (at most 8 MiB each).
Result<std::string, std::string> write_question(const std::string& prompt,
                                                const std::vector<ContextItem>& items,
                                                const config::Effective& config, const Documents& documents,
                                                Files& files);

/// `text` in a Markdown fence that no line of it can close.
std::string fenced(const std::string& text, const std::string& language);

}  // namespace dragoman::chat
