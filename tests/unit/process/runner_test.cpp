#include "server/process/boost_runner.h"
#include "server/support/loop_clock.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"

#include <boost/asio/io_context.hpp>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace dragoman;
using process::Command;
using process::Outcome;
using End = process::Outcome::End;

namespace {

/// A loop that is turned until something holds; fails the test when it never does.
class Loop {
public:
    boost::asio::io_context context;

    void until(const std::function<bool()>& holds) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!holds()) {
            if (std::chrono::steady_clock::now() > deadline) FAIL("nothing happened");
            if (context.stopped()) context.restart();
            context.run_one_for(std::chrono::milliseconds{10});
        }
    }

    Outcome run(Command command) {
        LoopClock clock{context};
        process::BoostRunner runner{context, clock};
        std::optional<Outcome> outcome;
        const auto running = runner.run(std::move(command), [&](Outcome result) {
            REQUIRE_FALSE(outcome);
            outcome = std::move(result);
        });
        REQUIRE_FALSE(outcome);
        until([&] { return outcome.has_value(); });
        return *outcome;
    }
};

Command shell(std::string script) {
    Command command;
    command.argv = {"sh", "-c", std::move(script)};
    command.environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", "/"}};
    return command;
}

Outcome run(Command command) {
    Loop loop;
    return loop.run(std::move(command));
}

/// Neither running nor zombies; looks without reaping, which is the runner's to do.
bool no_children() {
    siginfo_t info;
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1 && errno == ECHILD;
}

/// Gone, or a zombie that whoever inherited it has yet to reap.
bool is_gone(pid_t pid) {
    std::ifstream file{"/proc/" + std::to_string(pid) + "/stat"};
    std::string stat;
    std::getline(file, stat);
    const auto name_end = stat.rfind(')');
    return name_end == std::string::npos || stat[name_end + 2] == 'Z' || stat[name_end + 2] == 'X';
}

std::vector<pid_t> pids_in(const std::filesystem::path& path, std::size_t count) {
    std::ifstream file{path};
    std::vector<pid_t> pids;
    for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
    if (pids.size() != count) pids.clear();
    return pids;
}

}  // namespace

TEST_CASE("A child's output, errors and exit status come back") {
    struct Case {
        std::string script;
        End end;
        int code;
        std::string output, errors;
    };
    const Case cases[] = {
        {"echo hello", End::exited, 0, "hello\n", ""},
        {"printf 'a\\0b'; echo oops >&2; exit 3", End::exited, 3, std::string("a\0b", 3), "oops\n"},
        {"exit 255", End::exited, 255, "", ""},
        {"kill -TERM $$", End::signalled, SIGTERM, "", ""},
        {"echo part; kill -KILL $$", End::signalled, SIGKILL, "part\n", ""},
        {"exec >&- 2>&-; exit 4", End::exited, 4, "", ""},
        {"cat; echo end", End::exited, 0, "end\n", ""},
        {"no-such-command-here", End::exited, 127, "", "sh: 1: no-such-command-here: not found\n"},
    };
    for (const auto& [script, end, code, output, errors] : cases) {
        CAPTURE(script);
        const auto outcome = run(shell(script));
        CHECK(outcome.end == end);
        CHECK(outcome.code == code);
        CHECK(outcome.output == output);
        if (code != 127) CHECK(outcome.errors == errors);
        CHECK(outcome.message.empty());
        CHECK(no_children());
    }
}

TEST_CASE("Arguments reach the program as they are, with no shell between") {
    Command command = shell("");
    command.argv = {"printf", "[%s]", "a b", "$HOME", "", "*", "'\"\\", "\xff"};
    CHECK(run(command).output == "[a b][$HOME][][*]['\"\\][\xff]");
}

TEST_CASE("What cannot be started says so, later, and leaves no process") {
    const test::TempDir dir;
    const auto plain = dir.write("plain", "#!/bin/sh\n", 0644);
    const auto no_format = dir.write("no-format", "neither script nor binary", 0755);
    const auto no_interpreter = dir.write("no-interpreter", "#!/no/such/interpreter\n", 0755);
    struct Case {
        std::vector<std::string> argv;
        std::string message;  // a part of it
    };
    const Case cases[] = {
        {{}, "empty"},
        {{""}, "empty"},
        {{"no-such-program-here"}, "no program \"no-such-program-here\" on PATH"},
        {{"/no/such/program"}, "does not exist"},
        {{plain}, "not an executable file"},
        {{dir.path()}, "not an executable file"},
        {{"sh", std::string("a\0b", 3)}, "NUL"},
        {{no_format}, "Exec format error"},
        {{no_interpreter}, "No such file"},
    };
    for (const auto& [argv, message] : cases) {
        Command command = shell("");
        command.argv = argv;
        CAPTURE(message);
        const auto outcome = run(command);
        CHECK(outcome.end == End::not_started);
        CAPTURE(outcome.message);
        CHECK(outcome.message.find(message) != std::string::npos);
        CHECK(no_children());
    }
    Command nowhere = shell("pwd");
    nowhere.directory = dir / "missing";
    const auto outcome = run(nowhere);
    CHECK(outcome.end == End::not_started);
    CHECK(outcome.message.find("no folder") != std::string::npos);
}

TEST_CASE("A program is found on the given PATH only, and not in the folder one happens to be in") {
    const test::TempDir dir;
    dir.write("tool", "#!/bin/sh\necho from-tool\n", 0755);
    dir.write("not-a-tool", "#!/bin/sh\n", 0644);
    const auto with_path = [&](const std::string& path, const std::string& name) {
        Command command;
        command.argv = {name};
        command.environment = {{"PATH", path}};
        command.directory = dir.path();
        return run(command);
    };
    CHECK(with_path("/no/such:" + dir.path().native(), "tool").output == "from-tool\n");
    CHECK(with_path("", "./tool").output == "from-tool\n");
    for (const std::string path : {"", ":", ".", "/usr/bin::"}) {
        CAPTURE(path);
        CHECK(with_path(path, "tool").end == End::not_started);
    }
    CHECK(with_path(dir.path(), "not-a-tool").end == End::not_started);
}

TEST_CASE("The environment and the folder are exactly the given ones") {
    ::setenv("DRAGOMAN_TEST_CANARY", "leaked", 1);
    const test::TempDir dir;
    Command command;
    command.argv = {"/usr/bin/env"};
    command.environment = {{"A", "1"}, {"EMPTY", ""}, {"SPACED", "x y=z"}};
    CHECK(run(command).output == "A=1\nEMPTY=\nSPACED=x y=z\n");
    ::unsetenv("DRAGOMAN_TEST_CANARY");

    command.argv = {"/bin/pwd"};
    CHECK(run(command).output == "/\n");
    command.environment["HOME"] = dir.path();
    CHECK(run(command).output == dir.path().native() + "\n");
    command.directory = "/usr";
    CHECK(run(command).output == "/usr\n");
}

TEST_CASE("Output beyond the limit is read and dropped") {
    Command command = shell("head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 7");
    for (const std::size_t limit :
         {std::size_t{0}, std::size_t{1}, std::size_t{65'536}, std::size_t{5'000'000}}) {
        command.output_limit = limit;
        const auto outcome = run(command);
        CHECK(outcome.end == End::exited);
        CHECK(outcome.code == 7);
        CHECK(outcome.output.size() == std::min<std::size_t>(limit, 3'000'000));
        CHECK(outcome.errors.size() == std::min<std::size_t>(limit, 3'000'000));
    }
}

TEST_CASE("A child has the three standard descriptors and no other, no core dumps, no ignored signals") {
    std::vector<int> leaks;
    for (int i = 0; i < 20; ++i) leaks.push_back(::open("/dev/null", O_RDONLY));  // no close-on-exec
    ::close(leaks[3]);
    const auto old_pipe = ::signal(SIGPIPE, SIG_IGN);
    sigset_t blocked, before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);

    const auto outcome =
        run(shell("n=0; while [ $n -lt 100 ]; do [ -e /proc/$$/fd/$n ] && echo $n; n=$((n+1)); done; "
                  "readlink /proc/$$/fd/0; "
                  "ulimit -c; grep -E 'SigBlk|SigIgn' /proc/$$/status | cut -f2"));

    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::signal(SIGPIPE, old_pipe);
    for (const int fd : leaks) ::close(fd);
    CHECK(outcome.output == "0\n1\n2\n/dev/null\n0\n0000000000000000\n0000000000000000\n");
}

TEST_CASE("A child leads a process group of its own") {
    const auto outcome = run(shell("test $(cut -d' ' -f5 /proc/$$/stat) = $$ && echo leader"));
    CHECK(outcome.output == "leader\n");
}

TEST_CASE("At its time limit a child is asked to end, with all of its group, and the answer does not wait") {
    const test::TempDir dir;
    Loop loop;
    test::FakeClock clock;
    process::BoostRunner runner{loop.context, clock};
    Command command = shell("sleep 1000 & echo $$ $! > pids; wait");
    command.directory = dir.path();
    command.timeout = Milliseconds{5'000};
    std::optional<Outcome> outcome;
    const auto running = runner.run(command, [&](Outcome result) { outcome = std::move(result); });

    std::vector<pid_t> pids;
    loop.until([&] { return !(pids = pids_in(dir / "pids", 2)).empty(); });
    clock.advance(Milliseconds{4'999});
    CHECK_FALSE(outcome);
    clock.advance(Milliseconds{1});
    REQUIRE(outcome);
    CHECK(outcome->end == End::timed_out);
    loop.until(no_children);
    for (const pid_t pid : pids) loop.until([&] { return is_gone(pid); });
    CHECK(clock.waiting() == 0);
}

TEST_CASE("A child that ignores the request to end is killed two seconds later, with all of its group") {
    const test::TempDir dir;
    Loop loop;
    test::FakeClock clock;
    process::BoostRunner runner{loop.context, clock};
    Command command = shell("trap '' TERM; sleep 1000 & echo $$ $! > pids; while :; do wait; done");
    command.directory = dir.path();
    command.timeout = Milliseconds{5'000};
    bool timed_out = false;
    auto running = runner.run(command, [&](Outcome result) { timed_out = result.end == End::timed_out; });

    std::vector<pid_t> pids;
    loop.until([&] { return !(pids = pids_in(dir / "pids", 2)).empty(); });
    clock.advance(Milliseconds{5'000});
    CHECK(timed_out);
    running.reset();  // the rest happens without anybody watching
    clock.advance(Milliseconds{1'999});
    loop.context.poll();
    CHECK_FALSE(is_gone(pids[0]));
    CHECK_FALSE(is_gone(pids[1]));
    clock.advance(Milliseconds{1});
    loop.until(no_children);
    for (const pid_t pid : pids) loop.until([&] { return is_gone(pid); });
    CHECK(clock.waiting() == 0);
}

TEST_CASE("Destroying the handle ends the child and drops the callback") {
    const test::TempDir dir;
    Loop loop;
    test::FakeClock clock;
    auto runner = std::make_unique<process::BoostRunner>(loop.context, clock);
    Command command = shell("sleep 1000 & echo $$ $! > pids; wait");
    command.directory = dir.path();
    bool called = false;
    auto running = runner->run(command, [&](Outcome) { called = true; });
    std::vector<pid_t> pids;
    loop.until([&] { return !(pids = pids_in(dir / "pids", 2)).empty(); });
    running.reset();
    runner.reset();
    loop.until(no_children);
    for (const pid_t pid : pids) loop.until([&] { return is_gone(pid); });
    clock.advance(Milliseconds{100'000});
    CHECK_FALSE(called);

    // Neither does a child that did not start report to nobody.
    process::BoostRunner other{loop.context, clock};
    command.argv = {"/no/such/program"};
    other.run(command, [&](Outcome) { called = true; }).reset();
    clock.settle();
    CHECK_FALSE(called);
}

TEST_CASE("A grandchild that keeps the pipes open holds up the end by a second, and is left alone") {
    const test::TempDir dir;
    Loop loop;
    test::FakeClock clock;
    process::BoostRunner runner{loop.context, clock};
    Command command = shell("sleep 1000 & echo $$ $! > pids; echo done");
    command.directory = dir.path();
    std::optional<Outcome> outcome;
    const auto running = runner.run(command, [&](Outcome result) { outcome = std::move(result); });
    std::vector<pid_t> pids;
    loop.until([&] { return !(pids = pids_in(dir / "pids", 2)).empty(); });
    loop.until(no_children);  // the child itself was reaped
    CHECK_FALSE(outcome);
    clock.advance(Milliseconds{1'000});
    REQUIRE(outcome);
    CHECK(outcome->end == End::exited);
    CHECK(outcome->output == "done\n");
    CHECK_FALSE(is_gone(pids[1]));
    ::kill(pids[1], SIGKILL);
}

TEST_CASE("The callback may destroy the handle") {
    Loop loop;
    LoopClock clock{loop.context};
    process::BoostRunner runner{loop.context, clock};
    for (Command command : {shell("echo x"), shell("sleep 1000")}) {
        command.timeout = Milliseconds{50};
        if (command.argv[2] == "echo x") command.timeout = Milliseconds{30'000};
        bool called = false;
        std::unique_ptr<process::Running> running;
        running = runner.run(command, [&](Outcome) {
            called = true;
            running.reset();
        });
        loop.until([&] { return called && no_children(); });
    }
}

TEST_CASE("Many children at once each get their own output") {
    Loop loop;
    LoopClock clock{loop.context};
    process::BoostRunner runner{loop.context, clock};
    std::vector<std::unique_ptr<process::Running>> running;
    std::vector<std::string> outputs(20);
    std::size_t done = 0;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        running.push_back(
            runner.run(shell("echo " + std::to_string(i)), [&outputs, &done, i](Outcome outcome) {
                outputs[i] = outcome.output;
                ++done;
            }));
    }
    loop.until([&] { return done == outputs.size(); });
    for (std::size_t i = 0; i < outputs.size(); ++i) CHECK(outputs[i] == std::to_string(i) + "\n");
    CHECK(no_children());
}

TEST_CASE("With no descriptors left nothing is started, and above all not on the daemon's stdout") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    Loop loop;
    LoopClock clock{loop.context};
    process::BoostRunner runner{loop.context, clock};
    bool turned = false;
    const auto first =
        clock.after(Milliseconds{0}, [&] { turned = true; });  // the reactor takes descriptors, too
    loop.until([&] { return turned; });
    std::vector<int> hoard;
    for (;;) {
        const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (fd < 0) break;
        hoard.push_back(fd);
        if (hoard.size() == 64)
            ::setrlimit(RLIMIT_NOFILE,
                        std::array{rlimit{static_cast<rlim_t>(fd + 1), before.rlim_max}}.data());
    }
    std::size_t started = 0;
    for (std::size_t spare = 0; spare < 12; ++spare) {
        std::optional<Outcome> outcome;
        const auto running =
            runner.run(shell("echo on-the-wire"), [&](Outcome result) { outcome = std::move(result); });
        loop.until([&] { return outcome.has_value(); });
        CAPTURE(spare, outcome->message);
        if (outcome->end == End::exited) {
            ++started;
            CHECK(outcome->output == "on-the-wire\n");
        } else {
            CHECK(outcome->end == End::not_started);
            CHECK_FALSE(outcome->message.empty());
        }
        CHECK(no_children());
        ::close(hoard.back());
        hoard.pop_back();
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
    for (const int fd : hoard) ::close(fd);
    CHECK(started > 0);
    CHECK(started < 12);
}
