// Files that stay on this machine, under every name they can be had by.
#include "server/config/exclusion.h"

#include "server/config/spelling.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/config/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::test;
namespace fs = std::filesystem;

namespace {

/// A store over the real disk, with one workspace folder that is itself reached by a link.
struct Workspace {
    TempDir home{};
    DiskFiles files{};
    config::Store store{files, paths(), [](const std::string&) { return std::optional<std::string>{}; }};
    fs::path project = home / "link";

    Workspace() {
        fs::create_directories(home / "real/app/packages/inner");
        fs::create_directory_symlink(home / "real/app", project);
        store.set_folders({project});
    }
    Paths paths() const {
        Paths out;
        out.home = home.path();
        out.config_file = home / "config.json";
        return out;
    }
    void exclude(const std::string& globs, const fs::path& file = "config.json") const {
        home.write(file, R"({"privacy": {"exclude": [)" + globs + "]}}");
    }
    void write(const fs::path& below) const { home.write("real/app" / below, "text\n"); }
    bool stays(const fs::path& below, const fs::path& asking = "main.c") {
        return config::stays_here(*store.effective(project / asking), project / below);
    }
    bool document_stays(const std::string& uri) {
        return config::document_stays_here(*store.effective(project / "main.c"), uri);
    }
};

}  // namespace

TEST_CASE("an excluded file stays here by whatever path it is asked for") {
    Workspace w;
    w.exclude(R"("**/.env*", "secret/**", "/top.c", "*.pem")");
    w.write(".env");
    w.write("secret/deep/x.txt");
    w.write("main.c");
    fs::create_symlink(w.project / ".env", w.project / "harmless.txt");
    fs::create_symlink("harmless.txt", w.project / "twice.txt");
    fs::create_directory_symlink(w.project / "secret", w.project / "open");
    fs::create_symlink(w.home / "real/app/main.c", w.project / "to_main.c");
    for (const char* path : {".env", "a/../.env", "./.env", ".env.local", "not/there/.env", "harmless.txt",
                             "twice.txt", "open/deep/x.txt", "open/not_there.txt", "secret/deep/x.txt",
                             "top.c", "lib/server.pem", "open/../.env"}) {
        CAPTURE(path);
        CHECK(w.stays(path));
        CHECK(config::stays_here(*w.store.effective(w.project / "main.c"), w.home / "real/app" / path));
    }
    for (const char* path : {"main.c", "to_main.c", "lib/top.c", "environment.c", "public/secret.txt"}) {
        CAPTURE(path);
        CHECK_FALSE(w.stays(path));
    }
    CHECK(config::stays_here(*w.store.effective(w.project / "main.c"), w.home / "elsewhere/.env"));
    CHECK_FALSE(config::stays_here(*w.store.effective(w.project / "main.c"), w.home / "elsewhere/secret/x"));
}

TEST_CASE("a pattern that names a folder keeps here all that is in it, and no folder around the project") {
    Workspace w;
    const std::string pattern = GENERATE("secrets", "**/secrets", "/secrets", "s?crets", "**/sec*s",
                                         "{y,secrets}", "secrets/", "\\secrets");
    CAPTURE(pattern);
    w.exclude("\"" + (pattern[0] == '\\' ? "\\" + pattern : pattern) + "\"");
    for (const char* path : {"secrets/x.txt", "secrets/deep/down/x.txt", "secrets/deep"})
        CHECK(w.stays(path));
    for (const char* path : {"main.c", "secrets.c", "my-secrets/x", "a/secret/x"}) CHECK_FALSE(w.stays(path));
    const bool anywhere = pattern != "/secrets" && pattern != "secrets/";
    CHECK(w.stays("lib/secrets/deep/x.txt") == anywhere);
    CHECK(w.document_stays("untitled:secrets/x.txt"));

    // The project lies below a folder of that name.
    fs::create_directories(w.home / "secrets/app");
    w.store.set_folders({w.home / "secrets/app"});
    CHECK_FALSE(
        config::stays_here(*w.store.effective(w.home / "secrets/app/main.c"), w.home / "secrets/app/main.c"));
}

TEST_CASE("a folder that is named by its whole path stays here wherever it lies") {
    Workspace w;
    w.exclude("\"" + (w.home / "real/app/lib").string() + "\", \"" + (w.home / "vault").string() +
              "\", \"/h*\"");
    CHECK(w.stays("lib/deep/x.c"));
    CHECK(w.stays("hidden/x.c"));
    CHECK_FALSE(w.stays("library/x.c"));
    const auto asking = w.store.effective(w.project / "main.c");
    CHECK(config::stays_here(*asking, w.home / "vault/a/b"));
    CHECK_FALSE(config::stays_here(*asking, w.home / "vaults/a"));
    w.store.set_folders({w.home / "vault/app"});
    CHECK(config::stays_here(*w.store.effective(w.home / "vault/app/x.c"), w.home / "vault/app/x.c"));
}

TEST_CASE("patterns that mean something elsewhere are warned of, with what to write") {
    Bench bench;
    const auto effective = bench.with_user(
        R"({"privacy": {"exclude": ["~/keys", "./keys", "!keys", "~", "~$lock", "a~", "\\!x", "keys"]}})");
    CHECK(effective->problems.size() == 4);
    CHECK(tells(effective->problems, "config.json:1:26 \"privacy.exclude.0\" excludes nothing: ~ is not"));
    CHECK(
        tells(effective->problems, "config.json:1:36 \"privacy.exclude.1\" excludes nothing: paths hold no"));
    CHECK(tells(effective->problems,
                "config.json:1:46 \"privacy.exclude.2\" excludes nothing: a pattern cannot"));
    CHECK(tells(effective->problems, "\"privacy.exclude.3\""));
    for (const config::Problem& one : effective->problems) CHECK(one.warning);
    CHECK(tells(bench.with_project(R"({"privacy": {"exclude": ["./x"]}})")->problems, ".dragoman.json:1:26"));
    bench.with_user(R"({"projects": {"~/src/app": {"privacy": {"exclude": ["!x"]}}}})");
    CHECK(tells(bench.effective()->problems, "config.json:1:53"));
}

TEST_CASE("a name in another Unicode form is the same name") {
    const std::string composed = "Schl\xC3\xBCssel.txt", parts = "Schlu\xCC\x88ssel.txt";
    Workspace w;
    const bool pattern_composed = GENERATE(true, false);
    w.exclude("\"**/" + (pattern_composed ? composed : parts) + "\"");
    CHECK(w.stays(composed));
    CHECK(w.stays("deep/" + parts));
    CHECK_FALSE(w.stays("Schlussel.txt"));
    // One character for ?, however it is written; a name that is no UTF-8 is compared by its bytes.
    w.exclude(R"("caf?.txt", "\u1112\u1161\u11ab*")");
    CHECK(w.stays("cafe\xCC\x81.txt"));
    CHECK(w.stays("\xED\x95\x9C.txt"));
    CHECK_FALSE(w.stays("caf\xC3\xA9\xC3\xA9.txt"));
    CHECK_FALSE(w.stays("caf\xC3\xC3.txt"));
}

TEST_CASE("case counts where the volume tells it apart, and nowhere else") {
    Workspace w;
    w.exclude(R"("**/.env*", "**/*.PEM")");
    w.write(".ENV.sample");
    CHECK_FALSE(w.stays(".ENV.sample"));  // the volume of this test has both
    CHECK_FALSE(w.stays("not/there/.ENV"));
    // One file under both names is what a volume that ignores case looks like.
    w.write("x.pem");
    fs::create_hard_link(w.project / "x.pem", w.project / "X.PEM");
    CHECK(w.stays("x.pem"));
    // A name of no disk tells nothing: it stays.
    CHECK(w.document_stays("untitled:.ENV"));
    CHECK_FALSE(w.document_stays("untitled:Untitled-1"));
}

TEST_CASE("a document of another scheme counts by the path in it") {
    Workspace w;
    w.exclude(R"("**/.env*", "secret/**")");
    const std::vector<std::string> hidden{
        "untitled:.env",
        "output:.env",
        "vscode-notebook-cell:/x/.env.ipynb#W0",
        "git:" + (w.project / ".env").string() + "?%7B%22ref%22%3A%22HEAD%22%7D",
        "vscode-remote://ssh-remote%2Bhost" + (w.project / "%2Eenv").string(),
        "file://" + (w.project / "secret/x.txt").string(),
        "FILE://localhost" + (w.project / ".env").string()};
    for (const std::string& uri : hidden) {
        CAPTURE(uri);
        CHECK(w.document_stays(uri));
    }
    for (const char* uri : {"untitled:Untitled-1", "output:main", "git:/x/main.c?.env", "", "nonsense"}) {
        CAPTURE(uri);
        CHECK_FALSE(w.document_stays(uri));
    }
}

TEST_CASE("what a nearer project file excludes stays here whoever asks") {
    Workspace w;
    w.exclude(R"("plan.md", "vault/**")", "real/app/packages/inner/.dragoman.json");
    w.write("packages/inner/plan.md");
    w.write("plan.md");
    CHECK(w.stays("packages/inner/plan.md", "main.c"));
    CHECK(w.stays("packages/inner/plan.md", "packages/inner/x.c"));
    CHECK_FALSE(w.stays("plan.md", "main.c"));
    fs::create_symlink(w.project / "packages/inner/plan.md", w.project / "notes.md");
    CHECK(w.stays("notes.md", "main.c"));
    // Once the store is gone, what is known of the asking document still counts.
    const auto kept = [] {
        Bench gone;
        return gone.with_user(R"({"privacy": {"exclude": ["*.key"]}})");
    }();
    CHECK(config::stays_here(*kept, "/home/u/src/app/x.key"));
    CHECK_FALSE(config::stays_here(*kept, "/home/u/src/app/x.c"));
}

TEST_CASE("what a project excludes that is not open stays here, and nothing else of it has effect") {
    const bool repository = GENERATE(false, true);
    Workspace w;
    w.exclude(R"("secret.txt", "/top.txt", "sub/**")", "pb/.dragoman.json");
    if (repository) fs::create_directories(w.home / "pb/.git");
    for (const char* file : {"pb/secret.txt", "pb/a/secret.txt", "pb/top.txt", "pb/sub/x.txt", "pb/free.txt",
                             "pb/a/top.txt", "top.txt"})
        w.home.write(file, "text\n");
    const auto asking = w.store.effective(w.project / "main.c");
    const auto stays = [&](const fs::path& path) { return config::stays_here(*asking, path); };
    for (const char* file : {"secret.txt", "a/secret.txt", "top.txt", "sub/x.txt", "a/../top.txt"}) {
        CAPTURE(file);
        CHECK(stays(w.home / "pb" / file));
        fs::remove(w.project / "link.txt");
        fs::create_symlink(w.home / "pb" / file, w.project / "link.txt");
        CHECK(stays(w.project / "link.txt"));
        CHECK(config::document_stays_here(*asking, "git:" + (w.home / "pb" / file).string() + "?x"));
    }
    for (const char* file : {"pb/free.txt", "pb/a/top.txt", "top.txt"}) CHECK_FALSE(stays(w.home / file));
    // Also where it is the document that is worked on.
    CHECK(config::stays_here(*w.store.effective(w.home / "pb/secret.txt"), w.home / "pb/secret.txt"));

    w.home.write(
        "pb/.dragoman.json",
        R"({"privacy": {"exclude": ["free.txt"]}, "requireProvider": "corp", "completion": {"enabled": false}})");
    CHECK(stays(w.home / "pb/free.txt"));
    CHECK_FALSE(stays(w.home / "pb/secret.txt"));
    const auto outside = w.store.effective(w.home / "pb/free.txt");
    CHECK_FALSE(outside->require_provider);
    CHECK(outside->completion.enabled);
    CHECK(outside->exclude == asking->exclude);
}

TEST_CASE("globs of a part of a repository count from the part and from the whole") {
    Workspace w;
    fs::create_directories(w.home / "pb/.git");
    w.exclude(R"("whole.txt")", "pb/.dragoman.json");
    w.exclude(R"("/part.txt", "inner/deep/**")", "pb/inner/.dragoman.json");
    const auto asking = w.store.effective(w.project / "main.c");
    for (const char* file : {"inner/whole.txt", "inner/part.txt", "inner/deep/x.txt"}) {
        CAPTURE(file);
        CHECK(config::stays_here(*asking, w.home / "pb" / file));
    }
    CHECK_FALSE(config::stays_here(*asking, w.home / "pb/part.txt"));
    CHECK_FALSE(config::stays_here(*asking, w.home / "pb/inner/other.txt"));
    // A project file that leads out of its repository says nothing.
    w.exclude(R"("other.txt")", "stray.json");
    fs::remove(w.home / "pb/inner/.dragoman.json");
    fs::create_symlink(w.home / "stray.json", w.home / "pb/inner/.dragoman.json");
    CHECK_FALSE(config::stays_here(*asking, w.home / "pb/inner/other.txt"));
    CHECK(config::stays_here(*asking, w.home / "pb/inner/whole.txt"));
}

TEST_CASE("equivalent spellings become one, and case goes where it is to go") {
    using config::code_points;
    const auto one = [](std::string_view text) { return config::one_spelling(code_points(text)); };
    const auto lower = [](std::string_view text) { return config::lower_case(code_points(text)); };
    CHECK(one("plain.txt") == U"plain.txt");
    CHECK(one("e\xCC\x81") == U"\u00E9");
    CHECK(one("\xE2\x84\xAB") == one("A\xCC\x8A"));               // the sign for Angstrom
    CHECK(one("\xE1\xBA\xAD") == one("a\xCC\xA3\xCC\x82"));       // two marks
    CHECK(one("a\xCC\x82\xCC\xA3") == one("a\xCC\xA3\xCC\x82"));  // in either order
    CHECK(one("\xEA\xB0\x81") == one("\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8"));
    CHECK(one("\xCC\x81x").size() == 2);  // a mark with nothing to stand on
    CHECK(lower("ABC.\xC3\x84\xCE\xA9\xD0\x96") == U"abc.\u00E4\u03C9\u0436");
    CHECK(lower("stra\xC3\x9F"
                "e") == U"stra\u00DFe");
    CHECK(one("\xFF\xFE") == code_points("\xFF\xFE"));
}
