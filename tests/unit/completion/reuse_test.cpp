// What was paid for is used: typing through a suggestion, joining an answer under way, its rest for later.

#include "tests/unit/completion/engine_bench.h"

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;
using Outcome = completion::TrailEntry::Outcome;

namespace {

const std::string kFile = "int add(int a, int b) {\n    return |\n}\n";

/// A typist who was just shown "a + b;".
struct Shown : EngineBench {
    explicit Shown(std::string file = kFile) : typist{*this, std::move(file)} {
        const auto asked = typist.invoke();
        answer("a + b;");
        REQUIRE(asked->text() == "a + b;");
        REQUIRE(http.count() == 1);
    }
    Typist typist;
};

}  // namespace

TEST_CASE("typing through a suggestion is answered from memory at once") {
    Shown bench;
    std::string rest = "a + b;";
    while (rest.size() > 1) {
        const auto asked = bench.typist.type(rest.substr(0, 1));
        rest.erase(0, 1);
        REQUIRE(asked->answered());
        CHECK(asked->text() == rest);
        CHECK(asked->result().items.at(0).begin == bench.typist.cursor());
        CHECK(bench.trail(1).at(0).source == "cache");
        CHECK(bench.trail(1).at(0).debounce == Milliseconds{0});
    }
    CHECK(bench.http.count() == 1);
}

TEST_CASE("so it is after deleting back, after a word was accepted, and when it is asked again") {
    Shown bench;
    CHECK(bench.typist.type("a +")->text() == " b;");
    CHECK(bench.typist.type("", 2)->text() == " + b;");
    CHECK(bench.typist.type("", 1)->text() == "a + b;");
    CHECK(bench.typist.invoke()->text() == "a + b;");
    CHECK(bench.typist.type("", 1)->answered() == false);  // "return": another place
    CHECK(bench.typist.type(" ")->text() == "a + b;");
    CHECK(bench.http.count() == 1);
}

TEST_CASE("an edit elsewhere in what the model saw, other settings or another model ask anew") {
    Shown bench;
    const std::string what = GENERATE("before", "after", "model", "temperature", "route", "language");
    CAPTURE(what);
    if (what == "before") bench.typist.text.replace(bench.typist.text.find("add"), 3, "sum");
    if (what == "after") bench.typist.text += "int more;\n";
    if (what == "model") bench.settings.completion.model = "work/other";
    if (what == "temperature") bench.settings.completion.temperature = 0.7;
    if (what == "route") bench.settings.completion.extra_body = {{"seed", 1}};
    if (what == "language") bench.typist.language = "c";
    const auto asked = bench.typist.type("a");
    CHECK_FALSE(asked->answered());
    bench.clock.advance(Milliseconds{300});
    CHECK(bench.http.count() == 2);
}

TEST_CASE("that the model had nothing to add is known for a while too, but a key asks again") {
    EngineBench bench;
    Typist typist{bench, kFile};
    const auto first = typist.invoke();
    bench.http.last().answer(200, whole(""), event_stream());
    CHECK(first->result().items.empty());
    const auto again = bench.ask(typist.request());
    bench.clock.settle();
    CHECK(again->answered());
    CHECK(bench.http.count() == 1);
    CHECK_THAT(bench.steps(), ContainsSubstring("nothing to add"));
    typist.invoke();
    CHECK(bench.http.count() == 2);
}

TEST_CASE("an answer under way that agrees with what is typed meanwhile answers the newer request") {
    EngineBench bench;
    Typist typist{bench, kFile};
    const bool text_came = GENERATE(false, true);
    CAPTURE(text_came);
    const auto first = typist.invoke();
    bench.http.last().head(200, event_stream());
    if (text_came) bench.http.last().bytes(chunk("a + "));
    const auto second = typist.type("a");
    CHECK(first->result().superseded);
    const auto third = typist.type(" ");
    CHECK(second->result().superseded);
    CHECK_FALSE(third->answered());
    bench.http.last().bytes((text_came ? chunk("b;") : chunk("a + b;")) + finish() + usage(30, 5) + kDone);
    CHECK(third->text() == "+ b;");
    CHECK(bench.http.count() == 1);
    CHECK(bench.trail(1).at(0).source == "inFlight");
    CHECK(bench.engine.in_flight() == 0);
}

TEST_CASE("an answer under way that disagrees is closed at once, by the text or by its own") {
    EngineBench bench;
    bench.settings.completion.debounce_ms = 75;
    Typist typist{bench, kFile};
    const bool text_first = GENERATE(true, false);
    CAPTURE(text_first);
    typist.invoke();
    bench.http.last().head(200, event_stream());
    if (text_first) bench.http.last().bytes(chunk("a + b"));
    typist.change("x");
    if (text_first) {
        CHECK(bench.http.open() == 0);
    } else {
        CHECK(bench.http.open() == 1);
    }
    const auto asked = bench.ask(typist.request());
    bench.clock.advance(Milliseconds{80});
    if (!text_first) bench.http.at(0).bytes(chunk("a + b"));
    CHECK_FALSE(asked->answered());
    bench.clock.settle();
    REQUIRE(bench.http.count() == 2);
    CHECK(bench.http.open() == 1);
    bench.answer(" * y;");
    CHECK(asked->text() == " * y;");
}

TEST_CASE("ten keystrokes in a burst cost at most one request beyond the first") {
    EngineBench bench;
    const bool agrees = GENERATE(true, false);
    CAPTURE(agrees);
    Typist typist{bench, kFile};
    typist.invoke();
    std::shared_ptr<EngineBench::Asked> last;
    for (const char c : std::string{"value * 42"}) {
        last = typist.type(std::string{c});
        bench.clock.advance(Milliseconds{90});
    }
    REQUIRE(bench.http.count() == 1);
    bench.http.at(0).head(200, event_stream());
    bench.http.at(0).bytes(chunk(agrees ? "value * 42 + a;" : "a + b;") + finish() + usage(30, 5) + kDone);
    bench.clock.advance(Milliseconds{500});
    if (agrees) {
        CHECK(last->text() == " + a;");
        CHECK(bench.http.count() == 1);
    } else {
        REQUIRE(bench.http.count() == 2);
        bench.answer(" + b;");
        CHECK(last->text() == " + b;");
    }
}

TEST_CASE("the shown line is sent as soon as it is whole, and the next one is there when it is wanted") {
    EngineBench bench;
    Typist typist{bench, "void f() {\n    first();\n    |\n    last();\n}\n"};
    const auto asked = typist.invoke();
    bench.say({"second();", "\n    third", "();"});
    REQUIRE(asked->answered());
    CHECK(asked->text() == "second();");
    CHECK(bench.engine.in_flight() == 1);
    CHECK_THAT(bench.steps(), ContainsSubstring("stop: "));
    bench.http.last().bytes(chunk("\n    fourth();") + finish() + usage(30, 9) + kDone);
    CHECK(bench.engine.in_flight() == 0);
    const auto entry = bench.trail(1).at(0);
    REQUIRE(entry.tokens);
    CHECK(entry.tokens->output == 9);

    bench.engine.accepted(asked->result().items.at(0).id);
    typist.change("second();");
    const auto next = typist.type("\n    ");
    REQUIRE(next->answered());
    CHECK(next->text() == "third();");
    CHECK(bench.http.count() == 1);
}

TEST_CASE("the editor's own indentation does not spoil the next line") {
    EngineBench bench;
    Typist typist{bench, "void f() {\n    first();\n    |\n    last();\n}\n"};
    typist.invoke();
    bench.answer("second();\n    third();");
    const std::string indentation = GENERATE("", "  ", "    ", "\t");
    CAPTURE(indentation);
    typist.change("second();");
    CHECK(typist.type("\n" + indentation)->text().ends_with("third();"));
    CHECK(bench.http.count() == 1);
}

TEST_CASE("nothing is followed beyond what can be of use") {
    EngineBench bench;
    SECTION("behind the middle of a line") {
        Typist typist{bench, "int x = foo(|bar);\n"};
        const auto asked = typist.invoke();
        bench.say({"a", ", ", "\nmore"});
        CHECK(asked->text() == "a, ");
        bench.clock.advance(Milliseconds{300});
        CHECK(bench.http.open() == 0);
    }
    SECTION("where the text behind the cursor is met") {
        Typist typist{bench, "void f() {\n    first();\n    |\n    last();\n}\n"};
        const auto asked = typist.invoke();
        bench.say({"second();\n", "    last();\n"});
        CHECK(asked->text() == "second();");
        bench.clock.advance(Milliseconds{300});
        CHECK(bench.http.open() == 0);
    }
    SECTION("for ever") {
        Typist typist{bench, "void f() {\n    first();\n    |\n    last();\n}\n"};
        const auto asked = typist.invoke();
        bench.say({});
        for (int i = 0; i < 100 && bench.http.open() > 0; ++i) {
            bench.http.last().bytes(chunk("g" + std::to_string(i) + "();\n    "));
            bench.clock.advance(Milliseconds{20});
        }
        CHECK(asked->text() == "g0();");
        bench.clock.advance(Milliseconds{300});
        CHECK(bench.http.open() == 0);
    }
}

TEST_CASE("an answer that nobody needs any more may end by itself, for its connection and its tokens") {
    EngineBench bench;
    Typist typist{bench, "int x = foo(|bar);\n"};
    const auto asked = typist.invoke();
    bench.say({"a, \n"});
    CHECK(asked->text() == "a, ");
    bench.clock.advance(Milliseconds{100});
    bench.http.last().bytes(finish() + usage(30, 5) + kDone);
    CHECK(bench.engine.in_flight() == 0);
    CHECK(bench.trail(1).at(0).tokens);
}

TEST_CASE("a cancelled answer waits a moment for the editor to come back") {
    EngineBench bench;
    bench.settings.completion.debounce_ms = 75;
    Typist typist{bench, kFile};
    const auto first = bench.ask(typist.request());
    bench.clock.advance(Milliseconds{80});
    bench.say({"a "});
    first->ticket.reset();
    CHECK_FALSE(first->answered());
    CHECK(bench.trail(1).at(0).outcome == Outcome::cancelled);
    const std::string then =
        GENERATE("comes back", "types something else", "stays away", "closes the file", "ends");
    CAPTURE(then);
    if (then == "comes back") {
        bench.clock.advance(Milliseconds{200});
        const auto second = typist.type("a");
        bench.http.last().bytes(chunk("+ b;") + finish() + kDone);
        CHECK(second->text() == " + b;");
        CHECK(bench.http.count() == 1);
    }
    if (then == "types something else") {
        typist.change("x");
        CHECK(bench.http.open() == 0);
    }
    if (then == "stays away") {
        bench.clock.advance(Milliseconds{500});
        CHECK(bench.http.open() == 0);
    }
    if (then == "closes the file") {
        bench.engine.document_closed("file:///p/%61.cpp");
        CHECK(bench.http.open() == 0);
    }
    if (then == "ends") {
        bench.engine.rest();
        CHECK(bench.http.open() == 0);
    }
    CHECK(bench.engine.in_flight() == 0);
    CHECK_FALSE(first->answered());
}

TEST_CASE("one that was asked for by a key and is taken back is closed at once") {
    EngineBench bench;
    Typist typist{bench, kFile};
    const auto asked = typist.invoke();
    bench.say({"a "});
    asked->ticket.reset();
    CHECK(bench.http.open() == 0);
    CHECK(bench.engine.in_flight() == 0);
}

TEST_CASE("a time-out gives what fits to what was typed since") {
    EngineBench bench;
    bench.settings.completion.timeout_ms = 1000;
    Typist typist{bench, kFile};
    typist.invoke();
    bench.say({"a +\n        b +\n        c"});
    const auto asked = typist.type("a");
    bench.clock.advance(Milliseconds{1000});
    REQUIRE(asked->answered());
    CHECK(asked->text().starts_with(" +"));
    CHECK(bench.http.open() == 0);
}

TEST_CASE("an acceptance that the editor does not tell is read from the text") {
    Shown bench;
    const bool whole = GENERATE(true, false);
    bench.typist.change(whole ? "a + b;" : "a + c;");
    const bool told = bench.steps().find("accepted") != std::string::npos;
    CHECK(told == whole);
}

TEST_CASE("a model that only reasons is told once") {
    EngineBench bench;
    for (int i = 0; i < 3; ++i) {
        Typist typist{bench, "int x" + std::to_string(i) + " = |\n"};
        const auto asked = typist.invoke();
        bench.http.last().answer(200, reasoning("hm") + finish("length") + usage(30, 256) + kDone,
                                 event_stream());
        CHECK(asked->result().items.empty());
        CHECK(asked->result().notice.empty() == (i > 0));
        CHECK_THAT(bench.steps(), ContainsSubstring("reasoning"));
    }
}

TEST_CASE("a document with CRLF is typed through like any other") {
    EngineBench bench;
    Typist typist{bench, "void f() {\r\n    first();\r\n    |\r\n    last();\r\n}\r\n"};
    typist.invoke();
    bench.answer("second();\n    third();");
    typist.change("second();");
    CHECK(typist.type("\r\n    ")->text() == "third();");
    CHECK(bench.http.count() == 1);
}

TEST_CASE("whoever accepts is not typing: what follows is asked for without a pause") {
    EngineBench bench;
    bench.settings.completion.debounce_ms = 200;
    Typist typist{bench, kFile};
    const auto asked = typist.invoke();
    bench.answer("a + b;");
    if (GENERATE(true, false)) bench.engine.accepted(asked->result().items.at(0).id);
    typist.type("a + b;");
    CHECK(bench.http.count() == 2);
    typist.type("\n");
    CHECK(bench.http.count() == 2);
}
