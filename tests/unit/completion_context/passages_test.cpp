#include "server/completion/context/passages.h"

#include "server/completion/text/lines.h"
#include "tests/support/fake_clock.h"

#include <catch2/catch_all.hpp>

#include <random>

using namespace dragoman;
using namespace dragoman::completion;
using namespace std::chrono_literals;

namespace {

DocumentSnapshot document(const std::string& name, const std::string& text) {
    static std::uint64_t revision = 0;
    return {"file:///w/" + name, "cpp", 1, ++revision, Text{text}};
}

// A file of functions that have nothing to do with each other.
std::string unrelated(int functions, const std::string& salt) {
    std::string text;
    for (int i = 0; i < functions; ++i) {
        const std::string name = salt + std::to_string(i);
        text += "int " + name + "(int input" + name + ") {\n";
        for (int line = 0; line < 8; ++line) {
            text += "    const int step" + name + std::to_string(line) + " = input" + name + " * " +
                    std::to_string(line) + ";\n";
        }
        text += "    return step" + name + "0;\n}\n\n";
    }
    return text;
}

const std::string kInvoice =
    "Invoice make_invoice(const Customer& customer, const Order& order) {\n"
    "    Invoice invoice;\n"
    "    invoice.number = next_invoice_number(customer);\n"
    "    for (const OrderLine& line : order.lines) invoice.add(line.article, line.quantity);\n"
    "    invoice.due = due_date(customer, order);\n"
    "    return invoice;\n"
    "}\n\n";

const std::string kAtInvoice =
    "void bill(const Customer& customer, const Order& order) {\n"
    "    Invoice invoice;\n"
    "    invoice.number = next_invoice_number(customer);\n";

struct Desk {
    std::vector<Passage> similar(const DocumentSnapshot& at, std::size_t budget = 600, SeenLines seen = {}) {
        passages.look_at(open);
        return passages.similar({at, at.text.size(), from, at.text.size(), allow}, budget, std::move(seen));
    }
    std::string all(const DocumentSnapshot& at, std::size_t budget = 600) {
        std::string text;
        for (const Passage& passage : similar(at, budget)) text += passage.text;
        return text;
    }
    bool finds(const DocumentSnapshot& at, std::string_view what) {
        return all(at).find(what) != std::string::npos;
    }

    test::FakeClock clock;
    KnownSecrets secrets;
    Passages passages{clock, secrets};
    std::vector<DocumentSnapshot> open;
    std::size_t from = 0;
    std::function<bool(const std::string&)> allow;
};

}  // namespace

TEST_CASE("the passage that speaks of the same names comes first") {
    Desk desk;
    const auto here = document("here.cpp", kAtInvoice);
    desk.open = {here, document("other.cpp", unrelated(30, "alpha") + kInvoice + unrelated(30, "beta"))};
    const auto found = desk.similar(here);
    REQUIRE_FALSE(found.empty());
    CHECK(found[0].uri == "file:///w/other.cpp");
    CHECK(found[0].text.find("due_date(customer, order)") != std::string::npos);
    CHECK(found[0].text.ends_with("\n"));
    CHECK(found[0].text.find("make_invoice") != std::string::npos);
}

TEST_CASE("words of names count where the names differ") {
    Desk desk;
    const auto here = document("here.cpp", "auto total = parseInvoiceHeader(stream);\n");
    desk.open = {here, document("other.cpp", unrelated(20, "alpha") +
                                                 "int read_invoice_footer(int fd) {\n    return fd;\n}\n\n")};
    CHECK(desk.finds(here, "read_invoice_footer"));
}

TEST_CASE("a passage fits into the budget and is whole lines") {
    Desk desk;
    const auto here = document("here.cpp", kAtInvoice);
    desk.open = {here, document("other.cpp", unrelated(5, "alpha") + kInvoice + kInvoice)};
    const auto budget = GENERATE(std::size_t{0}, std::size_t{50}, std::size_t{200}, std::size_t{2'000});
    std::size_t tokens = 0;
    for (const Passage& passage : desk.similar(here, budget)) {
        tokens += passage.tokens;
        CHECK(desk.open[1].text.to_string().find(passage.text) != std::string::npos);
    }
    CHECK(tokens <= budget);
}

TEST_CASE("copies of one passage are told once") {
    Desk desk;
    const auto here = document("here.cpp", kAtInvoice);
    desk.open = {here, document("a.cpp", unrelated(9, "alpha") + kInvoice),
                 document("b.cpp", unrelated(9, "beta") + kInvoice)};
    const std::string text = desk.all(here, 2'000);
    const std::size_t first = text.find("make_invoice");
    REQUIRE(first != std::string::npos);
    CHECK(text.find("make_invoice", first + 1) == std::string::npos);
}

TEST_CASE("what the prompt holds already is left out") {
    Desk desk;
    const auto here = document("here.cpp", kAtInvoice);
    desk.open = {here, document("other.cpp", kInvoice)};
    SeenLines seen;
    seen.add(kInvoice);
    CHECK(desk.similar(here, 600, seen).empty());
}

TEST_CASE("far parts of the document itself count, visible ones do not") {
    Desk desk;
    const auto here = document("here.cpp", kInvoice + unrelated(60, "alpha") + kAtInvoice);
    desk.open = {here};
    CHECK_FALSE(desk.finds(here, "make_invoice"));
    desk.from = here.text.size() - 2'000;
    CHECK(desk.finds(here, "make_invoice"));
    CHECK_FALSE(desk.finds(here, "void bill"));
}

TEST_CASE("a document that is not allowed gives nothing and is asked about once") {
    Desk desk;
    int asked = 0;
    desk.allow = [&](const std::string&) { return ++asked, false; };
    const auto here = document("here.cpp", kAtInvoice);
    desk.open = {here, document("secret.cpp", kInvoice + unrelated(9, "alpha") + kInvoice)};
    CHECK(desk.similar(here).empty());
    CHECK(asked == 1);
}

TEST_CASE("what was visited lately is preferred, for a while") {
    Desk desk;
    const auto here = document("here.cpp", kAtInvoice);
    const std::string twin = "Invoice twin_a(const Customer& customer, const Order& order);\n";
    desk.open = {here, document("a.cpp", unrelated(4, "alpha") + kInvoice + unrelated(4, "gamma")),
                 document("b.cpp", unrelated(4, "betas") + kInvoice + unrelated(4, "delta"))};
    const std::string left = desk.similar(here).at(0).uri;
    const std::string other = left == desk.open[1].uri ? desk.open[2].uri : desk.open[1].uri;
    desk.passages.visited(other, unrelated(4, "alpha").size() + 5);
    CHECK(desk.similar(here).at(0).uri == other);
    desk.clock.advance(std::chrono::hours{1});
    CHECK(desk.similar(here).at(0).uri == left);
}

TEST_CASE("a closed document gives nothing any more") {
    Desk desk;
    const auto here = document("here.cpp", kAtInvoice);
    desk.open = {here, document("other.cpp", kInvoice)};
    CHECK(desk.finds(here, "make_invoice"));
    desk.passages.closed(desk.open[1].uri);
    desk.open.pop_back();
    CHECK(desk.similar(here).empty());
}

TEST_CASE("only so many documents and lines are looked at") {
    Desk desk;
    const auto here = document("here.cpp", kAtInvoice);
    desk.open = {here};
    SECTION("documents") {
        for (std::size_t i = 0; i < Passages::kMostDocuments; ++i)
            desk.open.push_back(document(std::to_string(i) + ".cpp", unrelated(1, "x" + std::to_string(i))));
        desk.open.push_back(document("last.cpp", kInvoice));
        CHECK_FALSE(desk.finds(here, "make_invoice"));
        std::swap(desk.open[1], desk.open.back());
        CHECK(desk.finds(here, "make_invoice"));
    }
    SECTION("lines") {
        desk.open.push_back(document("long.cpp", std::string(Chunks::kMostLines, '\n') + kInvoice));
        CHECK_FALSE(desk.finds(here, "make_invoice"));
    }
    SECTION("a line nobody wrote") {
        std::string line = "x";
        for (int i = 0; i < 2'000; ++i) line += " Customer Invoice next_invoice_number";
        desk.open.push_back(document("bundle.js", line + "\n"));
        CHECK(desk.similar(here, 100'000).empty());
    }
}

TEST_CASE("an index that followed edits finds what a new one finds") {
    std::mt19937 random{11};
    test::FakeClock clock;
    for (int round = 0; round < 20; ++round) {
        KnownSecrets secrets;
        Passages followed{clock, secrets};
        const auto here = document("here.cpp", kAtInvoice);
        auto other = document("other.cpp", round % 2 == 0 ? unrelated(6, "alpha") + kInvoice : "");
        followed.look_at({here, other});
        for (int step = 0; step < 60; ++step) {
            std::vector<AppliedChange> changes;
            for (unsigned n = 0; n <= random() % 3; ++n) {
                const std::size_t at = random() % (other.text.size() + 1);
                const std::size_t removed = std::min<std::size_t>(random() % 300, other.text.size() - at);
                const std::string with =
                    std::vector<std::string>{"", "\n", "customer", kInvoice, "\r\n"}[random() % 5];
                other.text = other.text.replace(at, at + removed, with);
                changes.push_back({at, removed, with});
            }
            other.revision += 1'000'000;
            followed.changed(other, changes);
            if (random() % 4 == 0) followed.look_at({here, other});
        }
        followed.look_at({here, other});
        Passages fresh{clock, secrets};
        fresh.look_at({here, other});
        const std::string text = normalise_line_ends(other.text.to_string());
        const auto a = followed.similar({here, here.text.size(), 0, here.text.size(), {}}, 5'000, {});
        const auto b = fresh.similar({here, here.text.size(), 0, here.text.size(), {}}, 5'000, {});
        CHECK(a.empty() == b.empty());
        for (const Passage& passage : a)
            CHECK(text.find(passage.text.substr(0, passage.text.size() - 1)) != std::string::npos);
    }
}
