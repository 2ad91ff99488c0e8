#include "server/completion/context/lookup.h"

#include "server/completion/text/lines.h"
#include "server/privacy/secret_text.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

using Path = std::filesystem::path;

constexpr std::size_t kMostFiles = 160, kMostBytes = 256U << 10U;  // of one document; of one file
constexpr std::size_t kMostProbes = 20'000;                        // paths asked for, of one document
constexpr std::size_t kMostInFolder = 256;                         // names of a package that are looked at
constexpr std::size_t kMostKnown = 512;                            // files kept
constexpr float kNear = 1.0F, kSamePackage = 0.9F, kFurther = 0.7F, kNeighbour = 0.4F;
constexpr std::size_t kMostNeighbours = 48;  // of a folder

bool is_binary(std::string_view bytes) { return bytes.substr(0, 8192).find('\0') != std::string_view::npos; }

// How far what is passed on is followed. A header needs what it includes, and its includers come to use it.
int levels(Family family) { return family == Family::c ? 4 : 3; }

// Whether code uses members of objects whose type it never imports.
bool passes_objects(Family family) {
    return family == Family::python || family == Family::script || family == Family::jvm;
}

bool have_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::any_of(a.begin(), a.end(),
                       [&](const std::string& one) { return std::find(b.begin(), b.end(), one) != b.end(); });
}

// Whether a type of the file inherits something that the import brings.
bool brings_base(const Import& import, const OutlinedFile& file) {
    std::string last = import.target.substr(import.target.find_last_of("./:") + 1);
    std::vector<Word> brought{word_of(last)};
    for (const std::string& name : import.names) brought.push_back(word_of(name));
    return std::any_of(file.entries.begin(), file.entries.end(), [&](const OutlinedFile::Entry& entry) {
        return entry.declaration.kind == Declaration::Kind::type &&
               std::any_of(entry.mentioned.begin(), entry.mentioned.end(), [&](Word word) {
                   return std::find(brought.begin(), brought.end(), word) != brought.end();
               });
    });
}

// A test of the package is no part of what the package offers.
bool is_test(const std::string& name) { return name.ends_with("_test.go"); }

}  // namespace

class Lookup::Run {
public:
    Run(Lookup& lookup, const Question& question)
        : lookup_{lookup}, files_{lookup.files_}, question_{question}, from_{importer(question.file)} {
        from_.package = question.package;
        for (const Path& folder : from_.folders) {
            if (auto real = files_.real_path(folder)) real_folders_.push_back(std::move(*real));
        }
        own_ = files_.real_path(question.file).value_or(question.file);
        seen_.insert(own_);
        if (question.family == Family::go) find_go_module();
    }

    std::vector<FoundFile> run() {
        if (question_.config == nullptr || question_.family == Family::none) return {};
        const float own = question_.family == Family::c ? kNear : kSamePackage;
        follow_all(implied(from_), {.closeness = own, .own = true});
        for (const Import& import : question_.imports) follow(import, from_, kNear);
        pass_on();
        take_neighbours();
        return std::move(found_);
    }
    const std::set<Path>& seen() const { return seen_; }

private:
    Importer importer(const Path& file) const {
        Importer from{.file = file.lexically_normal(), .family = question_.family};
        for (const Path& folder : question_.folders) {
            Path normal = folder.lexically_normal();
            if (!normal.has_filename()) normal = normal.parent_path();  // a slash at its end
            if (normal.is_absolute()) from.folders.push_back(std::move(normal));
        }
        return from;
    }

    void find_go_module() {
        for (const Path& folder : ancestors(from_.file, from_.folders)) {
            const auto path = allowed(folder / "go.mod");
            if (!path) continue;
            const auto content = files_.read(*path, kMostBytes);
            if (!content.ok()) continue;
            from_.module = go_module_of(content->bytes);
            from_.module_folder = folder;
            return;
        }
    }

    // Level by level: headers that headers include, modules that modules export.
    void pass_on() {
        float closeness = kNear;
        std::size_t begin = 0;
        for (int level = 0; level < levels(question_.family); ++level) {
            const std::size_t end = found_.size();
            closeness *= kFurther;
            for (std::size_t i = begin; i < end && has_room(); ++i) pass_on(i, closeness);
            begin = end;
        }
    }
    void pass_on(std::size_t index, float closeness) {
        const auto read = reads_[index];
        const Path path = found_[index].path;
        Importer from = importer(path);
        from.package = read->package;
        from.module = from_.module;
        from.module_folder = from_.module_folder;
        for (const Import& import : read->imports) {
            if (passes_on(import, index)) follow(import, from, closeness);
        }
    }

    // Whether what a file imports comes to who imports the file: exported again, asked for by its name, or
    // the base of a type.
    bool passes_on(const Import& import, std::size_t index) const {
        const FoundFile& found = found_[index];
        const bool exports = question_.family != Family::python || found.path.stem() == "__init__";
        if (import.exported && exports) return true;
        if (!passes_objects(question_.family)) return false;
        return have_common(import.names, found.imported.names) || brings_base(import, *found.imported.file);
    }

    void take_neighbours() {
        for (const Path& folder : neighbouring_folders(from_)) {
            const auto real = files_.real_path(folder);
            if (!real || !is_below(*real, real_folders_)) continue;
            std::size_t left = kMostNeighbours;
            for (const std::string& name : files_.list(*real, kMostInFolder)) {
                if (!has_room() || left == 0) break;
                if (family_of_path(name) != question_.family || is_test(name)) continue;
                if (take(folder / name, {.closeness = kNeighbour})) --left;
            }
        }
    }

    bool has_room() const { return found_.size() < kMostFiles && probes_ < kMostProbes; }

    void follow(const Import& import, const Importer& from, float closeness) {
        if (!has_room()) return;
        const Path header = from_.file.stem();
        ImportedFile as{.closeness = closeness, .names = import.names};
        as.own = question_.family == Family::c && closeness >= kNear && Path{import.target}.stem() == header;
        follow_all(candidates(import, from), as);
    }

    void follow_all(const std::vector<Choice>& choices, const ImportedFile& as) {
        for (const Choice& choice : choices) {
            for (const Candidate& one : choice) {
                if (!has_room()) return;
                if (one.folder ? take_folder(one.path, as) : take(one.path, as)) break;
            }
        }
    }

    bool take_folder(const Path& folder, const ImportedFile& as) {
        ++probes_;
        const auto real = files_.real_path(folder);
        if (!real || !is_below(*real, real_folders_)) return false;
        bool any = false;
        for (const std::string& name : files_.list(*real, kMostInFolder)) {
            if (!has_room()) break;
            if (family_of_path(name) == question_.family && !is_test(name))
                any = take(folder / name, as) || any;
        }
        return any;
    }

    // Where `path` leads, if that may be read.
    std::optional<Path> allowed(const Path& path) {
        ++probes_;
        auto real = files_.real_path(path);
        if (!real || !is_below(*real, real_folders_)) return std::nullopt;
        if (question_.config->excluded(path) || question_.config->excluded(*real)) return std::nullopt;
        return real;
    }

    // True when `path` is there and is one to read, even if it was read before.
    bool take(const Path& path, const ImportedFile& as) {
        const auto real = allowed(path);
        if (!real) return false;
        if (seen_.count(*real) != 0) {
            add_names(*real, as);
            return true;
        }
        const auto read = read_file(path, *real);
        if (!read) return false;
        seen_.insert(*real);
        FoundFile found{.path = path, .real = *real, .imported = as};
        found.imported.file = read->outlined;
        found_.push_back(std::move(found));
        reads_.push_back(read);
        return true;
    }

    // A second import of a file that is there already.
    void add_names(const Path& real, const ImportedFile& as) {
        const auto known = std::find_if(found_.begin(), found_.end(),
                                        [&](const FoundFile& one) { return one.real == real; });
        if (known == found_.end()) return;
        auto& names = known->imported.names;
        names.insert(names.end(), as.names.begin(), as.names.end());
        known->imported.own = known->imported.own || as.own;
    }

    std::shared_ptr<const Read> read_file(const Path& path, const Path& real) {
        auto& known = lookup_.known_[real];
        if (known && files_.stamp(real) == known->stamp) return known;
        known = nullptr;
        const auto content = files_.read(real, kMostBytes);
        if (!content.ok() || is_binary(content->bytes)) return nullptr;
        // A link may have taken the file's place since it was looked at.
        if (!content->real.empty() && content->real != real) return nullptr;
        const std::string text = privacy::mask_secrets(normalise_line_ends(content->bytes)).text;
        const Family own = family_of_path(path.string());
        const Family family = own == Family::none ? question_.family : own;
        auto read = std::make_shared<Read>();
        read->stamp = content->stamp;
        read->outlined =
            std::make_shared<OutlinedFile>(outlined_file(shown(path), family, outline(text, family), text));
        read->imports = find_imports(text, family);
        read->package = package_of(text);
        known = read;
        return read;
    }

    // Relative to the workspace folder that it lies in.
    std::string shown(const Path& path) const {
        for (const Path& folder : from_.folders) {
            if (is_below(path, {folder})) return path.lexically_relative(folder).generic_string();
        }
        return path.filename().string();
    }

    Lookup& lookup_;
    Files& files_;
    const Question& question_;
    Importer from_;
    std::vector<Path> real_folders_;
    Path own_;
    std::set<Path> seen_;
    std::vector<FoundFile> found_;
    std::vector<std::shared_ptr<const Read>> reads_;  // of found_
    std::size_t probes_ = 0;
};

std::vector<FoundFile> Lookup::find(const Question& question) {
    Run run{*this, question};
    auto found = run.run();
    if (known_.size() > kMostKnown) {
        std::erase_if(known_, [&](const auto& one) { return run.seen().count(one.first) == 0; });
    }
    return found;
}

}  // namespace dragoman::completion
