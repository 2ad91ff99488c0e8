#include "server/completion/context/definitions.h"

#include "server/completion/context/choice.h"
#include "server/completion/context/lookup.h"

#include <exception>
#include <map>
#include <utility>

namespace dragoman::completion {
namespace {

bool same_question(const Question& a, const Question& b) {
    return a.family == b.family && a.imports == b.imports && a.package == b.package &&
           a.folders == b.folders && a.config == b.config;
}

struct Found {
    std::vector<FoundFile> files;
    std::shared_ptr<const DefinitionIndex> index;  // of them
};

// `before` serves again where nothing has changed.
Found indexed(std::vector<FoundFile> files, std::shared_ptr<const DefinitionIndex> before) {
    std::vector<ImportedFile> imported;
    for (const FoundFile& one : files) imported.push_back(one.imported);
    if (before == nullptr || before->files() != imported)
        before = std::make_shared<const DefinitionIndex>(std::move(imported));
    return {std::move(files), std::move(before)};
}

}  // namespace

class Definitions::Impl {
public:
    Impl(Files& files, Worker& worker) : worker_{worker}, lookup_{std::make_shared<Lookup>(files)} {}

    void prepare(const Where& where, std::function<void()> done) {
        Question question{.file = where.path,
                          .family = family_of(where.language),
                          .imports = find_imports(where.text, where.language),
                          .package = package_of(where.text),
                          .folders = where.folders,
                          .config = where.config};
        Document& document = documents_[where.path];
        if (done) document.waiting.push_back(std::move(done));
        const bool same = document.asked && same_question(*document.asked, question);
        if (same && document.task) return;
        if (!same) {
            document.is_current = false;
            drop_excluded(document, question);
        }
        document.asked = question;
        // The lookup is the worker's alone once it is made.
        document.task = worker_.run([this, lookup = lookup_, question = std::move(question),
                                     before = document.found.index]() -> Worker::Rest {
            Found found;
            try {
                found = indexed(lookup->find(question), before);
            } catch (const std::exception&) {
                found = {};  // out of memory, a path that cannot be: nothing is known
            }
            return [this, path = question.file.string(), found = std::move(found)]() mutable {
                arrived(path, std::move(found));
            };
        });
    }

    bool ready(const std::string& path) const {
        const auto document = documents_.find(path);
        return document != documents_.end() && document->second.is_current;
    }

    std::vector<Piece> around(const std::string& path, const Neighbourhood& near, std::size_t budget) const {
        const auto document = documents_.find(path);
        if (document == documents_.end() || document->second.found.index == nullptr) return {};
        return choose_definitions(*document->second.found.index, near, budget);
    }

    void forget(const std::string& path) { documents_.erase(path); }

private:
    struct Document {
        std::optional<Question> asked;
        Found found;
        bool is_current = false;  // `found` answers `asked`
        std::unique_ptr<Worker::Task> task;
        std::vector<std::function<void()>> waiting;
    };

    // A configuration that has changed counts at once; what it leaves is indexed anew.
    static void drop_excluded(Document& document, const Question& question) {
        const auto dropped = std::erase_if(document.found.files, [&](const FoundFile& one) {
            return question.config == nullptr || question.config->excluded(one.path) ||
                   question.config->excluded(one.real);
        });
        if (dropped > 0) document.found = indexed(std::move(document.found.files), nullptr);
    }

    void arrived(const std::string& path, Found found) {
        const auto known = documents_.find(path);
        if (known == documents_.end()) return;
        Document& document = known->second;
        document.found = std::move(found);
        document.is_current = true;
        const auto task = std::move(document.task);
        // Whoever is called may prepare, forget, or end all this.
        const auto waiting = std::exchange(document.waiting, {});
        for (const auto& done : waiting) done();
    }

    Worker& worker_;
    std::shared_ptr<Lookup> lookup_;
    std::map<std::string, Document> documents_;
};

Definitions::Definitions(Files& files, Worker& worker) : impl_{std::make_unique<Impl>(files, worker)} {}
Definitions::~Definitions() = default;

void Definitions::prepare(const Where& where, std::function<void()> done) {
    impl_->prepare(where, std::move(done));
}
bool Definitions::ready(const std::string& path) const { return impl_->ready(path); }
std::vector<Piece> Definitions::around(const std::string& path, const Neighbourhood& near,
                                       std::size_t budget) const {
    return impl_->around(path, near, budget);
}
void Definitions::forget(const std::string& path) { impl_->forget(path); }

}  // namespace dragoman::completion
