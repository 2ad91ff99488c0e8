// What git knows in prompts: the context item gitDiff, and commit messages from the staged diff.
#include "tests/e2e/shell.h"
#include "tests/support/repository.h"

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr int kRequestCancelled = -32800, kRequestFailed = -32803, kInvalidParams = -32602;

/// A workspace that is a repository with one file staged and another one changed.
struct Workspace {
    explicit Workspace(const Json& changes = Json::object()) : editor{options_for(gateway, changes)} {
        editor.initialize({{"workspaceFolders", {{{"uri", editor.uri("repo")}, {"name", "repo"}}}}});
    }
    Gateway gateway{"opencodex"};
    TestEditor editor;
    Repository repository{editor.home() / "repo"};

    void change() const {
        repository.stage("a.txt", "one\n");
        repository.stage("b.txt", "one\n");
        repository.commit("Begin the tale");
        repository.stage("a.txt", "staged words\n");
        repository.write("b.txt", "unstaged words\n");
    }
};

}  // namespace

TEST_CASE("changes that git knows go with a question, staged or not") {
    Workspace w;
    w.change();
    const bool staged = GENERATE(true, false);
    w.gateway.answer(Script::answer("Fine."));
    w.editor.result(
        w.editor.chat("Right?", nullptr, {{"context", {{{"kind", "gitDiff"}, {"staged", staged}}}}}));
    const std::string prompt = w.gateway.request(0).prompt_text();
    CHECK_THAT(prompt, ContainsSubstring(staged ? "Staged changes:" : "Changes:"));
    CHECK_THAT(prompt, ContainsSubstring(staged ? "+staged words" : "+unstaged words"));
    CHECK_THAT(prompt, !ContainsSubstring(staged ? "+unstaged words" : "+staged words"));
    w.editor.quit();
}

TEST_CASE("a question with changes that are not there is refused before anything is sent") {
    Workspace w;
    w.repository.stage("a.txt", "one\n");
    w.repository.commit("Begin");
    const Json error = w.editor.error(
        w.editor.chat("Right?", nullptr, {{"context", {{{"kind", "gitDiff"}, {"staged", true}}}}}));
    CHECK(error["code"] == kRequestFailed);
    CHECK(error["data"]["kind"] == "badRequest");
    CHECK_THAT(error["message"].get<std::string>(), ContainsSubstring("nothing is staged"));
    CHECK(w.editor.call("dragoman/chat/list")["conversations"].empty());
    w.editor.quit();
}

TEST_CASE("a question is cancelled while git works or after, and answered once") {
    Workspace w;
    w.change();
    const int id = w.editor.chat("Right?", nullptr, {{"context", {{{"kind", "gitDiff"}, {"staged", true}}}}});
    w.editor.cancel(id);
    CHECK(w.editor.error(id)["code"] == kRequestCancelled);
    w.editor.quit();
}

TEST_CASE("a commit message is made from what is staged, in the style of the repository") {
    Workspace w;
    w.change();
    w.gateway.answer(Script::answer("Here is the commit message:\n\n```\nReplace the words\n```\n"));
    const Json result = w.editor.call("dragoman/commitMessage", {{"folder", w.editor.uri("repo")}});
    CHECK(result["message"] == "Replace the words\n");
    CHECK(result["model"] == "gw/" + std::string{w.gateway.dialect().models.front()});
    const std::string prompt = w.gateway.request(0).prompt_text();
    CHECK_THAT(prompt, ContainsSubstring("+staged words"));
    CHECK_THAT(prompt, ContainsSubstring("Begin the tale"));
    CHECK_THAT(prompt, !ContainsSubstring("unstaged words"));
    w.editor.quit();
}

TEST_CASE("a folder without anything staged, or without a repository, says so") {
    Workspace w;
    w.repository.stage("a.txt", "one\n");
    w.repository.commit("Begin");
    const Json none = w.editor.error(
        w.editor.request("dragoman/commitMessage", {{"folder", w.repository.path().string()}}));
    CHECK(none["code"] == kRequestFailed);
    CHECK(none["data"]["kind"] == "badRequest");
    CHECK_FALSE(none["data"]["hint"].get<std::string>().empty());
    const Json missing =
        w.editor.error(w.editor.request("dragoman/commitMessage", {{"folder", w.editor.uri("nowhere")}}));
    CHECK(missing["data"]["kind"] == "badRequest");
    CHECK(w.editor.error(w.editor.request("dragoman/commitMessage", {{"folder", 7}}))["code"] ==
          kInvalidParams);
    w.editor.quit();
}

TEST_CASE("the command prints the message and nothing else") {
    Shell shell;
    const Repository repository{*shell.home / "repo"};
    repository.stage("a.txt", "first words\n");
    shell.gateway.answer(Script::answer("\"Add the first words.\""));
    const auto ran = shell.run({"commit-message", "--folder", repository.path().string()});
    CHECK(ran.code == 0);
    CHECK(ran.out == "Add the first words\n");
    CHECK(ran.err.empty());

    repository.commit("Add");
    const auto nothing = shell.run({"commit-message", "--folder", repository.path().string()});
    CHECK(nothing.code == 1);
    CHECK(nothing.out.empty());
    CHECK_THAT(nothing.err, ContainsSubstring("nothing is staged"));
}
