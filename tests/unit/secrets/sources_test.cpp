// What each kind of source gives, and how each says that it gives nothing.
#include "server/secrets/sources.h"

#include "server/process/boost_runner.h"
#include "server/support/log.h"
#include "server/support/loop_clock.h"
#include "tests/unit/secrets/fixture.h"

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace dragoman;
using namespace dragoman::test;
using config::Provider;
using process::Outcome;
using secrets::from_outcome;
using secrets::Key;
using secrets::key_command;
using secrets::Keyring;
using secrets::Keys;
using Kind = config::KeySource::Kind;

TEST_CASE("A key from the environment is at hand at once") {
    Fixture f;
    CHECK(f.key_of(env_provider("WORK_API_KEY")) == "sk-env-1234");
    CHECK(f.runner.runs.empty());
    CHECK_FALSE(f.keys.refresh(env_provider("WORK_API_KEY")));
}

TEST_CASE("A variable that is not set, or holds no key, names itself and the cure") {
    Fixture f;
    check_holds(f.key_of(env_provider("OTHER_KEY")),
                {"OTHER_KEY", "\"work\"", "not set", "export OTHER_KEY=...", "started from the desktop"});
    f.variables["OTHER_KEY"] = "canary one\n";
    const auto text = f.key_of(env_provider("OTHER_KEY"));
    check_holds(text, {"error", "OTHER_KEY", "\"work\"", "blank"});
    CHECK(text.find("canary") == std::string::npos);
    f.variables["OTHER_KEY"] = "sk-late-1234";
    CHECK(f.key_of(env_provider("OTHER_KEY")) == "sk-late-1234");
}

TEST_CASE("No source is a key without text, and no error") {
    Fixture f;
    CHECK(f.key_of(provider_with({.kind = Kind::none})) == "no key");
    CHECK_FALSE(f.keys.status(provider_with({.kind = Kind::none})).present);
    CHECK_FALSE(f.keys.refresh(provider_with({.kind = Kind::none})));
}

TEST_CASE("A key file of one's own that nobody else can read gives the key") {
    Fixture f;
    for (const std::string content : {"sk-file-1234", "sk-file-1234\n", "sk-file-1234\r\n"}) {
        f.home.write("key", content, 0600);
        CHECK(f.key_of(file_provider(f.home / "key")) == "sk-file-1234");
        CHECK_FALSE(f.answers.back()->was_trimmed());
    }
    f.home.write("key", "sk-file-5678\n", 0400);
    CHECK(f.key_of(file_provider("~/key")) == "sk-file-5678");
    f.home.write("key", "  sk-file-1234  \n", 0600);
    CHECK(f.key_of(file_provider("~/key")) == "sk-file-1234");
    CHECK(f.answers.back()->was_trimmed());
}

TEST_CASE("A key file that others can read, or that is not one, is refused") {
    Fixture f;
    const auto path = f.home.write("key", "canary-in-file\n");
    for (const unsigned mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0644U, 0777U}) {
        CAPTURE(mode);
        std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
        check_holds(f.key_of(file_provider(path)), {"error", path.native(), "by others", "chmod 600"});
    }
    std::filesystem::permissions(path, std::filesystem::perms{0600});
    CHECK(f.key_of(file_provider(path)) == "canary-in-file");

    check_holds(f.key_of(file_provider(f.home / "missing")), {"error", "does not exist", "\"work\""});
    check_holds(f.key_of(file_provider(f.home.path())), {"error", "not a regular file"});
    REQUIRE(::mkfifo((f.home / "fifo").c_str(), 0600) == 0);
    check_holds(f.key_of(file_provider(f.home / "fifo")), {"error", "not a regular file"});
    check_holds(f.key_of(file_provider("key")), {"error", "absolute"});
    check_holds(f.key_of(file_provider("")), {"error", "absolute"});
    struct Case {
        std::string content;
        std::string_view reason;
    };
    const Case cases[] = {{"", "empty"},
                          {"\n", "empty"},
                          {"sk-1\nsk-2\n", "line break"},
                          {std::string(9000, 'k'), "8192"},
                          {std::string(10'000'000, 'k'), "too large"}};
    for (const auto& [content, reason] : cases) {
        f.home.write("odd", content);
        check_holds(f.key_of(file_provider(f.home / "odd")), {"error", reason});
    }
}

TEST_CASE("A key file that belongs to another user is refused") {
    struct ForeignFiles final : Files {
        Result<FileContent, FileProblem> read(const std::filesystem::path&, std::size_t) override {
            FileContent content;
            content.bytes = "canary-of-another";
            content.mode = 0600;
            content.owner = ::geteuid() + 1;
            return content;
        }
        std::optional<FileStamp> stamp(const std::filesystem::path&) override { return FileStamp{}; }
        std::optional<std::filesystem::path> real_path(const std::filesystem::path& path) override {
            return path;
        }
        std::vector<std::string> list(const std::filesystem::path&, std::size_t) override { return {}; }
    } files;
    Fixture f;
    const auto keys = f.make(files);
    std::optional<Result<Key>> answer;
    const auto ticket = keys->get(file_provider("/k"), [&](Result<Key> key) { answer = std::move(key); });
    REQUIRE(answer);
    REQUIRE_FALSE(answer->ok());
    check_holds(answer->error().message, {"another user", "/k", "\"work\""});
}

TEST_CASE("A key command is run once, in the home folder, with little of the environment") {
    Fixture f;
    f.variables.insert({{"GPG_TTY", "/dev/pts/1"},
                        {"PASSWORD_STORE_DIR", "/store"},
                        {"OP_SERVICE_ACCOUNT_TOKEN", "op-token"},
                        {"OTHER_API_KEY", "canary-of-another-provider"},
                        {"LD_PRELOAD", "/evil.so"},
                        {"BASH_FUNC_x%%", "() { :; }"}});
    ::setenv("OP_SESSION_abc", "from-the-process", 1);
    f.variables["OP_SESSION_abc"] = "session";
    CHECK(f.key_of(command_provider()) == "no answer");
    ::unsetenv("OP_SESSION_abc");
    REQUIRE(f.runner.runs.size() == 1);
    const auto& command = f.runner.runs[0]->command;
    CHECK(command.argv == std::vector<std::string>{"pass", "show", "gateway"});
    CHECK(command.directory == f.home.path());
    CHECK(command.timeout == Milliseconds{30'000});
    CHECK(command.environment == std::map<std::string, std::string>{{"GPG_TTY", "/dev/pts/1"},
                                                                    {"HOME", "/home/u"},
                                                                    {"OP_SERVICE_ACCOUNT_TOKEN", "op-token"},
                                                                    {"OP_SESSION_abc", "session"},
                                                                    {"PASSWORD_STORE_DIR", "/store"},
                                                                    {"PATH", "/usr/bin"}});
    f.runner.end_last(exited(0, "sk-command-1\n"));
    CHECK(f.last() == "sk-command-1");
    CHECK(f.key_of(command_provider()) == "sk-command-1");
    CHECK(f.runner.runs.size() == 1);

    auto own = command_provider();
    own.key.command = {"~/bin/key"};
    f.key_of(own);
    CHECK(f.runner.runs.back()->command.argv[0] == (f.home / "bin/key").native());
}

TEST_CASE("The first line of a command's output is the key") {
    struct Case {
        std::string output, key;
    };
    const Case cases[] = {
        {"sk-123456", "sk-123456"},
        {"sk-123456\n", "sk-123456"},
        {"sk-123456\r\n", "sk-123456"},
        {"sk-123456\nlogin: me\nurl: x\n", "sk-123456"},
        {"Bearer sk-123456\n", "sk-123456"},
        {"  sk-123456 \n", "sk-123456"},
        {"sk-123456\n" + std::string(65'000, 'x'), "sk-123456"},
    };
    for (const auto& [output, key] : cases) {
        CAPTURE(output);
        Fixture f;
        f.ask(command_provider());
        f.runner.end_last(exited(0, output, "a warning on stderr\n"));
        CHECK(f.last() == key);
    }
}

TEST_CASE("However a key command fails, the answer says how and holds no key") {
    struct Case {
        Outcome outcome;
        std::string_view reason;
    };
    const Case cases[] = {
        {exited(1, "", "gpg: decryption failed: No secret key\nmore\n"),
         "exit status 1: gpg: decryption failed: No secret key"},
        {exited(2, "canary-output\n", ""), "exit status 2"},
        {exited(1, "", "\x1b[31mred\x07"), "exit status 1"},
        {exited(1, "", std::string(60'000, '-')), "exit status 1: ---"},
        {exited(0, ""), "empty"},
        {exited(0, "\n"), "empty"},
        {exited(0, "\r\ncanary-second-line\n"), "empty"},
        {exited(0, "canary and more\n"), "blank"},
        {exited(0, "canary\x01x\n"), "control"},
        {exited(0, "canary\xff\n"), "ASCII"},
        {exited(0, std::string(65'536, 'k')), "8192"},
        {ended(Outcome::End::signalled, SIGKILL), "signal 9"},
        {ended(Outcome::End::timed_out), "within 30 s"},
        {ended(Outcome::End::not_started, 0, "there is no program \"pass\" on PATH"),
         "no program \"pass\" on PATH"},
    };
    for (const auto& [outcome, reason] : cases) {
        Fixture f;
        f.ask(command_provider());
        f.runner.end_last(outcome);
        const auto text = f.last();
        check_holds(text, {"error", "\"work\"", "\"pass\"", reason});
        CHECK(text.find("canary") == std::string::npos);
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.size() < 700);
    }
}

TEST_CASE("A live key that a command prints to stderr does not get into its error") {
    Fixture f;
    CHECK(f.key_of(env_provider("WORK_API_KEY")) == "sk-env-1234");
    f.ask(command_provider());
    f.runner.end_last(exited(1, "", "refused: sk-env-1234 is stale\n"));
    check_holds(f.last(), {"refused: *** is stale"});
}

TEST_CASE("What a command says that gives no key and calls that a success is told") {
    for (const auto& [output, part] :
         {std::pair<std::string, std::string>{"", "it is empty: vault is sealed"},
          {"\n", "it is empty: vault is sealed"},
          {"Enter PIN\n", "it holds a blank: vault is sealed"}}) {
        Fixture f;
        f.ask(command_provider());
        f.runner.end_last(exited(0, output, "vault is sealed\nmore\n"));
        check_holds(f.last(), {"error", part});
        CHECK(f.last().find("more") == std::string::npos);
    }
}

TEST_CASE("A key that a failing command prints on its way does not get into its error") {
    const std::string key = "canary/0123456789+abc=";
    for (const auto& [output, errors] :
         {std::pair<std::string, std::string>{key + "\n", "got " + key + ", stale"},
          {"  " + key + " \r\nmore\n", key + key + " twice"},
          {"", "+ echo sk-live-canary0123456789abcdef0123"},
          {"", "export OPENAI_API_KEY=sk-proj-canary0123456789abcdef0123"}}) {
        CAPTURE(output, errors);
        for (const Kind kind : {Kind::command, Kind::keyring}) {
            Fixture f;
            f.ask(kind == Kind::command ? command_provider()
                                        : provider_with({.kind = kind, .service = "s", .account = "a"}));
            f.runner.end_last(exited(1, output, errors + "\n"));
            check_holds(f.last(), {"error", "exit status 1: "});
            CHECK(f.last().find("canary") == std::string::npos);
        }
    }
}

TEST_CASE("Whatever looks like a key stays out of the words of a failing command") {
    for (const std::string key :
         {"sk-live-canary456789", "AIzaSycanary0123456789abcdefghij", "r8_canary0123456789abcdef",
          "nvapi-canary0123456789abcdef", "csk-canary0123456789abcdef", "c0ffeecanary0123456789abcdef0123",
          "sk-abc***canary9"}) {
        for (const std::string form :
             {"using key ", "+ key=", "x-api-key: ", "Authorization: Bearer ", "key is '"}) {
            CAPTURE(key, form);
            Fixture f;
            f.ask(command_provider());
            f.runner.end_last(exited(1, "", form + key + "'\n"));
            check_holds(f.last(), {"error", "exit status 1: ", "***"});
            CHECK(f.last().find("canary") == std::string::npos);
        }
    }
}

TEST_CASE("A keyring is asked through secret-tool") {
    Fixture f;
    const auto provider =
        provider_with({.kind = Kind::keyring, .service = "gateway.example", .account = "me"});
    f.ask(provider);
    REQUIRE(f.runner.runs.size() == 1);
    CHECK(f.runner.runs[0]->command.argv ==
          std::vector<std::string>{"secret-tool", "lookup", "service", "gateway.example", "account", "me"});
    f.runner.end_last(exited(0, "sk-keyring-1"));
    CHECK(f.last() == "sk-keyring-1");

    struct Case {
        Outcome outcome;
        std::string_view message, cure;
    };
    const Case cases[] = {
        {ended(Outcome::End::not_started, 0, "there is no program \"secret-tool\" on PATH"), "secret-tool",
         "Install"},
        {exited(1, ""), "holds no key",
         "secret-tool store --label=dragoman service 'gateway.example' account 'me'"},
        {exited(1, "", "Cannot autolaunch D-Bus without X11 $DISPLAY\n"), "Cannot autolaunch D-Bus",
         "Unlock"},
        {ended(Outcome::End::timed_out), "within 30 s", "Unlock"},
        {exited(0, ""), "empty", "Check"},
    };
    for (const auto& [outcome, message, cure] : cases) {
        Fixture other;
        other.ask(provider);
        other.runner.end_last(outcome);
        check_holds(other.last(), {"error", "\"work\"", message, cure});
    }
}

TEST_CASE("On macOS a keyring is the keychain") {
    const auto provider =
        provider_with({.kind = Kind::keyring, .service = "gateway.example", .account = "me"});
    const Environment nothing = [](const std::string&) { return std::optional<std::string>{}; };
    CHECK(key_command(provider, nothing, "/home", Keyring::keychain).argv ==
          std::vector<std::string>{"/usr/bin/security", "find-generic-password", "-s", "gateway.example",
                                   "-a", "me", "-w"});
    const Origin origin{.scheme = "https", .host = "gateway.example", .port = 443};
    CHECK(from_outcome(provider, origin, exited(0, "sk-keychain-1\n"), Keyring::keychain).ok());
    const auto told = [&](Outcome outcome) {
        const auto error = from_outcome(provider, origin, std::move(outcome), Keyring::keychain).error();
        return error.message + " " + error.hint;
    };
    check_holds(told(exited(44, "", "The specified item could not be found in the keychain.\n")),
                {"holds no key", "security add-generic-password -w -s 'gateway.example' -a 'me'"});
    check_holds(told(exited(36, "", "User interaction is not allowed.\n")),
                {"/usr/bin/security", "User interaction is not allowed", "Unlock"});
}

TEST_CASE("Real programs give keys and failures as played ones do") {
    struct Case {
        std::vector<std::string> command;
        std::string_view answer;  // a part of it
    };
    const Case cases[] = {
        {{"printf", "sk-real-1234\\nlogin: me\\n"}, "sk-real-1234"},
        {{"sh", "-c", "echo 'no agent' >&2; exit 3"}, "failed with exit status 3: no agent"},
        {{"sh", "-c", "head -c 10000000 /dev/zero | tr '\\0' k"}, "8192"},
        {{"sh", "-c", "kill -KILL $$"}, "signal 9"},
        {{"no-such-password-manager"}, "no program \"no-such-password-manager\" on PATH"},
        {{}, "empty"},
    };
    for (const auto& [command, part] : cases) {
        Fixture f;
        boost::asio::io_context context;
        LoopClock clock{context};
        process::BoostRunner runner{context, clock};
        Paths paths;
        paths.home = f.home.path();
        Keys keys{clock, f.files, process_environment(), runner, paths};
        auto provider = provider_with({.kind = Kind::command, .command = command});
        const auto ticket = keys.get(provider, [&](Result<Key> key) { f.answers.push_back(std::move(key)); });
        while (f.answers.empty() && context.run_one_for(std::chrono::seconds{20}) > 0) {
        }
        check_holds(f.last(), {part});
    }
}
