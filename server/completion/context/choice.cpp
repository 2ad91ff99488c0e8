#include "server/completion/context/choice.h"

#include "server/support/tokens.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace dragoman::completion {
namespace {

using Entry = OutlinedFile::Entry;

// A signature must be worth this much, its comment that much; signatures get at most this share of the
// budget.
constexpr float kWorthSignature = 0.12F, kWorthDoc = 0.9F;
constexpr double kShareOfSignatures = 0.28;
constexpr std::size_t kOpening = 4;  // tokens around a path or the name of a list
constexpr std::size_t kMostCandidates = 1'000;

enum class Shown : char { no, name, line, line_and_doc };

// The files that one piece tells of: those of a folder in Go, where a package is one.
struct Group {
    std::string shown;
    std::vector<std::size_t> files;
};

std::string group_name(const OutlinedFile& file) {
    const bool package = file.family == Family::go;
    const std::size_t slash = file.shown.rfind('/');
    return package && slash != std::string::npos ? file.shown.substr(0, slash) : file.shown;
}

// Chooses what is shown of each declaration, as long as the budget reaches.
class Choosing {
public:
    Choosing(const std::vector<ImportedFile>& files, const Neighbourhood& near, std::size_t budget)
        : files_{files}, near_{near}, budget_{budget} {
        std::unordered_map<std::string, std::size_t> known;
        for (std::size_t f = 0; f < files.size(); ++f) {
            shown_.emplace_back(files[f].file->entries.size(), Shown::no);
            const std::string name = group_name(*files[f].file);
            const auto [at, first] = known.try_emplace(name, groups_.size());
            if (first) groups_.push_back({.shown = name, .files = {}});
            group_of_.push_back(at->second);
            groups_[at->second].files.push_back(f);
        }
        opened_.resize(groups_.size());
    }

    void choose(const std::vector<Scored>& all) {
        const auto share = static_cast<std::size_t>(static_cast<double>(budget_) * kShareOfSignatures);
        for (const Scored& one : all) {
            if (one.score < kWorthSignature) break;
            line(one, share);
        }
        for (const Scored& one : all) name(one);
        // What is left when all has its name.
        for (const Scored& one : all) {
            if (one.score < kWorthSignature) break;
            line(one, budget_);
        }
    }
    const std::vector<std::vector<Shown>>& shown() const { return shown_; }
    const std::vector<Group>& groups() const { return groups_; }
    std::size_t group_of(std::size_t file) const { return group_of_[file]; }

private:
    const Entry& entry(const Scored& one) const { return files_[one.file].file->entries[one.entry]; }

    // What the path costs where nothing of a group is shown yet.
    std::size_t opening(std::size_t file) const {
        const std::size_t group = group_of_[file];
        return opened_[group] ? 0 : estimate_tokens(groups_[group].shown) + kOpening;
    }
    // The type that an entry is a member of, by name; npos: it is not in the file.
    std::size_t parent_of(const Scored& one) const {
        const Entry& member = entry(one);
        if (member.parent == 0) return std::string::npos;
        const auto& entries = files_[one.file].file->entries;
        for (std::size_t i = one.entry; i > 0; --i) {
            if (entries[i - 1].name == member.parent &&
                entries[i - 1].declaration.kind == Declaration::Kind::type)
                return i - 1;
        }
        return std::string::npos;
    }
    bool spend(std::size_t tokens, std::size_t limit, std::size_t file) {
        if (spent_ + tokens > limit) return false;
        spent_ += tokens;
        opened_[group_of_[file]] = true;
        return true;
    }

    void line(const Scored& one, std::size_t limit) {
        Shown& shown = shown_[one.file][one.entry];
        if (shown >= Shown::line) return;
        const Entry& wanted = entry(one);
        std::size_t cost = wanted.line_tokens + opening(one.file);
        const std::size_t parent = parent_of(one);
        const bool with_parent = parent != std::string::npos && shown_[one.file][parent] < Shown::line;
        if (with_parent) cost += files_[one.file].file->entries[parent].line_tokens;
        if (!spend(cost, limit, one.file)) return;
        tell(wanted);
        shown = Shown::line;
        if (with_parent) {
            tell(files_[one.file].file->entries[parent]);
            shown_[one.file][parent] = Shown::line;
        }
        if (one.score < kWorthDoc || wanted.declaration.doc.empty()) return;
        if (spend(estimate_tokens(wanted.declaration.doc) + 2, limit, one.file)) shown = Shown::line_and_doc;
    }

    void name(const Scored& one) {
        Shown& shown = shown_[one.file][one.entry];
        const Entry& wanted = entry(one);
        const bool overridden = wanted.declaration.hidden && files_[one.file].file->family == Family::c;
        if (shown != Shown::no || (overridden && !files_[one.file].own)) return;
        if (near_.shows(wanted.name) || told_.count(wanted.name) != 0) return;
        // The first of a type stands as Type.name, more of them in a list of their own.
        std::size_t& listed = lists_[group_of_[one.file]][wanted.parent];
        std::size_t list = 0;
        if (wanted.parent != 0 && listed == 0) list = estimate_tokens(wanted.declaration.parent) + 1;
        if (wanted.parent != 0 && listed == 1) list = kOpening;
        if (!spend(wanted.name_tokens + list + opening(one.file), budget_, one.file)) return;
        ++listed;
        told_.insert(wanted.name);
        shown = Shown::name;
    }

    void tell(const Entry& entry) {
        told_.insert(entry.name);
        told_.insert(entry.mentioned.begin(), entry.mentioned.end());
    }

    const std::vector<ImportedFile>& files_;
    const Neighbourhood& near_;
    std::size_t budget_, spent_ = 0;
    std::vector<std::vector<Shown>> shown_;
    std::vector<Group> groups_;
    std::vector<std::size_t> group_of_;  // of a file
    std::vector<bool> opened_;           // groups
    std::unordered_map<std::size_t, std::unordered_map<Word, std::size_t>>
        lists_;  // names, by group and type
    std::unordered_set<Word> told_;
};

std::string_view comment_mark(Family family) {
    switch (family) {
        case Family::python:
        case Family::ruby:
        case Family::shell: return "# ";
        case Family::lua: return "-- ";
        default: return "// ";
    }
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

// What was chosen of some files, in their order: signatures, then names.
std::string written(const Group& group, const std::vector<ImportedFile>& files,
                    const std::vector<std::vector<Shown>>& shown) {
    std::string text, mark;
    std::vector<std::pair<std::string, std::vector<std::string>>> lists{{"", {}}};  // by type, in order
    for (const std::size_t f : group.files) {
        mark = comment_mark(files[f].file->family);
        for (std::size_t i = 0; i < shown[f].size(); ++i) {
            const Declaration& one = files[f].file->entries[i].declaration;
            if (shown[f][i] == Shown::name) {
                auto list = std::find_if(lists.begin(), lists.end(),
                                         [&](const auto& known) { return known.first == one.parent; });
                if (list == lists.end()) list = lists.insert(lists.end(), {one.parent, {}});
                list->second.push_back(one.name);
            } else if (shown[f][i] != Shown::no) {
                text += (one.parent.empty() ? "" : "    ") + line_of(one);
                if (shown[f][i] == Shown::line_and_doc) text += "  " + mark + one.doc;
                text += "\n";
            }
        }
    }
    for (auto& [type, names] : lists) {
        if (type.empty() || names.size() > 1) continue;
        lists.front().second.push_back(type + "." + names.front());
        names.clear();
    }
    for (const auto& [type, names] : lists) {
        if (!names.empty()) text += mark + (type.empty() ? "also" : type) + ": " + joined(names) + "\n";
    }
    return text;
}

}  // namespace

std::vector<Piece> choose_definitions(const DefinitionIndex& index, const Neighbourhood& near,
                                      std::size_t budget) {
    const std::vector<ImportedFile>& files = index.files();
    const std::vector<Scored> all = index.rank(near, std::min(budget, kMostCandidates));
    Choosing choosing{files, near, budget};
    choosing.choose(all);
    // A group comes where its best declaration does.
    std::vector<Piece> pieces;
    std::vector<bool> placed(choosing.groups().size());
    std::size_t spent = 0;
    for (const Scored& one : all) {
        const std::size_t g = choosing.group_of(one.file);
        if (placed[g]) continue;
        placed[g] = true;
        const Group& group = choosing.groups()[g];
        Piece piece{.kind = Piece::Kind::definition,
                    .path = group.shown,
                    .text = written(group, files, choosing.shown())};
        piece.tokens = estimate_tokens(piece.text);
        if (piece.text.empty() || spent + piece.tokens > budget) continue;
        spent += piece.tokens;
        pieces.push_back(std::move(piece));
    }
    return pieces;
}

}  // namespace dragoman::completion
