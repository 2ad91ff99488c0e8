// The life of keys: kept, shared, renewed, replaced, bound.
#include "server/support/log.h"
#include "tests/unit/secrets/fixture.h"

using namespace dragoman;
using namespace dragoman::test;
using config::Provider;
using process::Outcome;
using secrets::Key;
using secrets::Keys;
using Kind = config::KeySource::Kind;

TEST_CASE("A key is bound to the origin of its provider's base URL") {
    Fixture f;
    auto evil = env_provider("WORK_API_KEY");
    evil.base_url = "https://evil.example/v1";
    CHECK(f.key_of(evil) == "no key");
    CHECK(f.answers.back()->header_for(parse_url("https://evil.example")->origin));
    CHECK(f.key_of(env_provider("WORK_API_KEY")) == "sk-env-1234");

    evil.base_url = "https://user:hunter2@evil.example";
    const auto text = f.key_of(evil);
    check_holds(text, {"error", "\"work\"", "base URL", "user-info", "baseUrl"});
    CHECK(text.find("hunter2") == std::string::npos);
}

TEST_CASE("A changed key file counts at once") {
    Fixture f;
    const auto provider = file_provider(f.home.write("key", "sk-one-1234\n"));
    CHECK(f.key_of(provider) == "sk-one-1234");
    f.home.write("new", "sk-two-1234\n");
    std::filesystem::rename(f.home / "new", f.home / "key");
    CHECK(f.key_of(provider) == "sk-two-1234");
    std::filesystem::remove(f.home / "key");
    check_holds(f.key_of(provider), {"error", "does not exist"});
}

TEST_CASE("Many who wait share one run of the command") {
    Fixture f;
    for (int i = 0; i < 20; ++i) f.ask(command_provider());
    CHECK(f.runner.runs.size() == 1);
    f.tickets[3].reset();
    f.tickets[19].reset();
    f.runner.end_last(exited(0, "sk-shared-1\n"));
    CHECK(f.answers.size() == 18);
    CHECK(f.last() == "sk-shared-1");
}

TEST_CASE("A command goes on when nobody waits any more, and its key is kept") {
    Fixture f;
    f.ask(command_provider());
    f.tickets.clear();
    CHECK_FALSE(f.runner.runs[0]->dropped);
    f.runner.end_last(exited(0, "sk-late-1234\n"));
    CHECK(f.answers.empty());
    CHECK(f.key_of(command_provider()) == "sk-late-1234");
    CHECK(f.runner.runs.size() == 1);
}

TEST_CASE("Answers may drop each other's tickets and ask again") {
    Fixture f;
    int answered = 0;
    std::vector<std::unique_ptr<Keys::Ticket>> tickets;
    for (int i = 0; i < 3; ++i) {
        tickets.push_back(f.keys.get(command_provider(), [&](Result<Key>) {
            ++answered;
            tickets.clear();
            f.ask(command_provider());
        }));
    }
    f.runner.end_last(exited(0, "sk-again-1\n"));
    CHECK(answered == 1);
    CHECK(f.last() == "sk-again-1");
}

TEST_CASE("An answer may end the keys altogether") {
    Fixture f;
    auto keys = f.make(f.files);
    bool answered = false;
    const auto ticket = keys->get(command_provider(), [&](Result<Key>) {
        keys.reset();
        answered = true;
    });
    f.runner.end_last(exited(0, "sk-last-1234\n"));
    CHECK(answered);
}

TEST_CASE("Ending the keys ends their commands, unanswered") {
    Fixture f;
    auto keys = f.make(f.files);
    bool answered = false;
    auto ticket = keys->get(command_provider(), [&](Result<Key>) { answered = true; });
    keys.reset();
    CHECK(f.runner.runs[0]->dropped);
    ticket.reset();
    CHECK_FALSE(answered);
}

TEST_CASE("A command's key is asked for anew when its time is over") {
    for (const auto ttl : {std::optional<int>{}, std::optional<int>{60}, std::optional<int>{0}}) {
        Fixture f;
        const std::chrono::seconds life{ttl.value_or(900)};
        f.ask(command_provider(ttl));
        f.runner.end_last(exited(0, "sk-first-12\n"));
        if (life.count() > 0) {
            f.clock.advance(life - Milliseconds{1});
            CHECK(f.key_of(command_provider(ttl)) == "sk-first-12");
            f.clock.advance(Milliseconds{1});
        }
        CHECK(f.key_of(command_provider(ttl)) == "no answer");
        CHECK(f.keys.status(command_provider(ttl)).present);
        f.runner.end_last(exited(0, "sk-second-12\n"));
        CHECK(f.last() == "sk-second-12");
    }
}

TEST_CASE("A command that failed is not asked again for each keystroke, but soon") {
    Fixture f;
    f.ask(command_provider());
    f.runner.end_last(exited(1, "", "locked\n"));
    check_holds(f.key_of(command_provider()), {"locked"});
    CHECK(f.runner.runs.size() == 1);
    f.clock.advance(std::chrono::seconds{10});
    CHECK(f.key_of(command_provider()) == "no answer");
    f.runner.end_last(exited(0, "sk-unlocked\n"));
    CHECK(f.last() == "sk-unlocked");
}

TEST_CASE("After a 401 a source is asked anew once for each key") {
    Fixture f;
    const auto provider = command_provider();
    CHECK_FALSE(f.keys.refresh(provider));  // nothing was given yet
    f.ask(provider);
    f.runner.end_last(exited(0, "sk-stale-12\n"));
    CHECK(f.keys.refresh(provider));
    CHECK(f.key_of(provider) == "no answer");
    CHECK(f.keys.refresh(provider));  // it runs for another request that met the same 401
    CHECK(f.runner.runs.size() == 2);
    f.runner.end_last(exited(0, "sk-stale-12\n"));
    CHECK(f.last() == "sk-stale-12");
    CHECK_FALSE(f.keys.refresh(provider));

    f.clock.advance(std::chrono::seconds{900});
    f.ask(provider);
    f.runner.end_last(exited(0, "sk-fresh-12\n"));
    CHECK(f.keys.refresh(provider));

    const auto file = file_provider(f.home.write("key", "sk-file-1234\n"));
    CHECK(f.key_of(file) == "sk-file-1234");
    CHECK(f.keys.refresh(file));
    CHECK(f.key_of(file) == "sk-file-1234");
    CHECK_FALSE(f.keys.refresh(file));
}

TEST_CASE("A key that was replaced is forgotten once its successor is there") {
    Fixture f;
    const auto forgotten = [](const std::string& text) { return log::redact(text) == text; };
    const auto settle = [&] { f.answers.clear(), f.tickets.clear(); };

    f.ask(command_provider());
    f.runner.end_last(exited(0, "sk-stale-12\n"));
    settle();
    REQUIRE(f.keys.refresh(command_provider()));
    f.ask(command_provider());
    CHECK_FALSE(forgotten("sk-stale-12"));  // the command may speak of it
    f.runner.end_last(exited(1, "", "sk-stale-12 is no token\n"));
    check_holds(f.last(), {"*** is no token"});
    settle();
    CHECK(forgotten("sk-stale-12"));

    const auto editor = provider_with({.kind = Kind::editor});
    REQUIRE(f.keys.set_from_editor(editor, "sk-editor-1").ok());
    CHECK_FALSE(forgotten("sk-editor-1"));
    REQUIRE(f.keys.set_from_editor(editor, "sk-editor-2").ok());
    CHECK(forgotten("sk-editor-1"));
    REQUIRE(f.keys.set_from_editor(editor, std::nullopt).ok());
    CHECK(forgotten("sk-editor-2"));

    const auto file = file_provider(f.home.write("key", "sk-file-1234\n"));
    CHECK(f.key_of(file) == "sk-file-1234");
    f.home.write("key", "sk-file-56789\n");
    CHECK(f.key_of(file) == "sk-file-56789");
    settle();
    CHECK(forgotten("sk-file-1234"));
    CHECK_FALSE(forgotten("sk-file-56789"));
}

TEST_CASE("A key that nobody asked for in a quarter of an hour is wiped") {
    Fixture f;
    const auto forgotten = [](const std::string& text) { return log::redact(text) == text; };
    const auto settle = [&] { f.answers.clear(), f.tickets.clear(); };
    const std::chrono::minutes quarter{15};

    const auto file = file_provider(f.home.write("key", "sk-file-1234\n"));
    CHECK(f.key_of(file) == "sk-file-1234");
    CHECK(f.key_of(env_provider("WORK_API_KEY")) == "sk-env-1234");
    f.ask(command_provider(3600));
    f.runner.end_last(exited(0, "sk-hour-123\n"));
    settle();
    f.clock.advance(quarter - Milliseconds{1});
    CHECK(f.key_of(file) == "sk-file-1234");
    settle();
    CHECK_FALSE(forgotten("sk-env-1234"));
    f.clock.advance(Milliseconds{1});
    CHECK(forgotten("sk-env-1234"));
    CHECK_FALSE(forgotten("sk-file-1234"));
    f.clock.advance(quarter);
    CHECK(forgotten("sk-file-1234"));
    CHECK_FALSE(forgotten("sk-hour-123"));  // for as long as the settings say
    f.clock.advance(std::chrono::hours{1});
    CHECK(forgotten("sk-hour-123"));
    CHECK(f.clock.waiting() == 0);

    // And is asked for anew when it is needed.
    CHECK(f.key_of(env_provider("WORK_API_KEY")) == "sk-env-1234");
    CHECK(f.key_of(command_provider(3600)) == "no answer");
    f.clock.advance(quarter);
    f.runner.end_last(exited(0, "sk-hour-456\n"));
    CHECK(f.last() == "sk-hour-456");
}

TEST_CASE("A key from the editor wins over every source until it is taken back") {
    Fixture f;
    const auto editor = provider_with({.kind = Kind::editor});
    check_holds(f.key_of(editor), {"error", "\"work\"", "dragoman/key/set"});
    CHECK_FALSE(f.keys.status(editor).present);

    const Provider providers[] = {editor, env_provider("WORK_API_KEY"), command_provider(),
                                  provider_with({})};
    REQUIRE(f.keys.set_from_editor(editor, " sk-editor-1 \n").ok());
    for (const auto& provider : providers) {
        CHECK(f.key_of(provider) == "sk-editor-1");
        CHECK_FALSE(f.keys.refresh(provider));
        CHECK(f.keys.status(provider).source == editor.key.describe());
        CHECK(f.keys.status(provider).fingerprint == f.answers.back()->fingerprint());
    }
    CHECK(f.runner.runs.empty());

    const auto refused = f.keys.set_from_editor(editor, "canary one");
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().find("canary") == std::string::npos);
    CHECK(f.key_of(editor) == "sk-editor-1");

    REQUIRE(f.keys.set_from_editor(editor, std::nullopt).ok());
    check_holds(f.key_of(editor), {"error"});
    CHECK(f.key_of(env_provider("WORK_API_KEY")) == "sk-env-1234");
}

TEST_CASE("A key from the editor stays with the origin that it was given for") {
    Fixture f;
    const auto editor = provider_with({.kind = Kind::editor});
    REQUIRE(f.keys.set_from_editor(editor, "sk-editor-1").ok());
    auto moved = editor;
    moved.base_url = "https://evil.example/v1";
    check_holds(f.key_of(moved), {"error", "dragoman/key/set"});
    CHECK(f.key_of(editor) == "sk-editor-1");
}

TEST_CASE("Providers of one name with different commands or origins do not share a key") {
    Fixture f;
    auto other = command_provider();
    other.base_url = "https://other.example";
    auto third = command_provider();
    third.key.command = {"op", "read", "x"};
    f.ask(command_provider());
    f.ask(other);
    f.ask(third);
    REQUIRE(f.runner.runs.size() == 3);
    for (const auto index : {1U, 2U, 0U}) {
        f.runner.runs[index]->done(exited(0, "sk-number-" + std::to_string(index) + "\n"));
    }
    CHECK(f.key_of(command_provider()) == "sk-number-0");
    CHECK(f.key_of(third) == "sk-number-2");
    CHECK(f.key_of(other) == "no key");  // for gateway.example, that is
    CHECK(f.answers.back()->header_for(parse_url(other.base_url)->origin)->second == "Bearer sk-number-1");
}

TEST_CASE("The status tells what is known and starts nothing") {
    Fixture f;
    CHECK_FALSE(f.keys.status(command_provider()).present);
    CHECK(f.runner.runs.empty());
    f.ask(command_provider());
    CHECK_FALSE(f.keys.status(command_provider()).present);
    f.runner.end_last(exited(0, "abc\n"));
    const auto status = f.keys.status(command_provider());
    CHECK(status.provider == "work");
    check_holds(status.source, {"command", "pass"});
    CHECK(status.present);
    CHECK(status.fingerprint == "ba7816bf");

    const auto env = f.keys.status(env_provider("WORK_API_KEY"));
    CHECK(env.present);
    check_holds(env.source, {"WORK_API_KEY"});
    const auto missing = f.keys.status(env_provider("OTHER_KEY"));
    CHECK_FALSE(missing.present);
    CHECK(missing.fingerprint.empty());
    CHECK_FALSE(f.keys.status(file_provider(f.home / "missing")).present);
    f.home.write("key", "abc\n");
    CHECK(f.keys.status(file_provider("~/key")).fingerprint == "ba7816bf");
}
