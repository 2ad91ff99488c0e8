// What was learned outlives the daemon, and is shared by several.

#include "server/upstream/gateway/facts.h"
#include "server/upstream/gateway/learned.h"
#include "tests/support/fake_worker.h"
#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using gateway::Learned;

namespace {

constexpr const char* kFile = "/state/dragoman/learned.json";
const std::string kBase = "https://gateway.example/v1";

/// Daemons on one machine: one disk, one clock.
struct Machine {
    FakeClock clock;
    FakeFiles files;

    struct Daemon {
        explicit Daemon(Machine& machine) : learned{machine.clock} {
            learned.keep_in(machine.files, worker, kFile);
        }
        FakeWorker worker;
        Learned learned;
    };

    void work_off(Daemon& daemon) {
        clock.settle();
        daemon.worker.work_off();
    }
    std::string text() {
        const auto content = files.read(kFile, 1 << 20);
        return content ? content->bytes : std::string{};
    }
};

wire::Dialect without_temperature(const std::string& model) {
    auto dialect = wire::initial_dialect(model);
    dialect.dropped.insert("temperature");
    dialect.replaced["response_format=json_schema"] = Json{{"type", "json_object"}};
    dialect.replaced["reasoning_effort=none"] = "low";
    return dialect;
}

}  // namespace

TEST_CASE("what one daemon learned the next one knows") {
    Machine machine;
    {
        Machine::Daemon first{machine};
        first.learned.keep_api(kBase, config::Api::responses);
        first.learned.keep_dialect(kBase, "m", without_temperature("m"));
        first.learned.refuse(kBase, "m", "fim-completions");
        machine.work_off(first);
    }
    Machine::Daemon next{machine};
    CHECK(next.learned.api(kBase) == config::Api::responses);
    CHECK(next.learned.dialect(kBase, "m") == without_temperature("m"));
    CHECK(next.learned.refused(kBase, "m", "fim-completions"));
    CHECK_FALSE(next.learned.refused(kBase, "m", "mistral-fim"));
    CHECK(next.learned.dialect(kBase, "n") == wire::initial_dialect("n"));

    SECTION("until a day has passed by the calendar, however many restarts lie between") {
        machine.clock.advance(std::chrono::hours{23});
        Machine::Daemon late{machine};
        CHECK(late.learned.api(kBase));
        machine.clock.advance(std::chrono::hours{1});
        CHECK_FALSE(late.learned.api(kBase));
        Machine::Daemon later{machine};
        CHECK_FALSE(later.learned.api(kBase));
        CHECK_FALSE(later.learned.refused(kBase, "m", "fim-completions"));
    }
}

TEST_CASE("the file is read at the first use and once") {
    Machine machine;
    Machine::Daemon daemon{machine};
    CHECK(machine.files.reads == 0);
    CHECK_FALSE(daemon.learned.api(kBase));
    CHECK_FALSE(daemon.learned.refused(kBase, "m", "r"));
    CHECK(machine.files.reads == 1);
    CHECK(machine.files.replacements == 0);
}

TEST_CASE("things learned together are written together, and seldom") {
    Machine machine;
    Machine::Daemon daemon{machine};
    daemon.learned.refuse(kBase, "m", "a");
    daemon.learned.refuse(kBase, "m", "b");
    machine.work_off(daemon);
    CHECK(machine.files.replacements == 1);
    daemon.learned.refuse(kBase, "m", "c");
    daemon.learned.refuse(kBase, "m", "d");
    machine.work_off(daemon);
    CHECK(machine.files.replacements == 1);
    machine.clock.advance(std::chrono::seconds{10});
    daemon.worker.work_off();
    CHECK(machine.files.replacements == 2);
    CHECK(machine.text().find("\"d\"") != std::string::npos);
    machine.clock.advance(std::chrono::minutes{10});
    CHECK(daemon.worker.waiting() == 0);
}

TEST_CASE("what is learned while the file is being written is written next") {
    Machine machine;
    Machine::Daemon daemon{machine};
    daemon.learned.refuse(kBase, "m", "a");
    machine.clock.settle();
    REQUIRE(daemon.worker.waiting() == 1);
    daemon.learned.refuse(kBase, "m", "b");
    daemon.worker.work_off();
    CHECK(machine.text().find("\"b\"") == std::string::npos);
    machine.clock.advance(std::chrono::seconds{10});
    daemon.worker.work_off();
    CHECK(machine.text().find("\"b\"") != std::string::npos);
}

TEST_CASE("daemons that write to one file keep what the others learned") {
    Machine machine;
    Machine::Daemon one{machine}, two{machine};
    CHECK_FALSE(one.learned.refused(kBase, "m", "b"));
    CHECK_FALSE(two.learned.refused(kBase, "m", "a"));
    one.learned.refuse(kBase, "m", "a");
    one.learned.keep_api(kBase, config::Api::chat);
    machine.work_off(one);
    machine.clock.advance(std::chrono::minutes{1});
    two.learned.refuse(kBase, "m", "b");
    two.learned.keep_api(kBase, config::Api::responses);
    machine.work_off(two);
    CHECK(two.learned.refused(kBase, "m", "a"));  // read on the way
    CHECK(two.learned.api(kBase) == config::Api::responses);

    one.learned.refuse(kBase, "m", "c");
    machine.work_off(one);
    CHECK(one.learned.api(kBase) == config::Api::responses);  // the newer of the two
    Machine::Daemon three{machine};
    for (const auto* route : {"a", "b", "c"}) CHECK(three.learned.refused(kBase, "m", route));
    CHECK(three.learned.api(kBase) == config::Api::responses);
}

TEST_CASE("a disk that takes nothing costs nothing but memory") {
    Machine machine;
    machine.files.full = true;
    Machine::Daemon daemon{machine};
    daemon.learned.refuse(kBase, "m", "a");
    machine.work_off(daemon);
    CHECK(daemon.learned.refused(kBase, "m", "a"));
    machine.files.full = false;
    machine.clock.advance(std::chrono::minutes{1});
    daemon.learned.refuse(kBase, "m", "b");
    machine.work_off(daemon);
    Machine::Daemon next{machine};
    CHECK(next.learned.refused(kBase, "m", "a"));
}

TEST_CASE("a broken or hostile file counts as far as it is sound and hurts nothing") {
    const std::string now = "1700000000";
    const std::vector<std::string> documents = {
        "",
        "{",
        "\xFF\xFE",
        "null",
        "[]",
        R"({"version":2,"refusedRoutes":[{"base":"https://gateway.example/v1","model":"m","route":"r","since":)" +
            now + "}]}",
        R"({"version":1,"apis":7,"dialects":{},"refusedRoutes":"x"})",
        R"({"version":1,"refusedRoutes":[7,null,{"base":"https://gateway.example/v1","model":"m","route":"r"}]})",
        R"({"version":1,"refusedRoutes":[{"base":"https://gateway.example/v1","model":"m","route":"r",)"
        R"("since":9e99}]})",
        R"({"version":1,"refusedRoutes":[{"base":"https://gateway.example/v1","model":"m","route":"r",)"
        R"("since":-9223372036854775808}]})",
        R"({"version":1,"refusedRoutes":[{"base":"https://gateway.example/v1","model":"m","route":"r",)"
        R"("since":1800000000}]})",  // a time to come
        R"({"version":1,"refusedRoutes":[{"base":"https://gateway.example/v1","model":["m"],"route":"r",)"
        R"("since":)" +
            now + "}]}",
        R"({"version":1,"apis":[{"base":"https://gateway.example/v1","api":"telnet","since":)" + now + "}]}",
        R"({"version":1,"dialects":[{"base":"https://gateway.example/v1","model":"m","since":)" + now +
            R"(,"dialect":{"dropped":["messages"]}}]})",
        R"({"version":1,"dialects":[{"base":"https://gateway.example/v1","model":"m","since":)" + now +
            R"(,"dialect":{"replaced":{"messages":[]}}}]})",
        R"({"version":1,"dialects":[{"base":"https://gateway.example/v1","model":"m","since":)" + now +
            R"(,"dialect":{"replaced":{"model":{"x":1}}}}]})",
        R"({"version":1,"dialects":[{"base":"https://gateway.example/v1","model":"m","since":)" + now +
            R"(,"dialect":[1]}]})",
        std::string(1000, '[') + std::string(1000, ']'),
    };
    for (const auto& document : documents) {
        INFO(document);
        Machine machine;
        machine.files.write(kFile, document);
        Machine::Daemon daemon{machine};
        CHECK_FALSE(daemon.learned.api(kBase));
        CHECK_FALSE(daemon.learned.refused(kBase, "m", "r"));
        CHECK(daemon.learned.dialect(kBase, "m") == wire::initial_dialect("m"));
        daemon.learned.refuse(kBase, "m", "r");
        machine.work_off(daemon);
        Machine::Daemon next{machine};
        CHECK(next.learned.refused(kBase, "m", "r"));
    }
    for (const auto problem : {FileProblem::not_regular, FileProblem::too_large, FileProblem::unreadable}) {
        Machine machine;
        machine.files.spoil(kFile, problem);
        Machine::Daemon daemon{machine};
        CHECK_FALSE(daemon.learned.api(kBase));
    }
}

TEST_CASE("a question may not be lost by what a file says to replace") {
    const auto dialect = [](const std::string& replaced) {
        const auto read = gateway::read_facts(
            R"({"version":1,"dialects":[{"base":"https://gateway.example/v1","model":"m","since":1700000000,)"
            R"("dialect":{"replaced":{)" +
                replaced + "}}}]}",
            FakeClock{}.wall());
        return read.facts.dialects.size();
    };
    CHECK(dialect(R"("reasoning_effort=none":"low")") == 1);
    CHECK(dialect(R"("model":"other")") == 0);
    CHECK(dialect(R"("prompt":"x")") == 0);
    CHECK(dialect(R"("stream=true":"x")") == 0);
}

TEST_CASE("nothing that could be secret is written down") {
    Machine machine;
    Machine::Daemon daemon{machine};
    for (const auto* base : {"https://user:pass@gateway.example/v1", "https://gateway.example/v1?key=pass",
                             "https://gateway.example/v1#pass", "pass"}) {
        daemon.learned.refuse(base, "m", "r");
        daemon.learned.keep_api(base, config::Api::chat);
        daemon.learned.keep_dialect(base, "m", without_temperature("m"));
        CHECK(daemon.learned.refused(base, "m", "r"));
    }
    machine.work_off(daemon);
    REQUIRE_FALSE(machine.text().empty());
    CHECK(machine.text().find("pass") == std::string::npos);
}

TEST_CASE("a file holds the newest thousand of a kind") {
    Machine machine;
    Machine::Daemon daemon{machine};
    for (int i = 0; i < 1500; ++i) {
        daemon.learned.refuse(kBase, "m" + std::to_string(i), "r");
        machine.clock.advance(std::chrono::seconds{1});
    }
    CHECK_FALSE(daemon.learned.refused(kBase, "m0", "r"));
    CHECK(daemon.learned.refused(kBase, "m1499", "r"));
}

TEST_CASE("a gateway that remembers sends the next process's first request right") {
    FakeWorker worker;
    FakeFiles disk;
    Bench first;
    first.gateway.remember_in(disk, worker, kFile);
    auto question = first.question();
    question.request.sampling.temperature = 0.5;
    Heard heard;
    auto call = first.ask(heard, question);
    first.http.last().answer(400, refusal("Unsupported parameter: 'temperature'", nullptr, "temperature"));
    first.http.last().answer(200, whole("Hi"), event_stream());
    first.clock.settle();
    worker.work_off();

    Bench second;
    second.gateway.remember_in(disk, worker, kFile);
    call = second.ask(heard, question);
    CHECK_FALSE(second.body(0).contains("temperature"));
}
