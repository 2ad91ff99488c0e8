#include "server/config/store.h"

#include "server/config/build.h"
#include "server/config/project.h"

#include <algorithm>
#include <set>

namespace dragoman::config {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLeadsOut = "this is a link out of the workspace folder and was not read";
constexpr std::size_t kMostCached = 256;

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
        : files_{files},
          paths_{std::move(paths)},
          environment_{std::move(environment)},
          trust_{files, paths_.state_dir.empty() ? fs::path{} : paths_.state_dir / "trust.json",
                 paths_.home} {
        user_file_ = paths_.config_file;
    }

    void set_editor_settings(const Json& overlay, bool user_level) {
        editor_ = overlay_of(overlay, "editor", user_level ? Voice::user : Voice::repository);
        ++generation_;
    }
    void set_session_overlay(const Json& overlay) {
        session_ = overlay_of(overlay, "session", Voice::user);
        ++generation_;
    }
    void set_discovered(const Json& overlay) {
        discovered_ = overlay_of(overlay, "editor", Voice::user);
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

    TrustStore& trust() { return trust_; }
    void hold(TrustEntry entry) {
        trust_.hold(std::move(entry));
        ++generation_;
    }
    void release(const TrustEntry& entry) {
        trust_.release(entry);
        ++generation_;
    }

    std::shared_ptr<const Effective> of_folder(const fs::path& folder) { return effective_in(plain(folder)); }

    std::shared_ptr<const Effective> effective(const fs::path& path) { return effective_in(place_for(path)); }
    std::shared_ptr<const Effective> outside() { return effective_in({}); }

    Target in_user_file(std::vector<std::string> path) const {
        return {user_file_, Voice::user, std::move(path)};
    }

    Target for_folder(const fs::path& folder, std::vector<std::string> path) {
        const std::string key = key_of(plain(folder));
        path.insert(path.begin(), {"projects", key});
        return in_user_file(std::move(path));
    }

    Result<Target, std::string> for_project(const fs::path& document, std::vector<std::string> path) {
        const fs::path place = place_for(document), root = workspace_of(place);
        if (root.empty()) return std::string{"there is no project: the document is in no workspace folder"};
        if (const auto& user = refresh(user_file_, Voice::user, {}).settings) {
            const auto keys = project_keys(*user, place);
            for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
                if (!says(user->projects.at(key->first), path)) continue;
                path.insert(path.begin(), {"projects", key->first});
                return in_user_file(std::move(path));
            }
        }
        const auto files = project_files(root, place);
        for (auto file = files.rbegin(); file != files.rend(); ++file) {
            const File& known = refresh(*file, Voice::repository, root);
            if (!known.stamp) continue;
            if (known.problem) return file->string() + ": " + known.problem->message;
            return Target{*file, Voice::repository, std::move(path)};
        }
        return for_folder(root, std::move(path));
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

    static std::shared_ptr<const Settings> overlay_of(const Json& overlay, const char* name, Voice voice) {
        if (overlay.is_null() || (overlay.is_object() && overlay.empty())) return nullptr;
        return std::make_shared<const Settings>(settings_from(overlay, name, voice));
    }

    // The same for a path that may be empty: the first workspace folder.
    fs::path place_for(const fs::path& path) const {
        const fs::path folder = path.empty() ? fs::path{} : place_of(plain(path));
        return folder.empty() && !folders_.empty() ? folders_.front() : folder;
    }

    static bool says(const Json& settings, const std::vector<std::string>& path) {
        const Json* at = &settings;
        for (const std::string& part : path) {
            if (!at->is_object() || !at->contains(part)) return false;
            at = &at->at(part);
        }
        return true;
    }

    // How the user's file names a folder below "projects": as it does already, else with ~ where that is
    // shorter.
    std::string key_of(const fs::path& folder) {
        if (const auto& user = refresh(user_file_, Voice::user, {}).settings) {
            for (const auto& [key, ignored] : user->projects.items()) {
                if (plain(expand_home(key, paths_.home)) == folder) return key;
            }
        }
        const bool at_home = !paths_.home.empty() && folder != paths_.home && holds(paths_.home, folder);
        return at_home ? "~/" + folder.lexically_relative(paths_.home).string() : folder.string();
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
        if (trust_.refresh()) ++generation_;
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
        if (!root.empty()) sources.real_project = real(root);
        sources.user_file = user_file_;
        sources.home = paths_.home;
        sources.suggested_preset = suggested(environment_);
        sources.judge = [&](Ask& ask) {
            trust_.judge(ask);
            if (trust_.fault().empty()) return;
            auto& fault = sources.problems.emplace_back();
            fault.path = trust_.file().path();
            fault.message = trust_.fault();
        };
        if (discovered_) sources.layers.push_back(layer_of(discovered_));
        add_file(sources, user_file_);
        for (const fs::path& file : project) add_file(sources, file);
        if (const auto& user = files_known_[user_file_].settings) {
            for (auto& [key, folder] : project_keys(*user, place))
                sources.layers.push_back(project_layer(user, key, std::move(folder)));
            if (!sources.unreadable) sources.unreadable = lost_section(*user, place);
        }
        if (editor_) sources.layers.push_back(layer_of(editor_));
        if (session_) sources.layers.push_back(layer_of(session_));
        sources.elsewhere = [self = std::weak_ptr<Impl*>{self_}](const fs::path& path) {
            const auto store = self.lock();
            return store ? (*store)->elsewhere(path) : std::vector<std::shared_ptr<const Effective>>{};
        };
        return build_effective(sources);
    }

    // A part of a repository may be opened as well as the whole of it, and a glob begins at what is open: the
    // globs count from both.
    std::vector<std::shared_ptr<const Effective>> elsewhere(const fs::path& path) {
        const fs::path place = place_of(plain(path));
        std::vector<std::shared_ptr<const Effective>> out{effective_in(place)};
        if (!workspace_of(place).empty()) return out;
        const auto nearest = project_above(files_, place);
        if (!nearest) return out;
        const fs::path outermost = repository_above(files_, place).value_or(*nearest);
        const auto exclude = excluded_from(outermost, place);
        for (const fs::path& project : std::set<fs::path>{outermost, *nearest}) {
            const auto its = std::make_shared<Effective>();
            its->project = project;
            its->exclude = exclude;
            out.push_back(its);
        }
        return out;
    }

    // What the project files from `root` down to `place` exclude, which is all that counts of them: they are
    // in no workspace folder.
    std::vector<std::string> excluded_from(const fs::path& root, const fs::path& place) {
        if (files_elsewhere_.size() >= kMostCached) files_elsewhere_.clear();
        std::vector<std::string> out;
        for (const fs::path& path : project_files(root, place)) {
            const File& file = refresh(files_elsewhere_[path], path, Voice::repository, root);
            const Json* privacy = file.settings ? find(file.settings->value, "privacy") : nullptr;
            const Json* globs = privacy != nullptr ? find(*privacy, "exclude") : nullptr;
            if (globs == nullptr) continue;
            for (const Json& glob : *globs) out.push_back(glob.get<std::string>());
        }
        return out;
    }

    void add_file(Sources& sources, const fs::path& path) {
        const File& file = files_known_[path];
        if (file.problem) sources.problems.push_back(*file.problem);
        if (file.problem && !file.settings && path == user_file_) sources.unreadable = file.problem;
        if (file.settings) sources.layers.push_back(layer_of(file.settings));
    }

    // What the user's file says about folders that may hold `place`, where the schema refused all of it.
    std::optional<Problem> lost_section(const Settings& user, const fs::path& place) const {
        const Json::json_pointer projects{"/projects"};
        for (const auto& [at, why] : user.refused) {
            const Json::json_pointer refused{at};
            if (refused == projects) return user.told(why, {"projects"});
            if (refused.parent_pointer() == projects && named_around(refused.back(), place))
                return user.told(why, {"projects", refused.back()});
        }
        return std::nullopt;
    }

    // The folder that `key`, of "projects", names, where its links lead; nothing where that does not hold
    // `place`, neither by its name nor really.
    std::optional<fs::path> named_around(const std::string& key, const fs::path& place) const {
        const fs::path folder = plain(expand_home(key, paths_.home));
        if (!folder.is_absolute() || place.empty()) return std::nullopt;
        fs::path its = real(folder);
        if (!holds(folder, place) && !holds(its, real(place))) return std::nullopt;
        return its;
    }

    // The keys below "projects" whose folders hold `place`, and these, outermost first.
    std::vector<std::pair<std::string, fs::path>> project_keys(const Settings& user,
                                                               const fs::path& place) const {
        std::vector<std::pair<std::string, fs::path>> out;
        for (const auto& [key, settings] : user.projects.items()) {
            auto folder = settings.is_object() ? named_around(key, place) : std::nullopt;
            if (folder) out.emplace_back(key, std::move(*folder));
        }
        std::stable_sort(out.begin(), out.end(), [](const auto& left, const auto& right) {
            return depth(left.second) < depth(right.second);
        });
        return out;
    }

    // Looks at a file and reads it when its stamp changed. `root`: the folder it must not lead out of.
    const File& refresh(const fs::path& path, Voice voice, const fs::path& root) {
        return refresh(files_known_[path], path, voice, root);
    }

    const File& refresh(File& file, const fs::path& path, Voice voice, const fs::path& root) {
        const auto stamp = files_.stamp(path);
        if (file.revision != 0 && stamp == file.stamp) return file;
        file.stamp = stamp;
        file.revision = ++revisions_;
        file.problem.reset();
        const bool leads_out = stamp && voice == Voice::repository && !holds(real(root), real(path));
        if (leads_out) {
            return blame(file, path, kLeadsOut);
        }
        auto content = files_.read(path, kLargestFile);
        if (!content) {
            if (content.error() != FileProblem::missing) return blame(file, path, sentence(content.error()));
            file.settings.reset();
            if (must_exist_ && voice == Voice::user) return blame(file, path, sentence(content.error()));
            return file;
        }
        file.stamp = content->stamp;
        // Asked again of what was opened: a link may have taken the file's place since.
        if (voice == Voice::repository && !content->real.empty() && !holds(real(root), content->real))
            return blame(file, path, kLeadsOut);
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
    TrustStore trust_;

    std::map<fs::path, File> files_known_;
    std::map<fs::path, File> files_elsewhere_;  // of projects in no workspace folder
    std::map<fs::path, Outcome> results_;       // by folder of documents
    std::set<fs::path> troubled_;               // files that had a problem once
    std::uint64_t revisions_ = 0, generation_ = 0;
    const std::shared_ptr<Impl*> self_ = std::make_shared<Impl*>(this);
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
std::shared_ptr<const Effective> Store::effective_in(const std::filesystem::path& folder) {
    return impl_->of_folder(folder);
}
void Store::hold(TrustEntry entry) { impl_->hold(std::move(entry)); }
void Store::release(const TrustEntry& entry) { impl_->release(entry); }
const TrustFile& Store::trust_file() const { return impl_->trust().file(); }
std::shared_ptr<const Effective> Store::outside() { return impl_->outside(); }
Target Store::in_user_file(std::vector<std::string> path) const {
    return impl_->in_user_file(std::move(path));
}
Target Store::for_folder(const std::filesystem::path& folder, std::vector<std::string> path) {
    return impl_->for_folder(folder, std::move(path));
}
Result<Target, std::string> Store::for_project(const std::filesystem::path& document,
                                               std::vector<std::string> path) {
    return impl_->for_project(document, std::move(path));
}
std::map<std::filesystem::path, std::vector<Problem>> Store::problems_by_file() {
    return impl_->problems_by_file();
}

}  // namespace dragoman::config
