// What may not leave the machine does not, whichever source of context it would come from and by whatever
// name: the real binary is asked by every road, and the gateway's whole journal is searched.
#include "tests/e2e/shell.h"
#include "tests/support/repository.h"

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int kInvalidParams = -32602;
/// Stands in everything that is excluded.
const std::string kCanary = "canary_word";
const std::string kHidden = "int " + kCanary + "(int hidden);\n";

/// Assembled, so that nothing here looks like a secret.
std::string token() { return std::string{"ghp_"} + "16C7e42F292c6912E7" + "710c838347Ae178B4a"; }
std::string private_key() {
    const std::string rule = "-----", line = "MIIEowIBAAKCAQEA7bq2Xr9dVh0c3sJmP1yT8kWz";
    return rule + "BEGIN RSA PRIVATE KEY" + rule + "\n" + line + "\n" + line + "\n" + rule +
           "END RSA PRIVATE KEY" + rule;
}

/// A workspace that is a repository, with an excluded file under several names and one that may be sent.
struct Guarded {
    Guarded() : editor{options_for(gateway, {{"privacy", {{"exclude", {"**/hidden.*", "vault/**"}}}}})} {
        repository.write("hidden.cpp", kHidden);
        repository.write("vault/deep.cpp", kHidden);
        repository.write("open.cpp", "int open();\n");
        repository.write("inner/.dragoman.json", R"({"privacy": {"exclude": ["plan.cpp"]}})");
        repository.write("inner/plan.cpp", kHidden);
        std::filesystem::create_symlink("hidden.cpp", repository / "link.cpp");
        std::filesystem::create_directory_symlink("vault", repository / "folder");
        editor.initialize({{"workspaceFolders", {{{"uri", editor.uri("repo")}, {"name", "repo"}}}}});
    }
    std::string uri(const std::string& name) const { return editor.uri("repo/" + name); }
    /// All that the gateway was ever sent.
    std::string sent() const {
        std::string all;
        for (const auto& request : gateway.journal().requests) all += request.body + "\n";
        return all;
    }
    Gateway gateway{"openai"};
    TestEditor editor;
    Repository repository{editor.home() / "repo"};
};

/// The names by which the excluded text can be asked for.
std::vector<std::string> roads() {
    return {"hidden.cpp",   "vault/deep.cpp",  "link.cpp",     "folder/deep.cpp",
            "./hidden.cpp", "x/../hidden.cpp", "%68idden.cpp", "inner/plan.cpp"};
}

}  // namespace

TEST_CASE("no source of context gives an excluded file away, whatever it is called") {
    Guarded g;
    const std::string road = GENERATE(from_range(roads()));
    CAPTURE(road);
    const std::string uri = g.uri(road);
    const Json range = {{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 1}, {"character", 0}}}};
    const bool is_open = GENERATE(true, false);
    CAPTURE(is_open);
    if (is_open) g.editor.open(uri, "cpp", kHidden);

    const Json diagnostic = {{"range", range}, {"message", kCanary}};
    for (const Json& item :
         {Json{{"kind", "file"}, {"uri", uri}}, Json{{"kind", "range"}, {"uri", uri}, {"range", range}},
          Json{{"kind", "text"}, {"text", kHidden}, {"uri", uri}},
          Json{{"kind", "diagnostics"}, {"uri", uri}, {"diagnostics", {diagnostic}}},
          Json{{"kind", "image"},
               {"mimeType", "image/gif"},
               {"data", "R0lGODlhAQABAAAAACw="},
               {"uri", uri}}}) {
        CAPTURE(item);
        const Json error = g.editor.error(g.editor.chat("Why?", nullptr, {{"context", Json::array({item})}}));
        CHECK(error["code"] == kInvalidParams);
        CHECK_THAT(error["message"].get<std::string>(), ContainsSubstring("privacy.exclude"));
    }
    CHECK(g.editor.error(g.editor.request(
              "dragoman/edit",
              {{"textDocument", {{"uri", uri}}}, {"range", range}, {"instruction", "Rename it"}}))["code"] ==
          kInvalidParams);
    const Json action = {{"action", "document"}, {"uri", uri}, {"range", range}};
    CHECK(g.editor.error(g.editor.request("workspace/executeCommand",
                                          {{"command", "dragoman.codeAction"},
                                           {"arguments", Json::array({action})}}))["code"] == kInvalidParams);
    CHECK(g.editor.result(g.editor.inline_completion(uri, 0, 3))["items"].empty());
    if (is_open) {
        const Json entry = g.editor.call("dragoman/trail", {{"limit", 1}})["entries"][0];
        CHECK_THAT(entry["steps"].dump(), ContainsSubstring("privacy.exclude keeps this file here"));
    }
    CHECK(g.gateway.journal().requests.empty());

    // As what stands beside another document: an open editor, an edit, an import.
    if (is_open) {
        g.editor.notify(
            "textDocument/didChange",
            did_change(uri, 2, Json::array({{{"range", range}, {"text", kHidden + "// more\n"}}})));
    }
    g.editor.open(g.uri("open.cpp"), "cpp",
                  "#include \"" + road + "\"\nint open() {\n    return canary(hidden)\n}\n");
    g.gateway.answer(Script::answer(";"));
    g.editor.result(g.editor.inline_completion(g.uri("open.cpp"), 2, 25));
    REQUIRE(g.gateway.journal().requests.size() == 1);
    CHECK_THAT(g.sent(), !ContainsSubstring(kCanary));
    g.editor.quit();
}

TEST_CASE("changes of excluded files stay here under their old and their new name, and are named") {
    Guarded g;
    g.repository.git("add -A -f");
    g.repository.commit("Begin");
    const std::string change =
        GENERATE("git mv hidden.cpp shown.cpp", "git mv open.cpp hidden.h",
                 "echo 'int canary_word;' >> vault/deep.cpp", "echo 'int canary_word;' >> inner/plan.cpp");
    CAPTURE(change);
    REQUIRE(g.repository.shell(change +
                               " && echo 'int canary_word;' >> hidden.h; echo 'int fine;' >> fine.cpp; "
                               "git add -A -f") == 0);
    g.gateway.answer(Script::answer("Change it"));
    const Json message = g.editor.call("dragoman/commitMessage", {{"folder", g.editor.uri("repo")}});
    REQUIRE(message.contains("keptHere"));
    CHECK_THAT(message["keptHere"].dump(), ContainsSubstring("."));
    g.gateway.answer(Script::answer("Fine."));
    g.editor.result(g.editor.chat("Right?", nullptr,
                                  {{"context", Json::array({{{"kind", "gitDiff"}, {"staged", true}}})}}));
    REQUIRE(g.gateway.journal().requests.size() == 2);
    CHECK_THAT(g.sent(), !ContainsSubstring(kCanary));
    CHECK_THAT(g.sent(), ContainsSubstring("int fine;"));
    g.editor.quit();
}

TEST_CASE("likely secrets are masked on every road, counted, and leave their lines where they were") {
    Guarded g;
    const std::string key = private_key(), secret = token();
    const std::string text = "// one\n" + key + "\nconst char* t = \"" + secret + "\";\nint last = ;\n";
    g.editor.open(g.uri("keys.cpp"), "cpp", text);
    const auto clean = [&] {
        const std::string all = g.sent();
        CHECK_THAT(all, !ContainsSubstring(secret));
        CHECK_THAT(all, !ContainsSubstring("MIIEowIBAAKCAQEA7bq2"));
        CHECK_THAT(all, ContainsSubstring("********"));
    };
    SECTION("ghost text") {
        g.gateway.answer(Script::answer("7;"));
        g.editor.result(g.editor.inline_completion(g.uri("keys.cpp"), 6, 11));
        const Json entry = g.editor.call("dragoman/trail", {{"limit", 1}})["entries"][0];
        CHECK_THAT(entry["steps"].dump(),
                   ContainsSubstring("GitHub token masked") && ContainsSubstring("private key masked"));
        CHECK_THAT(g.sent(), ContainsSubstring("int last = "));
        CHECK(g.editor.call("dragoman/sent")["entries"][0]["masked"] == 2);
    }
    SECTION("a question, what is attached to it, and what is typed") {
        g.gateway.answer(Script::answer("No."));
        const int id = g.editor.chat("Is " + secret + " valid?", "t",
                                     {{"context",
                                       {{{"kind", "file"}, {"uri", g.uri("keys.cpp")}},
                                        {{"kind", "text"}, {"text", "pw " + secret}}}}});
        const Json result = g.editor.result(id);
        CHECK(result["masked"] == 4);
        CHECK(g.editor.progress("t", 1).front()["masked"] == 4);
        CHECK_THAT(g.gateway.request(0).prompt_text(), ContainsSubstring("File keys.cpp, lines 1 to 7"));
        const Json kept = g.editor.call("dragoman/chat/get", {{"conversation", result["conversation"]}});
        CHECK_THAT(kept.dump(), !ContainsSubstring(secret));
    }
    SECTION("an edit") {
        g.gateway.answer(Script::answer("int last = 7;\n"));
        const Json range = {{"start", {{"line", 6}, {"character", 0}}},
                            {"end", {{"line", 7}, {"character", 0}}}};
        const Json result = g.editor.call("dragoman/edit", {{"textDocument", {{"uri", g.uri("keys.cpp")}}},
                                                            {"range", range},
                                                            {"instruction", "Give it a value"}});
        CHECK(result["masked"] == 2);
    }
    SECTION("a commit message") {
        g.repository.stage("keys.txt", text);
        g.gateway.answer(Script::answer("Add keys"));
        const Json result = g.editor.call("dragoman/commitMessage", {{"folder", g.editor.uri("repo")}});
        CHECK(result["masked"] == 2);
    }
    clean();
    g.editor.quit();
}

TEST_CASE("what a project excludes stays here where that project is not open") {
    Gateway gateway{"openai"};
    TestEditor editor{options_for(gateway)};
    editor.home().write("pa/main.cpp", "int main();\n");
    editor.home().write("pb/.dragoman.json", R"({"privacy": {"exclude": ["secret.cpp"]}})");
    editor.home().write("pb/secret.cpp", kHidden);
    editor.home().write("pb/free.cpp", "int free_one();\n");
    std::filesystem::create_symlink("../pb/secret.cpp", editor.home() / "pa/link.cpp");
    editor.initialize({{"workspaceFolders", {{{"uri", editor.uri("pa")}, {"name", "pa"}}}}});
    for (const char* name : {"pb/secret.cpp", "pa/link.cpp", "pa/../pb/secret.cpp"}) {
        CAPTURE(name);
        const Json context = Json::array({{{"kind", "file"}, {"uri", editor.uri(name)}}});
        CHECK_THAT(editor.error(editor.chat("Why?", nullptr, {{"context", context}})).dump(),
                   ContainsSubstring("privacy.exclude"));
    }
    editor.open(editor.uri("pb/secret.cpp"), "cpp", kHidden);
    CHECK(editor.result(editor.inline_completion(editor.uri("pb/secret.cpp"), 0, 3))["items"].empty());
    CHECK(gateway.journal().requests.empty());
    gateway.answer(Script::answer("ok"));
    const Json free = Json::array({{{"kind", "file"}, {"uri", editor.uri("pb/free.cpp")}}});
    CHECK(editor.result(editor.chat("Why?", nullptr, {{"context", free}}))["text"] == "ok");
    editor.quit();

    Shell s;
    s.home->write("pb/.git/HEAD", "ref: refs/heads/main\n");
    s.home->write("pb/.dragoman.json", R"({"privacy": {"exclude": ["/top.txt"]}})");
    const std::string top = s.home->write("pb/top.txt", kHidden).string();
    const auto ran = s.run({"chat", "hi", "--file", top});
    CHECK(ran.code != 0);
    CHECK_THAT(ran.err, ContainsSubstring("privacy.exclude"));
    CHECK(s.gateway.journal().requests.empty());
}

TEST_CASE("a document of an editor's scheme is held to the configuration of the folder its path lies in") {
    Gateway gateway{"openai"};
    TestEditor editor{options_for(gateway)};
    editor.home().write("one/a.py", "x = 1\n");
    editor.home().write("two/.dragoman.json",
                        R"({"requireProvider": "corp", "completion": {"enabled": false}})");
    Json folders = Json::array();
    for (const char* name : {"one", "two"}) folders.push_back({{"uri", editor.uri(name)}, {"name", name}});
    editor.initialize({{"workspaceFolders", folders}});
    const auto in = [&](const char* name) { return (editor.home() / name).string(); };
    const Json range = {{"start", {{"line", 0}, {"character", 0}}}, {"end", {{"line", 1}, {"character", 0}}}};
    for (const std::string& uri :
         {editor.uri("two/a.py"), "untitled:" + in("two/new.py"), "git:" + in("two/a.py") + "?%7B%7D",
          "git:" + in("one/../two/sub/a.py"), "vscode-notebook-cell:" + in("two/x.ipynb") + "#W0"}) {
        CAPTURE(uri);
        editor.open(uri, "python", kCanary + " = 1\n");
        CHECK(editor.result(editor.inline_completion(uri, 0, 3))["items"].empty());
        const Json document = {{"textDocument", {{"uri", uri}}}};
        CHECK_THAT(editor.error(editor.chat("Why?", nullptr, document)).dump(), ContainsSubstring("corp"));
        Json edit = document;
        edit.update({{"range", range}, {"instruction", "Rename it"}});
        CHECK_THAT(editor.error(editor.request("dragoman/edit", edit)).dump(), ContainsSubstring("corp"));
    }
    CHECK(gateway.journal().requests.empty());
    // What lies in no folder, or nowhere, has the first one's.
    for (const char* uri : {"untitled:Untitled-1", "jdt://contents/rt.jar/java/lang/String.class"}) {
        CAPTURE(uri);
        gateway.answer(Script::answer("ok"));
        CHECK(editor.result(editor.chat("Why?", nullptr, {{"textDocument", {{"uri", uri}}}}))["text"] ==
              "ok");
    }
    editor.quit();
}
