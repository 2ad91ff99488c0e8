#include "tests/hostile/ground.h"

#include "tests/support/snares.h"

#include <cstdlib>

namespace dragoman::test {
namespace {

// Everything that a daemon, git or a key source may want to start.
constexpr const char* kProgramNames[] = {"git",      "secret-tool", "curl", "sh",     "bash",
                                         "ssh",      "gpg",         "less", "pager",  "op",
                                         "security", "dragoman",    "diff", "program"};

}  // namespace

Ground::Ground() {
    plant(planted());
    for (const char* name : {"key", "notes.txt", "stolen.h", "config.json", "id_ed25519"})
        home.write("outside/" + std::string{name}, "int STOLEN_outside;\n");
    home.write("outside/settings.json",
               R"({"completion": {"maxTokens": 77}, "chat": {"systemPrompt": "STOLEN_outside"}})");
    theirs.answer_when([](const HttpRequest& request) { return request.path().starts_with("/redirect"); },
                       Script::plain(307, "text/plain", "").header("Location", evil.base_url() + "/models"));
}

void Ground::plant(const std::filesystem::path& folder) const {
    std::filesystem::create_directories(folder);
    for (const char* name : kProgramNames)
        home.write((folder / name).lexically_relative(home.path()), snare_program(sentinel()), 0700);
}

Json Ground::config() const {
    const Json other = {{"preset", "openai-compatible"}, {"baseUrl", "https://vault.invalid/v1"}};
    Json config = {{"providers",
                    {{"work",
                      {{"preset", "opencodex"},
                       {"baseUrl", ours.base_url()},
                       {"key", {{"env", "GATEWAY_KEY"}}},
                       {"retry", {{"attempts", 0}}}}},
                     {"vault", other},
                     {"filed", other},
                     {"ring", other},
                     {"typed", other}}},
                   {"completion", {{"model", "work/deepseek-chat"}, {"debounceMs", 0}}},
                   {"chat", {{"model", "work/deepseek-chat"}}},
                   {"log", {{"level", "debug"}}},
                   // Nothing to find there, and a slow disk would be waited for at each question.
                   {"privacy", {{"keepConversations", false}, {"recordUsage", false}}}};
    config["providers"]["vault"]["key"] = {{"command", {program()}}};
    config["providers"]["filed"]["key"] = {{"file", outside("key").string()}};
    config["providers"]["ring"]["key"] = {{"keyring", {{"service", "s"}, {"account", "a"}}}};
    config["providers"]["typed"]["key"] = "editor";
    return config;
}

EditorOptions Ground::options(const std::string& first_on_path) const {
    EditorOptions options;
    options.config = config();
    auto& environment = options.environment;
    environment["GATEWAY_KEY"] = ours.key();
    for (const char* name : {"EVIL_KEY", "TEAM_KEY", "OPENAI_API_KEY", "OPENCODEX_API_KEY", "OPEAI_API_KEY",
                             "DEEPSEEK_API_KEY", "OPENROUTER_API_KEY", "AWS_SECRET_ACCESS_KEY"})
        environment[name] = std::string{"sk-live-STOLEN-of-"}.append(name);
    environment["PATH"] = first_on_path + ":.::../planted:" + std::getenv("PATH");
    return options;
}

std::vector<std::string> Ground::forbidden() const {
    std::vector<std::string> out{"/dev/zero", "/dev/tty"};
    for (const auto& entry : std::filesystem::directory_iterator{home / "outside"})
        out.push_back(entry.path().string());
    return out;
}

}  // namespace dragoman::test
