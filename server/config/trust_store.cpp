#include "server/config/trust_store.h"

#include "protocol/base/utf.h"
#include "server/config/text.h"

#include <algorithm>
#include <unistd.h>

namespace dragoman::config {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMostEntries = 1000;  // the oldest go first
constexpr std::size_t kMostLines = 100, kMostLineBytes = 2048;
constexpr std::size_t kDigestDigits = 64;
constexpr unsigned kOthersMayWrite = 022;

bool is_digest(const std::string& text) {
    return text.size() == kDigestDigits && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::optional<std::uint64_t> unsigned_of(const Json& object, const char* name) {
    const Json* value = find(object, name);
    if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
    return value->get<std::uint64_t>();
}

std::optional<fs::path> folder_of(const Json& object, const char* name) {
    const auto text = get_string(object, name);
    if (!text || !text->starts_with('/') || text->find('\0') != std::string::npos) return std::nullopt;
    return fs::path{*text};
}

std::optional<std::vector<std::string>> lines_of(const Json& object) {
    const Json* list = find(object, "asks");
    if (list == nullptr || !list->is_array() || list->size() > kMostLines) return std::nullopt;
    std::vector<std::string> lines;
    for (const Json& line : *list) {
        if (!line.is_string()) return std::nullopt;
        lines.push_back(line.get<std::string>());
    }
    return lines;
}

std::optional<TrustEntry> entry_from(const Json& object) {
    constexpr std::size_t kMembers = 8;
    if (!object.is_object() || object.size() != kMembers) return std::nullopt;
    const auto folder = folder_of(object, "folder"), workspace = folder_of(object, "workspace");
    const auto device = unsigned_of(object, "device"), inode = unsigned_of(object, "inode");
    const auto decision = get_string(object, "decision"), record = get_string(object, "record");
    const auto time = get_string(object, "time");
    auto lines = lines_of(object);
    if (!folder || !workspace || !device || !inode || !decision || !record || !time || !lines)
        return std::nullopt;
    const bool allows = *decision == "allow";
    if (allows ? !is_digest(*record) : *decision != "deny" || !record->empty()) return std::nullopt;
    return TrustEntry{.folder = {.real = *folder, .device = *device, .inode = *inode},
                      .workspace = *workspace,
                      .record = *record,
                      .decision = allows ? Decision::allowed : Decision::denied,
                      .time = *time,
                      .lines = std::move(*lines)};
}

/// Nothing when a single thing is not as entry_from() and print() have it.
std::optional<std::vector<TrustEntry>> entries_from(std::string_view text) {
    const auto read = read_text(text);
    if (!read || !read->findings.empty() || !read->value.is_object()) return std::nullopt;
    const Json& value = read->value;
    const Json* folders = find(value, "folders");
    if (value.size() != 2 || get_int(value, "version") != kVersion || folders == nullptr ||
        !folders->is_array())
        return std::nullopt;
    std::vector<TrustEntry> entries;
    for (const Json& one : *folders) {
        auto entry = entry_from(one);
        if (!entry) return std::nullopt;
        entries.push_back(std::move(*entry));
    }
    return entries;
}

std::string print(const std::vector<TrustEntry>& entries) {
    Json folders = Json::array();
    for (const TrustEntry& entry : entries) {
        folders.push_back({{"folder", entry.folder.real.string()},
                           {"workspace", entry.workspace.string()},
                           {"device", entry.folder.device},
                           {"inode", entry.folder.inode},
                           {"decision", entry.decision == Decision::allowed ? "allow" : "deny"},
                           {"record", entry.record},
                           {"time", entry.time},
                           {"asks", entry.lines}});
    }
    const Json whole = {{"version", kVersion}, {"folders", std::move(folders)}};
    return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool replaces(const TrustEntry& newer, const TrustEntry& older) {
    if (newer.folder.real != older.folder.real) return false;
    const bool refusal = newer.decision == Decision::denied || older.decision == Decision::denied;
    return refusal || newer.workspace == older.workspace;
}

void put(std::vector<TrustEntry>& entries, const TrustEntry& entry) {
    std::erase_if(entries, [&](const TrustEntry& older) { return replaces(entry, older); });
    entries.push_back(entry);
    while (entries.size() > kMostEntries) entries.erase(entries.begin());
}

bool allows(const TrustEntry& entry, const Ask& ask) {
    return entry.decision == Decision::allowed && entry.folder == ask.identity && !ask.record.empty() &&
           entry.record == ask.record;
}

/// What `entries` say about `ask`: a refusal of the folder outweighs everything.
Decision decision_in(const std::vector<TrustEntry>& entries, const Ask& ask) {
    Decision out = Decision::none;
    for (const TrustEntry& entry : entries) {
        if (entry.folder.real != ask.identity.real) continue;
        if (entry.decision == Decision::denied) return Decision::denied;
        if (allows(entry, ask)) out = Decision::allowed;
    }
    return out;
}

bool holds_path(const fs::path& folder, const fs::path& path) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

}  // namespace

std::optional<FolderIdentity> identity_of(Files& files, const fs::path& folder) {
    const auto real = files.real_path(folder);
    if (!real) return std::nullopt;
    const auto stamp = files.stamp(*real);
    if (!stamp) return std::nullopt;
    return FolderIdentity{.real = *real, .device = stamp->device, .inode = stamp->inode};
}

TrustEntry entry_of(const Ask& ask, Decision decision, std::string time) {
    TrustEntry entry{.folder = ask.identity,
                     .workspace = ask.workspace,
                     .record = decision == Decision::allowed ? ask.record : std::string{},
                     .decision = decision,
                     .time = std::move(time),
                     .lines = {}};
    for (const std::string& line : ask.lines) {
        if (entry.lines.size() < kMostLines && line.size() <= kMostLineBytes) entry.lines.push_back(line);
    }
    return entry;
}

// ---- TrustFile

TrustFile::Content TrustFile::read() const {
    Content out;
    if (file_.empty()) return out;
    const auto content = files_.read(file_, kLargestFile);
    const std::string remedy = "; nothing is approved by it, and the next decision moves it aside";
    if (!content) {
        out.stamp = files_.stamp(file_);
        if (content.error() != FileProblem::missing)
            out.fault = "this file of your decisions about projects cannot be read" + remedy;
        return out;
    }
    out.stamp = content->stamp;
    if (content->owner != ::geteuid() || (content->mode & kOthersMayWrite) != 0) {
        out.fault = "others may write this file of your decisions about projects" + remedy;
        return out;
    }
    auto entries = entries_from(content->bytes);
    if (entries) {
        out.entries = std::move(*entries);
    } else {
        out.fault = "this is not a file of decisions about projects as this version writes it" + remedy;
    }
    return out;
}

template <class Change>
TrustFile::Written TrustFile::change(Change change) const {
    Written out;
    const auto failed = [&](std::string_view why) {
        out.failure = file_.string() + ": " + std::string{why};
        return out;
    };
    if (file_.empty()) {
        out.failure = "there is no folder to keep decisions in: neither XDG_STATE_HOME nor HOME is set";
        return out;
    }
    const auto lock = files_.lock(file_.string() + ".lock");
    if (!lock) return failed("it cannot be locked: the folder cannot be written, or another daemon is stuck");
    Content content = read();
    if (!content.fault.empty()) {
        const fs::path aside = file_.string() + ".broken";
        if (!files_.rename(file_, aside))
            return failed("it cannot be used, and cannot be moved aside either");
        out.moved = aside;
    }
    change(content.entries);
    std::string text = print(content.entries);
    while (text.size() > kLargestFile && !content.entries.empty()) {
        content.entries.erase(content.entries.begin());
        text = print(content.entries);
    }
    if (!files_.replace(file_, text)) return failed("it cannot be written");
    return out;
}

TrustFile::Written TrustFile::add(const TrustEntry& entry) const {
    return change([&](std::vector<TrustEntry>& entries) { put(entries, entry); });
}

TrustFile::Written TrustFile::forget(const fs::path& real, bool& found) const {
    return change([&](std::vector<TrustEntry>& entries) {
        found = std::erase_if(entries, [&](const TrustEntry& one) { return one.folder.real == real; }) > 0;
    });
}

// ---- TrustStore

TrustStore::TrustStore(Files& files, fs::path file, fs::path home)
    : files_{files}, file_{files, std::move(file)}, home_{std::move(home)} {}

bool TrustStore::refresh() {
    if (file_.path().empty()) return false;
    if (read_ && files_.stamp(file_.path()) == content_.stamp) return false;
    read_ = true;
    content_ = file_.read();
    return true;
}

void TrustStore::judge(Ask& ask) const {
    if (const auto identity = identity_of(files_, ask.folder)) ask.identity = *identity;
    if (const auto real = files_.real_path(ask.workspace)) ask.workspace = *real;
    ask.barred = bar(ask.identity);
    for (const auto* entries : {&content_.entries, &held_}) {
        for (const TrustEntry& entry : *entries) {
            const bool here = entry.folder.real == ask.identity.real && entry.workspace == ask.workspace;
            if (here && entry.decision == Decision::allowed) ask.before = entry.lines;
        }
    }
    if (!ask.barred.empty()) return;
    ask.decision = decision_in(held_, ask);
    if (ask.decision == Decision::none) ask.decision = decision_in(content_.entries, ask);
}

std::string TrustStore::bar(const FolderIdentity& folder) const {
    if (folder.real.empty()) return "the folder cannot be looked at";
    if (folder.real == folder.real.root_path()) return "the root of the file system is no project";
    if (!is_valid_utf8(folder.real.string()))
        return "its path is not UTF-8, so that no decision about it can be kept; rename the folder";
    if (home_.empty()) return {};
    const auto home = files_.real_path(home_);
    if (holds_path(folder.real, home ? *home : home_))
        return "your home folder, and what holds it, is no project";
    return {};
}

void TrustStore::hold(TrustEntry entry) { put(held_, entry); }

void TrustStore::release(const TrustEntry& entry) {
    std::erase_if(held_, [&](const TrustEntry& one) {
        return one.folder == entry.folder && one.workspace == entry.workspace && one.time == entry.time &&
               one.record == entry.record && one.decision == entry.decision;
    });
}

}  // namespace dragoman::config
