// What a question carries through the real binary: images, long conversations, prompts beyond all bounds.
#include "tests/e2e/setup.h"
#include "tests/e2e/shell.h"

#include <catch2/catch_all.hpp>

using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

namespace {

constexpr int kInvalidParams = -32602;

// The smallest PNG there is: one pixel.
const std::string kPixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

Json image(const std::string& data = kPixel) {
    return {{"kind", "image"}, {"mimeType", "image/png"}, {"data", data}};
}

/// The model's window, as the user's file tells it.
Json window(std::int64_t tokens) {
    return {{"providers", {{"gw", {{"models", {{"deepseek-chat", {{"contextLength", tokens}}}}}}}}}};
}

Json turns(TestEditor& editor, const Json& conversation) {
    return editor.call("dragoman/chat/get", {{"conversation", conversation}})["turns"];
}

Script too_long(const std::string& message) {
    return Script::json(400, {{"error", {{"message", message}, {"code", "context_length_exceeded"}}}});
}

/// A conversation of `turns` answers, each of `bytes` bytes.
Json talk(Session& s, int turns, std::size_t bytes) {
    Json conversation;
    for (int i = 0; i < turns; ++i) {
        s.gateway.answer(Script{}.text(std::string(bytes, 'a')).finish());
        const Json more = conversation.is_null() ? Json::object() : Json{{"conversation", conversation}};
        conversation =
            s.editor.result(s.editor.chat("Question " + std::to_string(i), nullptr, more))["conversation"];
    }
    return conversation;
}

}  // namespace

TEST_CASE("an image reaches the model over either API, and later turns and daemons send it again") {
    const bool responses = GENERATE(false, true);
    Gateway gateway{responses ? "openai" : "opeai"};
    TempDir data;
    auto options =
        options_for(gateway, {{"providers", {{"gw", {{"api", responses ? "responses" : "chat"}}}}}});
    options.environment["XDG_DATA_HOME"] = data.path().string();
    const Json context = Json::array({{{"kind", "text"}, {"text", "near it"}, {"label", "Note"}}, image()});
    const std::string url = "data:image/png;base64," + kPixel;
    Json conversation;
    {
        TestEditor editor{options};
        editor.initialize();
        gateway.answer(Script::answer("A pixel."));
        conversation =
            editor.result(editor.chat("What is this?", nullptr, {{"context", context}}))["conversation"];
        CHECK_THAT(gateway.request(0).body, ContainsSubstring(url));
        CHECK_THAT(gateway.request(0).prompt_text(),
                   ContainsSubstring("near it") && ContainsSubstring("What is"));
        CHECK(turns(editor, conversation)[0]["context"] == context);
        editor.quit();
    }
    TestEditor editor{options};
    editor.initialize();
    gateway.answer(Script::answer("Red."));
    editor.result(editor.chat("Its colour?", nullptr, {{"conversation", conversation}}));
    CHECK_THAT(gateway.request(1).body, ContainsSubstring(url));
    CHECK(turns(editor, conversation)[0]["context"] == context);
    editor.call("dragoman/chat/delete", {{"conversation", conversation}});
    CHECK(data.read("dragoman/dragoman.db").find(kPixel.substr(8, 40)) == std::string::npos);
    editor.quit();
}

TEST_CASE("a broken image is refused by its place, and nothing is asked or kept") {
    Session s;
    struct Row {
        Json item;
        const char* says;
    };
    for (const Row& row :
         {Row{image("not base64!"), "context[1]: data is not base64"},
          Row{image("bm90IGEgcGljdHVyZQ=="), "context[1]: data is no PNG"},
          Row{image(""), "context[1]: data is empty"},
          Row{{{"kind", "image"}, {"mimeType", "image/gif"}, {"data", kPixel}}, "data is image/png"}}) {
        const Json note = {{"kind", "text"}, {"text", "x"}};
        const Json error = s.editor.error(s.editor.chat("?", nullptr, {{"context", {note, row.item}}}));
        CHECK(error["code"] == kInvalidParams);
        CHECK_THAT(error["message"].get<std::string>(), ContainsSubstring(row.says));
    }
    CHECK(s.editor.call("dragoman/chat/list")["conversations"].empty());
    CHECK(s.gateway.journal().requests.empty());
    s.editor.quit();
}

TEST_CASE("a model that cannot see says so in words that name the image") {
    Session s;
    s.gateway.answer(Script::json(400, {{"error",
                                         {{"message", "unknown variant `image_url`, expected `text`"},
                                          {"type", "invalid_request_error"}}}}));
    const Json error = s.editor.error(s.editor.chat("?", nullptr, {{"context", {image()}}}));
    CHECK(error["data"]["kind"] == "badRequest");
    CHECK_THAT(
        error["data"]["hint"].get<std::string>(),
        ContainsSubstring("context[0] of this question (image/png)") && ContainsSubstring("Choose a model"));
}

TEST_CASE("an image of many megabytes holds up neither the answer nor the list") {
    Session s;
    s.gateway.answer_when(Gateway::to("POST", "/chat/completions"), Script::answer("large"));
    std::string large = kPixel.substr(0, 88);  // whole groups, less the padded end
    while (large.size() < (12U << 20U)) large += "QUJDREVGR0hJSktM";
    const Json asked = s.editor.result(s.editor.chat("?", nullptr, {{"context", {image(large)}}}));
    CHECK(asked["text"] == "large");
    CHECK(s.editor.call("dragoman/chat/list")["conversations"].size() == 1);
    CHECK(turns(s.editor, asked["conversation"])[0]["context"][0]["data"] == large);
    s.editor.quit();
}

TEST_CASE("a conversation beyond the window goes on, and both sides are told what was left out") {
    Session s{"opencodex", window(2'000)};
    const Json conversation = talk(s, 3, 2'500);
    s.gateway.answer(Script::answer("yes"));
    Json result = s.editor.result(s.editor.chat("Now?", "t", {{"conversation", conversation}}));
    Json events = s.editor.progress_so_far("t");
    REQUIRE(result.contains("leftOut"));
    CHECK(result["leftOut"]["turns"] > 0);
    CHECK(events[0]["leftOut"] == result["leftOut"]);
    const auto request = s.gateway.request(3);
    CHECK_THAT(request.prompt_text(), ContainsSubstring("did not fit") && ContainsSubstring("Now?") &&
                                          !ContainsSubstring("Question 0"));
    CHECK(turns(s.editor, conversation).size() == 4);
    s.editor.quit();
}

TEST_CASE("a window that only the gateway's list tells counts once the list was read") {
    Session s;
    s.gateway.answer_when(
        Gateway::to("GET", "/models"),
        Script::json(200, {{"data", {{{"id", "deepseek-chat"}, {"context_length", 2'000}}}}}));
    const Json conversation = talk(s, 3, 2'500);
    s.editor.call("dragoman/models");
    s.gateway.answer(Script::answer("yes"));
    Json result = s.editor.result(s.editor.chat("Now?", nullptr, {{"conversation", conversation}}));
    CHECK(result["leftOut"]["turns"] > 0);
    s.editor.quit();
}

TEST_CASE("a model that finds the question too long is asked again once with less") {
    Session s;
    const Json conversation = talk(s, 4, 4'000);
    s.gateway.answer(
        too_long("This model's maximum context length is 3000 tokens. However, your messages resulted "
                 "in 4100 tokens."));
    s.gateway.answer(Script::answer("yes"));
    Json result = s.editor.result(s.editor.chat("Now?", "t", {{"conversation", conversation}}));
    CHECK(result["text"] == "yes");
    CHECK(result["leftOut"]["turns"] > 0);
    Json events = s.editor.progress_so_far("t");
    REQUIRE(events.size() >= 3);
    CHECK(events[0]["kind"] == "begin");
    CHECK(events[1]["kind"] == "retry");
    CHECK(events[1]["attempt"] == 2);
    CHECK(events[1]["leftOut"] == result["leftOut"]);
    CHECK_THAT(s.gateway.request(5).prompt_text(), !ContainsSubstring("Question 0"));
    // Once only: a gateway that keeps refusing ends it.
    s.gateway.answer(too_long("too long"));
    s.gateway.answer(too_long("too long"));
    const Json error = s.editor.error(s.editor.chat("And now?", nullptr, {{"conversation", conversation}}));
    CHECK(error["data"]["kind"] == "contextTooLong");
    CHECK(s.gateway.journal().requests.size() == 8);
    s.editor.quit();
}

TEST_CASE("an attachment beyond the window is cut with a note, and the question stays whole") {
    Session s{"opencodex", window(3'000)};
    s.gateway.answer(Script::answer("much"));
    std::string text;
    for (int i = 1; i < 4'000; ++i) text += "int line_" + std::to_string(i) + ";\n";
    s.editor.open(s.editor.uri("long.cpp"), "cpp", text);
    const std::string question = "What does it say? " + std::string(500, '?');
    const Json context = Json::array({{{"kind", "file"}, {"uri", s.editor.uri("long.cpp")}}});
    Json result = s.editor.result(s.editor.chat(question, nullptr, {{"context", context}}));
    CHECK(result["leftOut"]["items"] == Json::array({"File long.cpp"}));
    const std::string prompt = s.gateway.request(0).prompt_text();
    CHECK_THAT(prompt, ContainsSubstring("File long.cpp, lines 1 to ") && ContainsSubstring("(cut here: ") &&
                           ContainsSubstring(question) && !ContainsSubstring("line_3999"));
    s.editor.quit();
}

TEST_CASE("a prompt of fifty megabytes is refused with a sentence, and nobody waits or loses anything") {
    Session s;
    const Json before = talk(s, 1, 10);
    const int huge = s.editor.chat(std::string(50U << 20U, 'x'), nullptr, {{"conversation", before}});
    const int list = s.editor.request("dragoman/chat/list");
    const Json error = s.editor.error(huge);
    CHECK(error["code"] == kInvalidParams);
    CHECK_THAT(error["message"].get<std::string>(), ContainsSubstring("prompt has 50.0 MiB, at most 16 MiB"));
    CHECK(s.editor.result(list)["conversations"].size() == 1);
    CHECK(turns(s.editor, before).size() == 1);
    s.gateway.answer(Script::answer("still here"));
    CHECK(s.editor.result(s.editor.chat("Are you?", nullptr, {{"conversation", before}}))["text"] ==
          "still here");
    s.editor.quit();
}

TEST_CASE("a prompt of fifteen megabytes streams its answer, and another question is answered meanwhile") {
    Session s;
    s.gateway.answer(Script{}.text("long").hold().text(" answer").finish());
    s.gateway.answer(Script::answer("short"));
    const int large = s.editor.chat(std::string(15U << 20U, 'x'), "t");
    s.editor.progress_until("t", is_text);
    CHECK(s.editor.result(s.editor.chat("Quick?"))["text"] == "short");
    s.gateway.release();
    CHECK(s.editor.result(large)["text"] == "long answer");
    s.editor.quit();
}

TEST_CASE("an export as JSON holds all that get gives, and one as Markdown can be read by people") {
    Session s{"opeai"};
    s.gateway.answer(Script{}.reasoning("hm").text("One.").finish().usage({.input = 7, .output = 2}));
    const Json context = Json::array({{{"kind", "text"}, {"text", "a log"}, {"label", "Log"}}, image()});
    const Json first = s.editor.result(s.editor.chat("First?", nullptr, {{"context", context}}));
    const Json of_it = {{"conversation", first["conversation"]}};
    s.gateway.answer(Script{}.text("cut o").finish("length"));
    s.editor.result(s.editor.chat("Second?", nullptr, of_it));
    s.gateway.answer(Script{}.text("Half an ans").reset());
    s.editor.error(s.editor.chat("Third?", nullptr, of_it));
    s.gateway.answer(Script{}.text("never").stall());
    const int dropped = s.editor.chat("Fourth?", "t", of_it);
    s.editor.progress_until("t", is_text);
    s.editor.cancel(dropped);
    s.editor.error(dropped);

    const Json all = s.editor.call("dragoman/chat/get", of_it);
    const auto exported = [&](const char* format) {
        Json params = of_it;
        params["format"] = format;
        return s.editor.call("dragoman/chat/export", params)["text"].get<std::string>();
    };
    Json whole = Json::parse(exported("json"));
    for (const auto& [name, value] : all.items()) CHECK(whole[name] == value);
    CHECK(whole["turns"].size() == 4);
    CHECK(whole["turns"][0]["context"] == context);
    CHECK(whole["turns"][0]["reasoning"] == "hm");
    CHECK(whole["turns"][0]["usage"]["inputTokens"] == 7);
    CHECK(whole["turns"][1]["finishReason"] == "length");
    CHECK(whole["turns"][2]["status"] == "failed");
    CHECK(whole["turns"][2]["error"]["kind"] == "network");
    CHECK(whole["turns"][3]["status"] == "cancelled");
    for (const char* member : {"created", "updated", "model"}) CHECK(whole.contains(member));

    const std::string markdown = exported("markdown");
    for (const char* part : {"First?", "Log", "image/png", "One.", "cut o", "Half an ans",
                             "(the answer broke off here)", "(cancelled)"})
        CHECK_THAT(markdown, ContainsSubstring(part));
    CHECK(markdown.find(kPixel) == std::string::npos);
    s.editor.quit();
}

TEST_CASE("a turn is regenerated, edited and continued, and each keeps what it should") {
    Session s;
    const auto ask = [&](const std::string& prompt, const std::string& answer, const Json& more) {
        s.gateway.answer(Script::answer(answer));
        return s.editor.result(s.editor.chat(prompt, nullptr, more));
    };
    const Json context = Json::array({{{"kind", "text"}, {"text", "the attached text"}}});
    const Json first = ask("First?", "one", {{"context", context}});
    const Json in = {{"conversation", first["conversation"]}};
    const Json second = ask("Second?", "two", in);
    const auto replacing = [&](const Json& turn, Json more = Json::object()) {
        more["conversation"] = first["conversation"];
        more["replaceTurn"] = turn;
        return more;
    };
    // Continued: the same turn, its question and context, its text and more of it.
    const Json longer =
        ask("ignored", " and a half", replacing(second["turn"], {{"continue", true}, {"context", context}}));
    CHECK(longer["turn"] == second["turn"]);
    CHECK(longer["text"] == "two and a half");
    const Json sent = s.gateway.request(2).json["messages"];
    CHECK(sent[sent.size() - 2]["content"] == "two");
    CHECK_THAT(sent[1]["content"].get<std::string>(), ContainsSubstring("the attached text"));
    Json all = turns(s.editor, first["conversation"]);
    REQUIRE(all.size() == 2);
    CHECK(all[1]["prompt"] == "Second?");
    CHECK(all[1]["context"] == Json::array());
    // Edited: what it was and what came after it are gone.
    const Json edited = ask("First, differently?", "uno", replacing(first["turn"]));
    CHECK(edited["turn"] != first["turn"]);
    all = turns(s.editor, first["conversation"]);
    REQUIRE(all.size() == 1);
    CHECK(all[0]["prompt"] == "First, differently?");
    CHECK(all[0]["context"] == Json::array());
    CHECK_THAT(s.gateway.request(3).prompt_text(),
               !ContainsSubstring("attached") && !ContainsSubstring("two"));
    // A turn that is gone cannot be replaced, and continuing needs one.
    for (const Json& wrong :
         {replacing(second["turn"]), Json{{"conversation", first["conversation"]}, {"continue", true}}})
        CHECK(s.editor.error(s.editor.chat("?", nullptr, wrong))["code"] == kInvalidParams);
    // A fork holds what was there, and neither changes the other.
    const Json fork = s.editor.call("dragoman/chat/fork",
                                    {{"conversation", first["conversation"]}, {"turn", edited["turn"]}});
    ask("In the fork?", "yes", fork);
    CHECK_THAT(s.gateway.request(4).prompt_text(), ContainsSubstring("uno"));
    CHECK(turns(s.editor, fork["conversation"]).size() == 2);
    CHECK(turns(s.editor, first["conversation"]).size() == 1);
    s.editor.quit();
}

TEST_CASE("a question on the command line takes pictures along") {
    Shell s{"opeai"};
    s.config["privacy"] = {{"exclude", {"**/*.secret.png"}}};
    const std::string bytes{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16};
    s.gateway.answer(Script::answer("A dragon."));
    const auto ran = s.run({"chat", "What is this?", "--image", s.file("a.png", bytes)});
    CHECK(ran.code == 0);
    CHECK(ran.out == "A dragon.\n");
    CHECK_THAT(s.gateway.request(0).body,
               ContainsSubstring("data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="));
    struct Row {
        std::string file, says;
    };
    for (const Row& row : {Row{s.file("b.png", "text"), "is no PNG, JPEG, GIF or WebP image"},
                           Row{s.file("c.secret.png", bytes), "is kept on this machine"},
                           Row{"/nowhere/at.png", "at.png is not there"}}) {
        const auto refused = s.run({"chat", "x", "-i", row.file});
        CHECK(refused.code == 2);
        CHECK_THAT(refused.err, ContainsSubstring(row.says));
    }
    CHECK(s.gateway.journal().requests.size() == 1);
}
