#include "server/config/store.h"

#include "server/config/build.h"

#include <algorithm>
#include <set>

namespace dragoman::config {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProjectFile = ".dragoman.json";
constexpr std::size_t kMostCached = 256;

std::string sentence(FileProblem problem) {
    switch (problem) {
        case FileProblem::missing: return "there is no such file";
        case FileProblem::not_regular: return "this is not a regular file and was not read";
        case FileProblem::too_large: return "the file is larger than 1 MiB and was not read";
        case FileProblem::unreadable: return "the file cannot be read: look at its permissions";
    }
    return {};
}

fs::path plain(const fs::path& path) {
    const fs::path normal = path.lexically_normal();
    return normal.has_filename() || !normal.has_relative_path() ? normal : normal.parent_path();
}

// The path without symbolic links, as far as it exists.
fs::path real(const fs::path& path) {
    std::error_code failed;
    fs::path out = fs::weakly_canonical(path, failed);
    return failed ? path : plain(out);
}

bool holds(const fs::path& folder, const fs::path& path) {
    return !folder.empty() &&
           std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

std::size_t depth(const fs::path& path) {
    return static_cast<std::size_t>(std::distance(path.begin(), path.end()));
}

// The first preset with a key at hand, so that a hint proposes what is likely to work.
std::string suggested(const Environment& environment) {
    for (const std::string& name : preset_names()) {
        const Json& data = preset(name);
        const Json* key = find(data, "key");
        const auto variable = key == nullptr ? std::nullopt : get_string(*key, "env");
        if (find(data, "models") != nullptr && variable && environment && environment(*variable)) return name;
    }
    return preset_names().front();
}

}  // namespace

class Store::Impl {
public:
    Impl(Files& files, Paths paths, Environment environment)
        : files_{files}, paths_{std::move(paths)}, environment_{std::move(environment)} {
        user_file_ = paths_.config_file;
    }

    void set_editor_settings(const Json& overlay, bool user_level) {
        editor_ = overlay_of(overlay, user_level ? Voice::user : Voice::repository);
        ++generation_;
    }
    void set_session_overlay(const Json& overlay) {
        session_ = overlay_of(overlay, Voice::user);
        ++generation_;
    }
    void set_discovered(const Json& overlay) {
        discovered_ = overlay_of(overlay, Voice::user);
        ++generation_;
    }
    void set_folders(const std::vector<fs::path>& folders) {
        folders_.clear();
        for (const fs::path& folder : folders) folders_.push_back(plain(folder));
        ++generation_;
    }
    void use_user_file(fs::path file) {
        user_file_ = std::move(file);
        must_exist_ = true;
        ++generation_;
    }

    std::shared_ptr<const Effective> effective(const fs::path& path) {
        const fs::path folder = path.empty() ? fs::path{} : place_of(plain(path));
        return effective_in(folder.empty() && !folders_.empty() ? folders_.front() : folder);
    }

    std::map<fs::path, std::vector<Problem>> problems_by_file() {
        std::set<fs::path> places;
        for (const auto& [folder, ignored] : results_) places.insert(folder);
        std::map<fs::path, std::vector<Problem>> out;
        for (const fs::path& folder : places) {
            for (const Problem& problem : effective_in(folder)->problems) {
                if (problem.path.empty()) continue;
                auto& its = out[problem.path];
                if (std::find(its.begin(), its.end(), problem) == its.end()) its.push_back(problem);
            }
        }
        for (const auto& [file, ignored] : out) troubled_.insert(file);
        for (const fs::path& file : troubled_) out.try_emplace(file);
        return out;
    }

private:
    struct File {
        std::optional<FileStamp> stamp{};
        std::shared_ptr<const Settings> settings{};  // the last good content; none: no such file
        std::optional<Problem> problem{};            // why what is there now is not used
        std::uint64_t revision = 0;
    };
    struct Outcome {
        std::vector<std::uint64_t> revisions;
        std::shared_ptr<const Effective> effective;
    };

    static std::shared_ptr<const Settings> overlay_of(const Json& overlay, Voice voice) {
        if (overlay.is_null() || (overlay.is_object() && overlay.empty())) return nullptr;
        return std::make_shared<const Settings>(settings_from(overlay, "editor", voice));
    }

    // The folder that decides for the document at `path`: a workspace folder counts as itself.
    fs::path place_of(const fs::path& path) const {
        const bool is_folder = std::find(folders_.begin(), folders_.end(), path) != folders_.end();
        return is_folder ? path : path.parent_path();
    }

    // The workspace folder that holds `place`, the deepest of several.
    fs::path workspace_of(const fs::path& place) const {
        fs::path best;
        for (const fs::path& folder : folders_) {
            if (holds(folder, place) && depth(folder) > depth(best)) best = folder;
        }
        return best;
    }

    // The project files that may speak for `place`, outermost first.
    static std::vector<fs::path> project_files(const fs::path& root, const fs::path& place) {
        std::vector<fs::path> out;
        if (root.empty()) return out;
        fs::path at = root;
        out.push_back(at / kProjectFile);
        for (const fs::path& part : place.lexically_relative(root)) {
            if (part == ".") continue;
            at /= part;
            out.push_back(at / kProjectFile);
        }
        return out;
    }

    std::shared_ptr<const Effective> effective_in(const fs::path& place) {
        const fs::path root = workspace_of(place);
        const auto project = project_files(root, place);
        std::vector<std::uint64_t> revisions{generation_};
        revisions.push_back(refresh(user_file_, Voice::user, {}).revision);
        for (const fs::path& file : project)
            revisions.push_back(refresh(file, Voice::repository, root).revision);
        const auto known = results_.find(place);
        if (known != results_.end() && known->second.revisions == revisions) return known->second.effective;
        if (known == results_.end() && results_.size() >= kMostCached) results_.erase(results_.begin());
        auto built = build(root, place, project);
        results_[place] = Outcome{std::move(revisions), built};
        return built;
    }

    std::shared_ptr<const Effective> build(const fs::path& root, const fs::path& place,
                                           const std::vector<fs::path>& project) {
        Sources sources;
        sources.project = root;
        sources.user_file = user_file_;
        sources.home = paths_.home;
        sources.suggested_preset = suggested(environment_);
        if (discovered_) sources.layers.push_back(layer_of(discovered_));
        add_file(sources, user_file_);
        for (const fs::path& file : project) add_file(sources, file);
        if (const auto& user = files_known_[user_file_].settings) {
            if (const auto key = project_key(*user, place))
                sources.layers.push_back(project_layer(user, *key));
        }
        if (editor_) sources.layers.push_back(layer_of(editor_));
        if (session_) sources.layers.push_back(layer_of(session_));
        return build_effective(sources);
    }

    void add_file(Sources& sources, const fs::path& path) {
        const File& file = files_known_[path];
        if (file.problem) sources.problems.push_back(*file.problem);
        if (file.settings) sources.layers.push_back(layer_of(file.settings));
    }

    // The key below "projects" whose folder is the longest that holds `place`.
    std::optional<std::string> project_key(const Settings& user, const fs::path& place) const {
        std::optional<std::string> best;
        std::size_t longest = 0;
        if (user.projects.empty() || place.empty()) return best;
        const fs::path real_place = real(place);
        for (const auto& [key, settings] : user.projects.items()) {
            const fs::path folder = plain(expand_home(key, paths_.home));
            if (!settings.is_object() || !folder.is_absolute()) continue;
            const bool matches = holds(folder, place) || holds(real(folder), real_place);
            if (!matches || depth(folder) <= longest) continue;
            longest = depth(folder);
            best = key;
        }
        return best;
    }

    // Looks at a file and reads it when its stamp changed. `root`: the folder it must not lead out of.
    const File& refresh(const fs::path& path, Voice voice, const fs::path& root) {
        File& file = files_known_[path];
        const auto stamp = files_.stamp(path);
        if (file.revision != 0 && stamp == file.stamp) return file;
        file.stamp = stamp;
        file.revision = ++revisions_;
        file.problem.reset();
        const bool leads_out = stamp && voice == Voice::repository && !holds(real(root), real(path));
        if (leads_out) {
            return blame(file, path, "this is a link out of the workspace folder and was not read");
        }
        auto content = files_.read(path, kLargestFile);
        if (!content) {
            if (content.error() != FileProblem::missing) return blame(file, path, sentence(content.error()));
            file.settings.reset();
            if (must_exist_ && voice == Voice::user) return blame(file, path, sentence(content.error()));
            return file;
        }
        file.stamp = content->stamp;
        auto settings = read_settings(path, content->bytes, voice);
        if (!settings) {
            file.problem = std::move(settings).error();
            return file;
        }
        file.settings = std::make_shared<const Settings>(std::move(settings).value());
        return file;
    }

    static const File& blame(File& file, const fs::path& path, std::string message) {
        file.problem.emplace();
        file.problem->path = path;
        file.problem->message = std::move(message);
        return file;
    }

    Files& files_;
    const Paths paths_;
    const Environment environment_;
    fs::path user_file_;
    bool must_exist_ = false;
    std::vector<fs::path> folders_;
    std::shared_ptr<const Settings> discovered_, editor_, session_;

    std::map<fs::path, File> files_known_;
    std::map<fs::path, Outcome> results_;  // by folder of documents
    std::set<fs::path> troubled_;          // files that had a problem once
    std::uint64_t revisions_ = 0, generation_ = 0;
};

Store::Store(Files& files, Paths paths, Environment environment)
    : impl_{std::make_unique<Impl>(files, std::move(paths), std::move(environment))} {}
Store::~Store() = default;

void Store::set_editor_settings(const Json& overlay, bool user_level) {
    impl_->set_editor_settings(overlay, user_level);
}
void Store::set_folders(const std::vector<std::filesystem::path>& folders) { impl_->set_folders(folders); }
void Store::set_discovered(const Json& overlay) { impl_->set_discovered(overlay); }
void Store::set_session_overlay(const Json& overlay) { impl_->set_session_overlay(overlay); }
void Store::use_user_file(std::filesystem::path file) { impl_->use_user_file(std::move(file)); }
std::shared_ptr<const Effective> Store::effective(const std::filesystem::path& path) {
    return impl_->effective(path);
}
std::map<std::filesystem::path, std::vector<Problem>> Store::problems_by_file() {
    return impl_->problems_by_file();
}

}  // namespace dragoman::config
