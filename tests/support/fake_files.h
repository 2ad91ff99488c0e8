// A disk in memory: files that the test writes, breaks and takes away.
#pragma once

#include "server/support/files.h"

#include <map>
#include <set>
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
    /// From now on `path`, a file, is a symbolic link to `target`.
    void link(const std::filesystem::path& path, const std::filesystem::path& target) {
        links_[path] = target;
    }

    Result<FileContent, FileProblem> read(const std::filesystem::path& path, std::size_t limit) override {
        ++reads;
        const auto found = entries_.find(followed(path));
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
        const auto found = entries_.find(followed(path));
        if (found == entries_.end()) return std::nullopt;
        return stamp_of(found->second);
    }
    std::optional<std::filesystem::path> real_path(const std::filesystem::path& path) override {
        const auto real = followed(path.lexically_normal());
        if (entries_.count(real) != 0 || !list(real, 1).empty()) return real;
        return std::nullopt;
    }
    std::vector<std::string> list(const std::filesystem::path& folder, std::size_t most) override {
        std::set<std::string> names;
        const auto add = [&](const std::filesystem::path& path) {
            const auto below = path.lexically_relative(folder);
            if (below.empty() || *below.begin() == ".." || *below.begin() == ".") return;
            if (names.size() < most) names.insert(below.begin()->string());
        };
        for (const auto& [path, ignored] : entries_) add(path);
        for (const auto& [path, ignored] : links_) add(path);
        return {names.begin(), names.end()};
    }

    bool replace(const std::filesystem::path& path, std::string_view bytes) override {
        if (full) return false;
        write(path, std::string{bytes});
        ++replacements;
        return true;
    }

    std::optional<WriteProblem> rewrite(const std::filesystem::path& path, std::string_view bytes,
                                        const std::optional<FileStamp>& seen) override {
        if (write_problem) return write_problem;
        if (stamp(path) != seen) return WriteProblem::changed;
        write(followed(path), std::string{bytes});
        return std::nullopt;
    }

    std::optional<WriteProblem> write_problem{};  // what every rewrite meets
    int reads = 0, replacements = 0;
    bool full = false;  // no room for anything new

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

    std::filesystem::path followed(const std::filesystem::path& path) const {
        const auto found = links_.find(path);
        return found == links_.end() ? path : found->second;
    }

    std::map<std::filesystem::path, Entry> entries_;
    std::map<std::filesystem::path, std::filesystem::path> links_;
    std::int64_t writes_ = 0;
};

}  // namespace dragoman::test
