// Edits from the call to their end, with a played gateway.
#include "server/edit/engine.h"

#include "tests/unit/gateway/bench.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::edit;
using namespace dragoman::test;

namespace {

struct EditBench : Bench {
    Documents documents{PositionEncoding::utf8};
    Engine engine{gateway, documents};
    std::shared_ptr<config::Effective> config = std::make_shared<config::Effective>();
    std::vector<std::string> pieces;
    std::optional<Result<Outcome, Failure>> end;
    std::unique_ptr<Engine::Running> running;

    EditBench() {
        work.retry_attempts = 0;
        config->providers["work"] = std::make_shared<config::Provider>(work);
        config->chat.model = "work/m";
        documents.on_change = [this](const DocumentSnapshot& now, const auto& changes) {
            engine.document_changed(now, changes);
        };
        documents.on_close = [this](const std::string& uri) { engine.document_closed(uri); };
        open("a\nb\nc\n");
    }
    void open(const std::string& text) {
        documents.did_open(
            {{"textDocument",
              {{"uri", "file:///w/a"}, {"languageId", "cpp"}, {"version", 1}, {"text", text}}}});
    }
    /// The document's bytes [begin, end).
    void ask(std::size_t begin, std::size_t last, Task task = Task::rewrite) {
        Request request;
        request.document = *documents.find("file:///w/a");
        request.begin = begin;
        request.end = last;
        request.question = {.task = task, .instruction = "Do."};
        request.config = config;
        auto started = engine.start(
            std::move(request),
            [this](const Event& event) {
                if (const auto* text = std::get_if<wire::Text>(&event)) pieces.push_back(text->text);
            },
            [this](Result<Outcome, Failure> result) {
                end.emplace(std::move(result));
                running.reset();
            });
        REQUIRE(started);
        running = std::move(*started);
        clock.settle();
    }
    void answer(const std::string& body) {
        http.last().answer(200, body, event_stream());
        clock.settle();
    }
};

}  // namespace

TEST_CASE("An edit is counted while it runs, and ends once") {
    EditBench b;
    int told = 0;
    b.engine.on_activity = [&] { ++told; };
    b.ask(2, 4);
    CHECK(b.engine.in_flight() == 1);
    b.answer(whole("B\n"));
    REQUIRE(b.end);
    REQUIRE(b.end->ok());
    CHECK((*b.end)->hunks == std::vector<Hunk>{{2, 4, "B\n"}});
    CHECK((*b.end)->text == "B\n");
    CHECK(b.engine.in_flight() == 0);
    CHECK(told == 2);
}

TEST_CASE("Dropping the handle closes the connection and calls nobody") {
    EditBench b;
    b.ask(2, 4);
    b.running.reset();
    CHECK(b.http.last().closed());
    CHECK(b.engine.in_flight() == 0);
    CHECK_FALSE(b.end);
}

TEST_CASE("An answer that changes nothing has no hunks") {
    EditBench b;
    b.ask(2, 4);
    b.answer(whole("b\n"));
    REQUIRE(b.end->ok());
    CHECK((*b.end)->hunks.empty());
}

TEST_CASE("Two edits of one document end together when it is closed") {
    EditBench b;
    b.ask(2, 4);
    std::optional<Result<Outcome, Failure>> other;
    Request request;
    request.document = *b.documents.find("file:///w/a");
    request.end = 2;
    request.question.instruction = "Do.";
    request.config = b.config;
    auto second = b.engine.start(
        std::move(request), [](const Event&) {},
        [&](Result<Outcome, Failure> end) { other.emplace(std::move(end)); });
    REQUIRE(second);
    b.documents.did_close({{"textDocument", {{"uri", "file:///w/a"}}}});
    REQUIRE(b.end);
    REQUIRE(other);
    CHECK(b.end->error().content_modified);
    CHECK(other->error().content_modified);
}

TEST_CASE("A document that is no longer understood ends the edit as modified") {
    EditBench b;
    b.ask(2, 4);
    b.documents.did_change({{"textDocument", {{"uri", "file:///w/a"}, {"version", 2}}},
                            {"contentChanges", {{{"range", "nonsense"}, {"text", "x"}}}}});
    b.answer(whole("B\n"));
    REQUIRE(b.end);
    REQUIRE_FALSE(b.end->ok());
    CHECK(b.end->error().content_modified);
}

TEST_CASE("An explanation is streamed and given as it is") {
    EditBench b;
    b.ask(2, 4, Task::explain);
    b.answer(chunk("It is ") + whole("b.\n"));
    REQUIRE(b.end->ok());
    CHECK((*b.end)->text == "It is b.");
    CHECK((*b.end)->hunks.empty());
}

TEST_CASE("A broken stream fails with what had arrived, and no model is an error at once") {
    EditBench b;
    b.ask(2, 4);
    b.answer(chunk("B"));
    REQUIRE_FALSE(b.end->ok());
    CHECK(b.end->error().error.kind == ErrorKind::network);
    CHECK(b.end->error().error.partial_text == "B");

    b.config->chat.model.clear();
    Request request;
    request.document = *b.documents.find("file:///w/a");
    request.config = b.config;
    const auto refused = b.engine.start(
        std::move(request), [](const Event&) {}, [](const Result<Outcome, Failure>&) {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::not_configured);
}
