#include "server/support/paths.h"

using namespace dragoman;

namespace {

Environment environment_of(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end() || found->second.empty()) return std::nullopt;
        return found->second;
    };
}

}  // namespace

TEST_CASE("Own files live where XDG says, with the usual folders as fallback") {
    const auto usual = find_paths(environment_of({{"HOME", "/home/u"}}));
    CHECK(usual.home == "/home/u");
    CHECK(usual.config_file == "/home/u/.config/dragoman/config.json");
    CHECK(usual.state_dir == "/home/u/.local/state/dragoman");
    CHECK(usual.data_dir == "/home/u/.local/share/dragoman");

    const auto chosen = find_paths(environment_of({{"HOME", "/home/u"},
                                                   {"XDG_CONFIG_HOME", "/c"},
                                                   {"XDG_STATE_HOME", "/s/"},
                                                   {"XDG_DATA_HOME", "relative/d"}}));
    CHECK(chosen.config_file == "/c/dragoman/config.json");
    CHECK(chosen.state_dir == "/s/dragoman");
    CHECK(chosen.data_dir == "/home/u/.local/share/dragoman");

    const auto homeless = find_paths(environment_of({{"HOME", ""}, {"XDG_STATE_HOME", "/s"}}));
    CHECK(homeless.home.empty());
    CHECK(homeless.config_file.empty());
    CHECK(homeless.data_dir.empty());
    CHECK(homeless.state_dir == "/s/dragoman");
}

TEST_CASE("A file URI names an absolute path, and nothing else does") {
    struct Case {
        std::string_view uri;
        std::optional<std::string> path;
    };
    const Case cases[] = {
        {"file:///home/u/a.cpp", "/home/u/a.cpp"},
        {"file:/home/u/a.cpp", "/home/u/a.cpp"},
        {"FILE:///a", "/a"},
        {"file://localhost/a", "/a"},
        {"file:///a%20b%23c", "/a b#c"},
        {"file:///C%2b%2B/x", "/C++/x"},
        {"file:///b%C3%BCcher", "/bücher"},
        {"file:///C#/what?.cs", "/C#/what?.cs"},
        {"file:///", "/"},
        {"file://", std::nullopt},
        {"file:", std::nullopt},
        {"file:a", std::nullopt},
        {"file://server/share", std::nullopt},
        {"file:///a%00b", std::nullopt},
        {"file:///a%2", std::nullopt},
        {"file:///a%GG", std::nullopt},
        {"untitled:Untitled-1", std::nullopt},
        {"https://host/a", std::nullopt},
        {"/home/u", std::nullopt},
        {"", std::nullopt},
    };
    for (const auto& [uri, path] : cases) {
        CAPTURE(uri);
        const auto result = path_of_uri(uri);
        REQUIRE(result.has_value() == path.has_value());
        if (path) CHECK(result->native() == *path);
    }
}

TEST_CASE("A URI of any scheme tells the path in it") {
    for (const auto& [uri, path] : std::vector<std::pair<std::string, std::string>>{
             {"file:///a/b%20c#d", "/a/b c#d"},
             {"untitled:/a/two/new.py", "/a/two/new.py"},
             {"untitled:Untitled-1", "Untitled-1"},
             {"git:/a/two/a.py?%7B%22ref%22%3A%22HEAD%22%7D", "/a/two/a.py"},
             {"vscode-remote://ssh-remote%2Bhost/a/%2Eenv", "/a/.env"},
             {"vscode-notebook-cell:/a/x.ipynb#W0", "/a/x.ipynb"},
             {"file://elsewhere/a", "/a"},
             {"git:/a/%GG", "/a/%GG"},
             {"output:", ""},
             {"", ""}}) {
        CAPTURE(uri);
        CHECK(path_in_uri(uri).native() == path);
    }
}

TEST_CASE("Any path survives the way to a URI and back") {
    std::string bytes = "/";
    for (int c = 1; c < 256; ++c) bytes += static_cast<char>(c);
    for (const std::string& path : {bytes, std::string{"/"}, std::string{"/a b/ü#?%41"}}) {
        const std::string uri = uri_of_path(path);
        CAPTURE(uri);
        CHECK(uri.find_first_of(" #?\\\"<>") == std::string::npos);
        REQUIRE(path_of_uri(uri));
        CHECK(path_of_uri(uri)->native() == path);
    }
    CHECK(uri_of_path("/a b~.x") == "file:///a%20b~.x");
}

TEST_CASE("A tilde stands for the home folder only where a shell would take it so") {
    CHECK(expand_home("~/k", "/home/u") == "/home/u/k");
    CHECK(expand_home("~", "/home/u") == "/home/u");
    CHECK(expand_home("~/", "/home/u") == "/home/u");
    CHECK(expand_home("~other/k", "/home/u") == "~other/k");
    CHECK(expand_home("/a/~/k", "/home/u") == "/a/~/k");
    CHECK(expand_home("~/k", "") == "~/k");
}
