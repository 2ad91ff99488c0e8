// What a document is called in a prompt, and which documents take part at all.
#pragma once

#include "server/support/paths.h"

#include <optional>
#include <string>
#include <vector>

namespace dragoman::completion {

struct DocumentName {
    std::filesystem::path file;  // absolute; of a document without a file its bare name
    std::string shown;           // relative to the workspace folder it lies in, else the file's name
};

/// Nothing for documents that are no source of anything: other schemes than file and untitled (a revision
/// of git, an output channel, a cell of a notebook).
std::optional<DocumentName> name_document(const std::string& uri,
                                          const std::vector<std::filesystem::path>& folders);

}  // namespace dragoman::completion
