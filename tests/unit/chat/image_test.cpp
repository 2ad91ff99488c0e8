// Which pictures are taken, and what is said of those that are not.
#include "server/chat/image.h"

#include "tests/unit/chat/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using namespace dragoman::chat;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kPng{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16};
const std::string kJpeg = "\xFF\xD8\xFF\xE0 jfif";
const std::string kWebp{"RIFF\x10\0\0\0WEBPVP8 ", 16};

Image image(const std::string& mime_type, const std::string& bytes) {
    return {.mime_type = mime_type, .data = std::make_shared<const std::string>(encode_base64(bytes))};
}

std::string trouble(const std::string& mime_type, const std::string& base64) {
    return image_trouble(mime_type, base64).value_or("");
}

}  // namespace

TEST_CASE("base64 is written as RFC 4648 has it") {
    const std::vector<std::pair<std::string, std::string>> rows = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"},
                                                                   {"\xFF\xFE\xFD", "//79"}};
    for (const auto& [bytes, base64] : rows) CHECK(encode_base64(bytes) == base64);
}

TEST_CASE("each format is known by its first bytes, and taken under its own name alone") {
    const std::vector<std::pair<std::string, std::string>> formats = {{"image/png", kPng},
                                                                      {"image/jpeg", kJpeg},
                                                                      {"image/gif", "GIF87a..."},
                                                                      {"image/gif", "GIF89a..."},
                                                                      {"image/webp", kWebp}};
    for (const auto& [type, bytes] : formats) {
        CAPTURE(type);
        CHECK(image_type(bytes) == type);
        for (const auto& [claimed, other] : formats)
            CHECK(image_trouble(claimed, encode_base64(bytes)).has_value() == (claimed != type));
        for (std::size_t length = 0; length < 3; ++length) CHECK(image_type(bytes.substr(0, length)).empty());
    }
    CHECK(image_type("RIFF....WAVE").empty());
    CHECK(image_type("<svg/>").empty());
}

TEST_CASE("what cannot be an image is refused with what is wrong and what to do") {
    const std::string good = encode_base64(kPng + "more");
    CHECK(trouble("image/png", good).empty());
    struct Row {
        std::string type, data, says;
    };
    for (const Row& row : {Row{"image/svg+xml", good, "convert"}, Row{"", good, "mimeType must be"},
                           Row{"IMAGE/PNG", good, "mimeType"}, Row{"image/png", "", "empty"},
                           Row{"image/png", "data:image/png;base64," + good, "from character 5"},
                           Row{"image/png", good.substr(0, good.size() - 1), "not base64"},
                           Row{"image/png", good.substr(0, 8) + "\n" + good.substr(8), "from character 9"},
                           Row{"image/png", good.substr(0, 8) + "-_" + good.substr(10), "from character 9"},
                           Row{"image/png", good.substr(0, 8) + "=" + good.substr(9), "from character 9"},
                           Row{"image/png", "====", "from character 1"},
                           Row{"image/png", "Zh==", "from character 2"},  // bits that stand for nothing
                           Row{"image/png", encode_base64("not a picture"), "it may be broken"},
                           Row{"image/jpeg", good, "data is image/png"}}) {
        CAPTURE(row.type, row.data);
        CHECK_THAT(trouble(row.type, row.data), ContainsSubstring(row.says));
    }
}

TEST_CASE("an image may have twenty mebibytes and not one byte more") {
    const auto of_size = [](std::size_t bytes) {
        return encode_base64(kPng + std::string(bytes - kPng.size(), 'x'));
    };
    CHECK(trouble("image/png", of_size(kMostImageBytes)).empty());
    CHECK_THAT(trouble("image/png", of_size(kMostImageBytes + 1)),
               ContainsSubstring("at most 20 MiB") && ContainsSubstring("make it smaller"));
    CHECK_THAT(trouble("image/png", of_size(kMostImageBytes * 2)), ContainsSubstring("40.0 MiB"));
}

TEST_CASE("an image goes with its question as a data URL, later too, and is kept with the turn") {
    TempDir data;
    ChatBench b{data / "dragoman/dragoman.db"};
    auto send = b.question("What is this?");
    const Image picture = image("image/png", kPng);
    send.context = {TextItem{"near it", "Note"}, picture};
    send.context_json = {{{"kind", "text"}, {"text", "near it"}, {"label", "Note"}},
                         {{"kind", "image"}, {"mimeType", "image/png"}}};
    const auto first = b.answered(send, "A dragon.");
    const Json content = b.body(0)["messages"][1]["content"];
    REQUIRE(content.size() == 2);
    CHECK(content[0]["text"] == "Note:\n```\nnear it\n```\n\nWhat is this?");
    CHECK(content[1]["image_url"]["url"] == "data:image/png;base64," + *picture.data);

    // Another daemon, which knows only the file.
    ChatBench later{data / "dragoman/dragoman.db"};
    later.answered_later(later.question("And its colour?", first.conversation), "Green.");
    const Json again = later.body(0)["messages"];
    CHECK(again[1]["content"] == content);
    CHECK(again[3]["content"] == "And its colour?");
    later.opened(first.conversation, [&](const Conversation& found) {
        Json as_it_came = send.context_json;
        as_it_came[1]["data"] = *picture.data;
        CHECK(whole_context(found.turns[0]) == as_it_came);
    });
}

TEST_CASE("a fork has the images too, and does not need the other one") {
    TempDir data;
    ChatBench b{data / "dragoman/dragoman.db"};
    auto send = b.question("?");
    send.context = {image("image/png", kPng)};
    send.context_json = {{{"kind", "image"}, {"mimeType", "image/png"}}};
    const auto answer = b.answered(send, "x");
    std::string fork;
    b.opened(answer.conversation, [&](const Conversation&) {
        fork = b.engine.fork(answer.conversation, answer.turn.id, true).value_or("");
    });
    b.disk_worker.work_off();
    b.engine.remove(answer.conversation, [](const std::string&) {});
    b.disk_worker.work_off();
    ChatBench later{data / "dragoman/dragoman.db"};
    CHECK_FALSE(later.exists(answer.conversation));
    later.opened(fork, [&](const Conversation& found) {
        REQUIRE(found.turns.at(0).images.size() == 1);
        CHECK(*found.turns[0].images[0].data == encode_base64(kPng));
    });
}

TEST_CASE("a refusal of a request with an image names the image") {
    const std::string body = GENERATE(R"({"error": {"message": "messages[1].content must be a string"}})",
                                      R"({"error": {"message": "image input is not supported"}})");
    ChatBench b;
    auto send = b.question("?");
    send.context = {TextItem{"x", ""}, image("image/png", kPng)};
    send.context_json = {{{"kind", "text"}, {"text", "x"}}, {{"kind", "image"}, {"mimeType", "image/png"}}};
    Asked asked;
    b.ask(asked, send);
    b.http.last().answer(400, body);
    b.clock.settle();
    CHECK(asked.error().kind == ErrorKind::bad_request);
    CHECK_THAT(asked.error().hint, ContainsSubstring("context[1] of this question (image/png)"));
    Asked plain;
    b.ask(plain, b.question("?"));
    b.http.last().answer(400, body);
    b.clock.settle();
    CHECK(plain.error().hint.find("sent with an image") == std::string::npos);
}
