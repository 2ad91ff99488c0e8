#include "tests/bench/completion/recall_section.h"

#include "server/completion/context/lookup.h"
#include "server/completion/context/sources.h"
#include "server/completion/text/window.h"
#include "server/support/paths.h"
#include "tests/bench/completion/corpus.h"
#include "tests/bench/completion/wanted.h"
#include "tests/bench/figures.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_worker.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace dragoman::bench {
namespace {

using completion::Piece;

constexpr std::size_t kBudget = 2'000;  // tokens
constexpr std::size_t kOpenBeside = 4;  // documents

struct Tally {
    std::size_t places = 0, wanted = 0, found = 0, by_definitions = 0, by_similar = 0, tokens = 0;
    std::vector<std::chrono::nanoseconds> first, again;
    void add(const Tally& other) {
        places += other.places;
        wanted += other.wanted;
        found += other.found;
        by_definitions += other.by_definitions;
        by_similar += other.by_similar;
        tokens += other.tokens;
        first.insert(first.end(), other.first.begin(), other.first.end());
        again.insert(again.end(), other.again.begin(), other.again.end());
    }
};

// The files that the text's import lines name, then its neighbours.
std::vector<std::size_t> open_beside(const Project& project, std::size_t file) {
    std::set<std::string> imported;
    std::string_view text = project.files[file].text;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string line{text.substr(0, end)};
        text.remove_prefix(std::min(text.size(), end + 1));
        for (const char* const word : {"#include \"", "import ", "from ", "require(", "use ", "mod "}) {
            if (line.find(word) != std::string::npos) imported.merge(all_words(line));
        }
    }
    std::vector<std::size_t> open;
    const auto take = [&](bool wants_import) {
        for (std::size_t step = 1; step < project.files.size() && open.size() < kOpenBeside; ++step) {
            const std::size_t i = (file + step) % project.files.size();
            const auto& path = project.files[i].path;
            const bool beside = path.parent_path() == project.files[file].path.parent_path();
            const bool is_imported = imported.count(path.stem().string()) != 0;
            if (std::find(open.begin(), open.end(), i) != open.end()) continue;
            if (wants_import ? is_imported && open.size() < 2 : beside) open.push_back(i);
        }
    };
    take(true);
    take(false);
    return open;
}

void open_document(Documents& documents, const std::filesystem::path& path, const std::string& language,
                   const std::string& text) {
    documents.did_open(
        {{"textDocument",
          {{"uri", uri_of_path(path)}, {"languageId", language}, {"version", 1}, {"text", text}}}});
}

// One editor with one place in it.
struct Desk {
    Desk() {
        documents.on_change = [this](const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
            sources.document_changed(now, changes);
        };
    }
    test::FakeClock clock;
    test::FakeWorker worker;
    DiskFiles files;
    Documents documents{PositionEncoding::utf8};
    completion::Sources sources{clock, files, worker, documents};
};

// The files that definitions are chosen from: what is missed of one of these was known and not chosen.
std::set<std::filesystem::path> looked_up(const completion::Sources::Where& where) {
    DiskFiles files;
    completion::Lookup lookup{files};
    const std::string text = where.document.text.to_string();
    const auto& language = where.document.language_id;
    std::set<std::filesystem::path> paths;
    for (const auto& found : lookup.find({.file = *path_of_uri(where.document.uri),
                             .family = completion::family_of(language),
                             .imports = completion::find_imports(text, language),
                             .package = completion::package_of(text),
                             .folders = where.folders,
                             .config = where.config}))
        paths.insert(found.path);
    return paths;
}

struct Asked {
    std::size_t file = 0;
    Body span;
};

Tally measure(const Project& project, const Asked& asked,
              const std::shared_ptr<const config::Effective>& config, std::size_t& to_show) {
    const SourceFile& file = project.files[asked.file];
    const std::string rest = file.text.substr(0, asked.span.begin) + "\n" + file.text.substr(asked.span.end);

    Desk desk;
    for (const std::size_t other : open_beside(project, asked.file))
        open_document(desk.documents, project.files[other].path, project.language, project.files[other].text);
    open_document(desk.documents, file.path, project.language, rest);
    const auto document = desk.documents.find(uri_of_path(file.path));
    const completion::Window window = completion::take_window(document->text, asked.span.begin);
    const std::set<std::string> visible = all_words(window.prefix + "\n" + window.suffix);

    const std::set<std::string> wanted = wanted_names(project, asked.file, asked.span, visible);
    if (wanted.empty()) return {};

    const completion::Sources::Where where{*document, asked.span.begin, {project.folder}, config};
    desk.sources.prepare(where);
    desk.worker.work_off();
    const auto timed = [&] {
        const auto begin = SteadyClock::now();
        completion::Gathered gathered = desk.sources.gather(where, kBudget);
        return std::make_pair(std::chrono::nanoseconds{SteadyClock::now() - begin}, std::move(gathered));
    };
    const auto [first, gathered] = timed();
    desk.clock.advance(std::chrono::minutes{1});  // not what is remembered: all is ranked anew
    const auto again = timed().first;

    Tally tally{.places = 1, .wanted = wanted.size(), .first = {first}, .again = {again}};
    std::set<std::string> by_definitions, by_similar;
    for (const Piece& piece : gathered.pieces) {
        (piece.kind == Piece::Kind::definition ? by_definitions : by_similar).merge(all_words(piece.text));
        tally.tokens += piece.tokens;
    }
    const auto known = to_show > 0 ? looked_up(where) : std::set<std::filesystem::path>{};
    std::string missed;
    for (const std::string& name : wanted) {
        const bool defined = by_definitions.count(name) != 0, alike = by_similar.count(name) != 0;
        tally.by_definitions += defined ? 1U : 0U;
        tally.by_similar += alike ? 1U : 0U;
        tally.found += defined || alike ? 1U : 0U;
        if (defined || alike) continue;
        missed += " " + name + "(";
        for (const std::size_t by : project.declared.at(name)) {
            const auto& path = project.files[by].path;
            missed +=
                (known.count(path) == 0 ? "" : "*") + path.lexically_relative(project.folder).string() + " ";
        }
        missed.back() = ')';
    }
    if (to_show > 0 && !missed.empty()) {
        --to_show;
        const auto line =
            1 + std::count(file.text.begin(),
                           file.text.begin() + static_cast<std::ptrdiff_t>(asked.span.begin), '\n');
        std::printf("%s:%td missed:%s\n", file.path.c_str(), static_cast<std::ptrdiff_t>(line),
                    missed.c_str());
        for (const std::string& note : gathered.notes) std::printf("    %s\n", note.c_str());
    }
    return tally;
}

// Files evenly over the project, and of each the bodies at its quarters.
std::vector<Asked> sample(const Project& project, std::size_t most) {
    std::vector<std::pair<std::size_t, std::vector<Body>>> all;
    for (std::size_t i = 0; i < project.files.size(); ++i) {
        auto spans = function_bodies(project.files[i], project.language);
        if (!spans.empty()) all.emplace_back(i, std::move(spans));
    }
    std::vector<Asked> some;
    for (std::size_t i = 0; i < std::min(most, all.size()); ++i) {
        const auto& [file, spans] = all[i * all.size() / std::min(most, all.size())];
        std::set<std::size_t> chosen;
        for (const std::size_t quarter : {1U, 2U, 3U}) chosen.insert(spans.size() * quarter / 4);
        for (const std::size_t span : chosen) some.push_back({file, spans[span]});
    }
    return some;
}

std::string percent(std::size_t part, std::size_t whole) {
    return whole == 0 ? "-" : std::to_string((100 * part + whole / 2) / whole) + " %";
}

void print(const std::string& title, const Tally& tally) {
    tell("names found, " + title, "80 %",
         percent(tally.found, tally.wanted) + " of " + std::to_string(tally.wanted) + " in " +
             std::to_string(tally.places) + " places (definitions " +
             percent(tally.by_definitions, tally.wanted) + ", similar " +
             percent(tally.by_similar, tally.wanted) + ", " +
             std::to_string(tally.tokens / std::max<std::size_t>(1, tally.places)) + " tokens, " +
             words(quantile(tally.again, 0.5)) + ")");
}

// 20 open documents of 2 000 lines: what a keystroke costs, once they were looked at.
void measure_speed(const Project& project, const std::shared_ptr<const config::Effective>& config) {
    constexpr std::size_t kDocuments = 20, kLines = 2'000;
    Desk desk;
    std::size_t file = 0;
    for (std::size_t i = 0; i < kDocuments; ++i) {
        std::string text;
        while (static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) < kLines)
            text += project.files[file++ % project.files.size()].text;
        open_document(desk.documents, project.folder / (std::to_string(i) + ".cpp"), project.language, text);
    }
    const std::string uri = uri_of_path(project.folder / (std::to_string(kDocuments - 1) + ".cpp"));
    std::vector<std::chrono::nanoseconds> first, anew, same;
    const auto gather = [&](std::vector<std::chrono::nanoseconds>& spans) {
        const auto document = desk.documents.find(uri);
        const auto begin = SteadyClock::now();
        desk.sources.gather({*document, document->text.size() / 2, {project.folder}, config}, kBudget);
        spans.push_back(SteadyClock::now() - begin);
    };
    gather(first);
    for (int i = 0; i < 300; ++i) {
        const Position at{1'000, 0};
        desk.documents.did_change({{"textDocument", {{"uri", uri}, {"version", 2 + i}}},
                                   {"contentChanges",
                                    {{{"range",
                                       {{"start", {{"line", at.line}, {"character", 0}}},
                                        {"end", {{"line", at.line}, {"character", 0}}}}},
                                      {"text", "a"}}}}});
        if (i % 2 == 0) desk.clock.advance(std::chrono::minutes{1});
        gather(i % 2 == 0 ? anew : same);
    }
    tell("pieces, 20 documents of 2 000 lines", "", words(first[0]) + " at first");
    tell("  ranked anew after a keystroke", "< 1 ms", median_and(anew, 0.99));
    tell("  in the same neighbourhood", "< 1 ms", median_and(same, 0.99));
}

}  // namespace

void run_recall(bool quick, std::size_t show_failures) {
    const auto config = std::make_shared<config::Effective>();
    std::map<std::string, Tally> languages;
    Tally all;
    const std::vector<Project> projects = find_projects();
    for (const Project& project : projects) {
        Tally& tally = languages[project.language];
        for (const Asked& asked : sample(project, quick ? 8 : 40))
            tally.add(measure(project, asked, config, show_failures));
    }
    for (const auto& [language, tally] : languages) {
        if (tally.places == 0) continue;
        print(language, tally);
        all.add(tally);
    }
    if (all.places > 0) print("all", all);
    if (!projects.empty()) measure_speed(projects.front(), config);
}

}  // namespace dragoman::bench
