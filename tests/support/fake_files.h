// A disk in memory: files that the test writes, breaks and takes away.
#pragma once

#include "server/support/files.h"

#include <map>
#include <string>
#include <unistd.h>

namespace dragoman::test {

class FakeFiles final : public Files {
public:
    /// Writes a whole file; its stamp changes even when the bytes do not.
    void write(const std::filesystem::path& path, std::string bytes) {
        entries_[path] = Entry{std::move(bytes), {}, ++writes_};
    }
    /// From now on `path` is there but cannot be read: a FIFO, a folder, without permission.
    void spoil(const std::filesystem::path& path, FileProblem problem) {
        entries_[path] = Entry{{}, problem, ++writes_};
    }
    void remove(const std::filesystem::path& path) { entries_.erase(path); }

    Result<FileContent, FileProblem> read(const std::filesystem::path& path, std::size_t limit) override {
        ++reads;
        const auto found = entries_.find(path);
        if (found == entries_.end()) return FileProblem::missing;
        const Entry& entry = found->second;
        if (entry.problem) return *entry.problem;
        if (entry.bytes.size() > limit) return FileProblem::too_large;
        FileContent content;
        content.bytes = entry.bytes;
        content.stamp = stamp_of(entry);
        content.mode = 0600;
        content.owner = ::geteuid();
        return content;
    }
    std::optional<FileStamp> stamp(const std::filesystem::path& path) override {
        const auto found = entries_.find(path);
        if (found == entries_.end()) return std::nullopt;
        return stamp_of(found->second);
    }

    int reads = 0;

private:
    struct Entry {
        std::string bytes;
        std::optional<FileProblem> problem;
        std::int64_t written = 0;
    };
    static FileStamp stamp_of(const Entry& entry) {
        FileStamp stamp;
        stamp.size = entry.bytes.size();
        stamp.modified_ns = entry.written;
        return stamp;
    }

    std::map<std::filesystem::path, Entry> entries_;
    std::int64_t writes_ = 0;
};

}  // namespace dragoman::test
