// Which files stay on this machine (privacy.exclude), by whatever name they go.
//
// Every source of context asks here, so that a file cannot be had by another road: a link, another case or
// Unicode form of its name, a document of an editor's own scheme, a project file that only lies nearer to it
// than to the document that is worked on. Loop thread: links are looked up on the disk, and the
// configuration of other folders in the store.
#pragma once

#include "server/config/config.h"

#include <filesystem>
#include <string>

namespace dragoman::config {

/// True where privacy.exclude names the file: that of `asking`, for whose document something is sent, that of
/// the file's own folder, or that of the project it lies in, open or not; and where one of them cannot be
/// read (Effective::blocked). Names count as `path` spells it without "..", as its links lead, in any Unicode
/// form, and in any case where the volume tells none apart. A relative `path` names no file on the disk: its
/// words alone count, in any case. A file need not exist.
bool stays_here(const Effective& asking, const std::filesystem::path& path);

/// The same for a document of the editor. One of another scheme (untitled:, git:) counts by the path in it.
bool document_stays_here(const Effective& asking, const std::string& uri);

}  // namespace dragoman::config
