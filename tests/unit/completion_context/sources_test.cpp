#include "server/completion/context/sources.h"

#include "protocol/base/utf.h"
#include "server/support/paths.h"
#include "server/support/tokens.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_worker.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::completion;
using namespace std::chrono_literals;

namespace {

const std::string kInvoice =
    "Invoice make_invoice(const Customer& customer, const Order& order) {\n"
    "    Invoice invoice;\n"
    "    invoice.number = next_invoice_number(customer);\n"
    "    for (const OrderLine& line : order.lines) invoice.add(line.article, line.quantity);\n"
    "    invoice.due = due_date(customer, order);\n"
    "    return invoice;\n"
    "}\n";
const std::string kBill =
    "void bill(const Customer& customer, const Order& order) {\n"
    "    Invoice draft;\n"
    "    draft.number = next_invoice_number(customer);\n";

// An editor with a workspace at /w.
struct Desk {
    Desk() {
        documents.on_change = [this](const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
            sources.document_changed(now, changes);
        };
        documents.on_close = [this](const std::string& uri) { sources.document_closed(uri); };
    }
    void open(const std::string& uri, const std::string& text) {
        documents.did_open(
            {{"textDocument", {{"uri", uri}, {"languageId", "cpp"}, {"version", 1}, {"text", text}}}});
    }
    void close(const std::string& uri) { documents.did_close({{"textDocument", {{"uri", uri}}}}); }
    void replace(const std::string& uri, const std::string& what, const std::string& with) {
        const auto before = documents.find(uri);
        const std::size_t at = before->text.to_string().find(what);
        REQUIRE(at != std::string::npos);
        const auto place = [&](std::size_t offset) {
            const Position position = before->text.position_of(offset, PositionEncoding::utf16);
            return Json{{"line", position.line}, {"character", position.character}};
        };
        documents.did_change(
            {{"textDocument", {{"uri", uri}, {"version", before->version + 1}}},
             {"contentChanges",
              {{{"range", {{"start", place(at)}, {"end", place(at + what.size())}}}, {"text", with}}}}});
    }
    Sources::Where where(const std::string& uri, std::size_t cursor = std::string::npos) {
        auto document = documents.find(uri);
        REQUIRE(document);
        const std::size_t at = std::min(cursor, document->text.size());
        return {std::move(*document), at, {"/w"}, config};
    }
    Gathered gather(std::size_t budget = 2'000, const std::string& uri = kHere) {
        return sources.gather(where(uri), budget);
    }
    std::string all(std::size_t budget = 2'000, const std::string& uri = kHere) {
        std::string text;
        for (const Piece& piece : gather(budget, uri).pieces) text += piece.path + "\n" + piece.text;
        return text;
    }
    bool tells(std::string_view what) { return all().find(what) != std::string::npos; }

    static constexpr const char* kHere = "file:///w/src/bill.cpp";
    test::FakeClock clock;
    test::FakeFiles files;
    test::FakeWorker worker;
    Documents documents;
    std::shared_ptr<config::Effective> config = std::make_shared<config::Effective>();
    Sources sources{clock, files, worker, documents};
};

std::vector<std::string> texts(const Gathered& gathered) {
    std::vector<std::string> all;
    for (const Piece& piece : gathered.pieces) all.push_back(piece.text);
    return all;
}

bool has_note(const Gathered& gathered, std::string_view what) {
    return std::any_of(gathered.notes.begin(), gathered.notes.end(),
                       [&](const std::string& note) { return note.find(what) != std::string::npos; });
}

}  // namespace

TEST_CASE("an alike passage of an open document is told by its path in the workspace, with a note") {
    Desk desk;
    desk.open("file:///w/src/invoice.cpp", kInvoice);
    desk.open(Desk::kHere, kBill);
    const Gathered gathered = desk.gather();
    REQUIRE(gathered.pieces.size() == 1);
    CHECK(gathered.pieces[0].kind == Piece::Kind::similar);
    CHECK(gathered.pieces[0].path == "src/invoice.cpp");
    CHECK(gathered.pieces[0].text == kInvoice);
    CHECK(gathered.pieces[0].tokens == estimate_tokens(kInvoice));
    CHECK(has_note(gathered, "similar from src/invoice.cpp"));
}

TEST_CASE("documents without a file take part by name, other schemes do not") {
    const auto [uri, shown] = GENERATE(table<std::string, std::string>({
        {"untitled:Untitled-1", "Untitled-1"},
        {"file:///elsewhere/invoice.cpp", "invoice.cpp"},
        {"git:/w/src/invoice.cpp?HEAD", ""},
        {"output:extension-output", ""},
        {"vscode-notebook-cell:/w/a.ipynb#W0", ""},
    }));
    Desk desk;
    desk.open(uri, kInvoice);
    desk.open(Desk::kHere, kBill);
    const Gathered gathered = desk.gather();
    REQUIRE(gathered.pieces.empty() == shown.empty());
    if (!shown.empty()) CHECK(gathered.pieces[0].path == shown);
}

TEST_CASE("what privacy.exclude names is in no piece, and the trail says so") {
    Desk desk;
    desk.config->project = "/w";
    desk.config->exclude = {GENERATE("secret/**", "*.vault.cpp", "/secret/invoice.vault.cpp")};
    desk.open("file:///w/secret/invoice.vault.cpp", kInvoice);
    desk.open(Desk::kHere, kBill);
    desk.replace("file:///w/secret/invoice.vault.cpp", "Invoice invoice;", "Invoice invoice{};");
    const Gathered gathered = desk.gather();
    CHECK(gathered.pieces.empty());
    CHECK(has_note(gathered, "left out secret/invoice.vault.cpp: privacy.exclude"));
    SECTION("also where it was told before the exclusion") {
        desk.config = std::make_shared<config::Effective>();
        CHECK_FALSE(desk.gather().pieces.empty());
        desk.config = std::make_shared<config::Effective>();
        desk.config->project = "/w";
        desk.config->exclude = {"secret/**"};
        CHECK(desk.gather().pieces.empty());
    }
}

TEST_CASE("secrets in pieces are masked, with a note") {
    // In two parts, so that this file holds none.
    const std::string key = std::string{"AKIA"} + "Z7QX4M2PLN6RTW3K";
    Desk desk;
    desk.open("file:///w/src/invoice.cpp", kInvoice + "\nconst char* const kKey = \"" + key + "\";\n");
    desk.open(Desk::kHere, kBill + "    upload(invoice, kKey, make_invoice(customer, order));\n");
    SECTION("in a passage") {}
    SECTION("in an edit") {
        desk.open("file:///w/other.txt", "one\ntwo\n");
        desk.replace("file:///w/other.txt", "two", "key = \"" + key + "\"");
    }
    const Gathered gathered = desk.gather();
    CHECK(has_note(gathered, "masked: "));
    for (const Piece& piece : gathered.pieces) CHECK(piece.text.find(key) == std::string::npos);
}

TEST_CASE("secrets of definitions are counted, too, and rows of asterisks are none") {
    const std::string key = std::string{"AKIA"} + "Z7QX4M2PLN6RTW3K";
    Desk desk;
    desk.files.write("/w/src/keys.h", "constexpr char kUpload[] = \"" + key +
                                          "\";\nconstexpr char kStars[] = \"************\";\n");
    desk.open(Desk::kHere, "#include \"keys.h\"\nvoid bill() { upload(kUpload, kStars); }\n");
    desk.sources.prepare(desk.where(Desk::kHere));
    desk.worker.work_off();
    const Gathered gathered = desk.gather();
    REQUIRE(gathered.pieces.size() == 1);
    CHECK(gathered.pieces[0].masked == 1);
    CHECK(gathered.pieces[0].text.find("kStars") != std::string::npos);
    CHECK(has_note(gathered, "masked: "));
}

TEST_CASE("a passage from the midst of a private key is masked as well") {
    const std::string dashes = "-----";
    std::string text = "const char* kPem =\n    \"" + dashes + "BEGIN RSA PRIVATE KEY" + dashes + "\\n\"\n";
    text = dashes + "BEGIN RSA PRIVATE KEY" + dashes + "\n";
    for (int i = 0; i < 40; ++i)
        text +=
            "Q1wErTyUiOpAsDfGhJkLzXcVbNm" + std::to_string(1'000 + i) + "customerInvoiceOrderDueDate/a+b4\n";
    text += dashes + "END RSA PRIVATE KEY" + dashes + "\n\n" + kInvoice;
    Desk desk;
    desk.open("file:///w/src/invoice.cpp", text);
    desk.open(Desk::kHere, kBill + "    Q1wErTyUiOpAsDfGhJkLzXcVbNm1020customerInvoiceOrderDueDate\n");
    CHECK_FALSE(desk.tells("Q1wErTyUiOp"));
}

TEST_CASE("edits stand last, oldest first, and not what is being typed at the cursor") {
    Desk desk;
    desk.open("file:///w/src/invoice.cpp", kInvoice);
    desk.open("file:///w/notes.txt", "alpha\nbeta\n");
    desk.open(Desk::kHere, kBill);
    desk.replace("file:///w/notes.txt", "alpha", "first");
    desk.clock.advance(60s);
    desk.replace("file:///w/notes.txt", "beta", "second");
    desk.replace(Desk::kHere, "draft;", "draft{};");
    const Gathered gathered = desk.sources.gather(desk.where(Desk::kHere, kBill.find("draft;")), 2'000);
    REQUIRE(gathered.pieces.size() == 3);
    CHECK(gathered.pieces[0].kind == Piece::Kind::similar);
    CHECK(gathered.pieces[1].text == "-alpha\n+first\n beta\n");
    CHECK(gathered.pieces[2].text == " first\n-beta\n+second\n");
    CHECK(gathered.pieces[2].kind == Piece::Kind::edit);
    CHECK(gathered.pieces[2].path == "notes.txt");
}

TEST_CASE("an edit that only added what the model sees anyway is left out") {
    Desk desk;
    std::string far;
    for (int i = 0; i < 30; ++i) far += "// " + std::to_string(i) + "\n";
    desk.open(Desk::kHere, "int helper();\n" + far + kBill);
    desk.replace(Desk::kHere, "int helper();\n", "int helper();\nint another_helper(int count);\n");
    CHECK(desk.gather().pieces.empty());
    desk.replace(Desk::kHere, "int helper();\n", "long helper();\n");
    CHECK(desk.tells("-int helper();"));
}

TEST_CASE("a passage that stands in the window already is left out") {
    Desk desk;
    desk.open("file:///w/src/invoice.cpp", kInvoice);
    desk.open(Desk::kHere, kInvoice + kBill);
    CHECK(desk.gather().pieces.empty());
}

TEST_CASE("a closed document's passages are gone, its edits stay") {
    Desk desk;
    desk.open("file:///w/src/invoice.cpp", kInvoice);
    desk.open(Desk::kHere, kBill);
    desk.replace("file:///w/src/invoice.cpp", "due_date(customer, order)", "date_due(order)");
    CHECK(desk.gather().pieces.size() == 2);
    desk.close("file:///w/src/invoice.cpp");
    const Gathered gathered = desk.gather();
    REQUIRE(gathered.pieces.size() == 1);
    CHECK(gathered.pieces[0].kind == Piece::Kind::edit);
}

TEST_CASE("no budget is ever exceeded") {
    Desk desk;
    for (int i = 0; i < 8; ++i) {
        const std::string uri = "file:///w/" + std::to_string(i) + ".cpp";
        desk.open(uri,
                  "int only" + std::to_string(i) + "();\n\n" + kInvoice + std::string(10, '\n') + kInvoice);
        desk.replace(uri, "only", "renamed");
    }
    desk.open(Desk::kHere, kBill);
    const auto budget =
        GENERATE(std::size_t{0}, std::size_t{30}, std::size_t{100}, std::size_t{300}, std::size_t{2'000});
    for (int round = 0; round < 3; ++round) {
        std::size_t tokens = 0;
        for (const Piece& piece : desk.gather(budget).pieces) tokens += piece.tokens;
        CHECK(tokens <= budget);
        desk.clock.advance(Milliseconds{9'000 * round});
    }
    if (budget == 2'000) CHECK_FALSE(desk.gather(budget).pieces.empty());
}

TEST_CASE("the same neighbourhood gets the same pieces in the same order while it is typed in") {
    Desk desk;
    desk.open("file:///w/a.cpp", kInvoice);
    desk.open("file:///w/b.cpp",
              "void draft_bill(Draft draft) {\n    Bill bill;\n    bill.draft = draft;\n    "
              "return order;\n}\n");
    desk.open(Desk::kHere, kBill);
    const auto first = texts(desk.gather());
    REQUIRE(first.size() == 2);
    std::string line = "    draft.number = next_invoice_number(customer);\n";
    for (const std::string added :
         {"Order", " order", " = parse_order(stream", ".lines());\n", "    return order;\n"}) {
        desk.replace(Desk::kHere, line, line + added);
        line += added;
        desk.clock.advance(2s);
        CHECK(texts(desk.gather()) == first);
    }
    SECTION("an edit elsewhere is added behind") {
        desk.open("file:///w/notes.txt", "alpha\n");
        desk.replace("file:///w/notes.txt", "alpha", "beta");
        auto expected = first;
        expected.push_back("-alpha\n+beta\n");
        CHECK(texts(desk.gather()) == expected);
    }
    SECTION("what is no longer true is gone at once") {
        desk.replace("file:///w/a.cpp", "due_date(customer, order)", "date_due(order)");
        for (const std::string& text : texts(desk.gather()))
            CHECK(text.find("\n    invoice.due = due_date") == std::string::npos);
    }
    SECTION("pieces that are still the best keep their order when all is ranked anew") {
        desk.clock.advance(10min);
        CHECK(texts(desk.gather()) == first);
    }
}

TEST_CASE("another neighbourhood is ranked for itself") {
    Desk desk;
    desk.open("file:///w/a.cpp", kInvoice);
    desk.open("file:///w/b.cpp",
              "Colour mix_colour(Colour left, Colour right) {\n    return blend(left, right, kGamma);\n}\n");
    std::string far;
    for (int i = 0; i < 1'500; ++i) far += "// " + std::to_string(i) + "\n";
    const std::string paint =
        "void paint(Colour left, Colour right) {\n    const Colour colour = blend(left, right,";
    desk.open(Desk::kHere, kBill + far + paint);
    const auto there = desk.gather();
    REQUIRE_FALSE(there.pieces.empty());
    CHECK(there.pieces[0].path == "b.cpp");
    const auto here = desk.sources.gather(desk.where(Desk::kHere, kBill.size()), 2'000);
    REQUIRE_FALSE(here.pieces.empty());
    CHECK(here.pieces[0].path == "a.cpp");
}

TEST_CASE("a document that was opened before the sources were there takes part") {
    test::FakeClock clock;
    test::FakeFiles files;
    test::FakeWorker worker;
    Documents documents;
    const auto open = [&](const std::string& uri, const std::string& text) {
        documents.did_open(
            {{"textDocument", {{"uri", uri}, {"languageId", "cpp"}, {"version", 1}, {"text", text}}}});
    };
    open("file:///w/a.cpp", kInvoice);
    open(Desk::kHere, kBill);
    Sources sources{clock, files, worker, documents};
    const Sources::Where where{
        *documents.find(Desk::kHere), kBill.size(), {"/w"}, std::make_shared<config::Effective>()};
    CHECK(sources.gather(where, 2'000).pieces.size() == 1);
}
