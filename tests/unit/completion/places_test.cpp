// Wherever the cursor may stand: the answer fits there, and nothing is sent that must not be.

#include "tests/unit/completion/engine_bench.h"

using namespace dragoman;
using namespace dragoman::test;
using Catch::Matchers::ContainsSubstring;

namespace {

struct Place {
    std::string what, language, file, answer, shown;
};

const std::vector<Place> kPlaces = {
    {"an empty file", "python", "|", "import math\n\n\ndef area(r):\n    return math.pi * r ** 2\n",
     "import math"},
    {"the end of a file", "cpp", "int a = 1;\nint b = |", "2;\n", "2;"},
    {"the middle of a line", "typescript", "const sum = add(|, 2);\n", "1, 2);", "1"},
    {"a comment", "cpp", "// The area |\nint area();\n", "of a circle.", "of a circle."},
    {"a string", "python", "print(\"Hello, |\")\n", "world\")", "world"},
    {"a docstring", "python", "def area(r):\n    \"\"\"The area |\n    \"\"\"\n    return r\n",
     "of a circle.", "of a circle."},
    {"CRLF", "cpp", "int f() {\r\n    |\r\n}\r\n", "return 1;\n", "return 1;"},
    {"tabs", "go", "func f() int {\n\tif true {\n\t\t|\n\t}\n}\n", "return 1", "return 1"},
    {"blanks for tabs", "go", "func f() int {\n\t|\n}\n", "if ok {\n        return 1\n    }\n    return 2",
     "if ok {\n\t\treturn 1\n\t}\n\treturn 2"},
    {"names beyond ASCII", "python", "größe = |\n", "größe_von(kreis)", "größe_von(kreis)"},
    {"a name begun beyond ASCII", "python", "x = grö|\n", "ße + 1", "ße + 1"},
    {"text from right to left", "markdown", "# שלום\n\nשלום |", "עולם", "עולם"},
    {"characters beyond the first plane", "javascript", "const s = \"🐉|\";\n", "🔥\";", "🔥"},
};

}  // namespace

TEST_CASE("a suggestion fits wherever the cursor stands") {
    const Place place = GENERATE(from_range(kPlaces));
    CAPTURE(place.what);
    EngineBench bench;
    auto request = EngineBench::request(place.file);
    request.document.language_id = place.language;
    const auto asked = bench.ask(std::move(request));
    bench.clock.settle();
    bench.answer(place.answer);
    CHECK(asked->text() == place.shown);
}

TEST_CASE("a line of five megabytes is completed in, and typed through") {
    EngineBench bench;
    std::string line = "const data = [";
    while (line.size() < 5'000'000) line += "1234567, ";
    Typist typist{bench, line + "|" + line + "];\n"};
    const auto asked = typist.invoke();
    CHECK(bench.http.last().request.body.size() < 40'000);
    bench.answer("42, ");
    CHECK(asked->text() == "42, ");
    CHECK(typist.type("4")->text() == "2, ");
    CHECK(bench.http.count() == 1);
}

TEST_CASE("what looks like a secret is masked in the prompt, and never suggested") {
    EngineBench bench;
    const std::string secret = "AKIAIOSFODNN7REALKEY";
    const std::string infill = GENERATE("chat", "fim-completions");
    bench.work.infill = infill;
    bench.provide(bench.work);
    const auto asked = bench.ask("aws_key = \"" + secret + "\"\nother = |\n");
    CHECK(bench.http.last().request.body.find(secret) == std::string::npos);
    CHECK_THAT(bench.http.last().request.body, ContainsSubstring("********"));
    const Json piece = {{"choices",
                         {{{"index", 0},
                           {"text", "\"********\""},
                           {"delta", {{"content", "\"********\""}}},
                           {"finish_reason", "stop"}}}}};
    bench.http.last().answer(200, "data: " + piece.dump() + "\n\n" + kDone, event_stream());
    CHECK(asked->result().items.empty());
    CHECK_THAT(bench.steps(), ContainsSubstring("AWS access key masked"));
}
