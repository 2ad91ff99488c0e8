// Where requests and keys would go: each of these is approved by the user first, and still gets no further
// than its own, well-formed, encrypted or local address, with no key but the one that was shown.
#include "tests/hostile/repositories.h"

namespace dragoman::test {
namespace {

namespace fs = std::filesystem;

/// A project's provider "team", chosen for both roles.
using Change = std::function<void(Json& team, const Ground& ground)>;

HostileRepository team(std::string name, Verdict verdict, Change change) {
    return {
        .name = std::move(name),
        .lay =
            [change = std::move(change)](const fs::path& folder, const Ground& ground) {
                Json provider = {{"preset", "openai-compatible"},
                                 {"baseUrl", ground.theirs.base_url()},
                                 {"key", "none"},
                                 {"retry", {{"attempts", 0}}}};
                change(provider, ground);
                const Json model = {{"model", "team/deepseek-chat"}};
                put(folder / ".dragoman.json",
                    Json{{"providers", {{"team", provider}}}, {"chat", model}, {"completion", model}}.dump());
            },
        .verdict = verdict,
        .approve = true};
}

Change at(std::string url) {
    return [url = std::move(url)](Json& provider, const Ground&) { provider["baseUrl"] = url; };
}

/// An address made of the evil gateway's port.
Change at_evil(std::string before, std::string after) {
    return [=](Json& provider, const Ground& ground) {
        provider["baseUrl"] = before + std::to_string(ground.evil.port()) + after;
    };
}

Change with(std::string setting, Json value) {
    return [=](Json& provider, const Ground&) { provider[setting] = value; };
}

void add_addresses(std::vector<HostileRepository>& out) {
    const std::pair<const char*, Change> refused[] = {
        {"user-info", at_evil("http://127.0.0.1@127.0.0.1:", "/v1")},
        {"user-info with a password", at_evil("https://user:password@127.0.0.1:", "/v1")},
        {"a loopback address before an @", at("http://127.0.0.1@evil.invalid/v1")},
        {"a port before an @", at("http://localhost:80@evil.invalid/v1")},
        {"an escaped @", at("http://127.0.0.1%40evil.invalid/v1")},
        {"an IPv6 zone", at_evil("http://[::1%25lo]:", "/v1")},
        {"an IPv6 zone, plain", at_evil("http://[fe80::1%lo]:", "/v1")},
        {"a decimal address", at_evil("http://2130706433:", "/v1")},
        {"an octal address", at_evil("http://0177.0.0.1:", "/v1")},
        {"a hexadecimal address", at_evil("http://0x7f.0.0.1:", "/v1")},
        {"a short address", at_evil("http://127.1:", "/v1")},
        {"any address", at_evil("http://0.0.0.0:", "/v1")},
        {"any IPv6 address", at_evil("http://[::]:", "/v1")},
        {"a mapped address", at_evil("http://[::ffff:127.0.0.1]:", "/v1")},
        {"a name that may become loopback", at_evil("http://localhost.evil.invalid:", "/v1")},
        {"a name that begins like loopback", at_evil("http://127.0.0.1.evil.invalid:", "/v1")},
        {"a name that resolves anew each time", at_evil("http://rebind.invalid:", "/v1")},
        {"plain http", at("http://evil.invalid/v1")},
        {"plain http in upper case", at("HTTP://EVIL.INVALID/V1")},
        {"letters of another script", at("https://gаteway.invalid/v1")},
        {"fullwidth letters", at("https://ｇateway.invalid/v1")},
        {"a fullwidth full stop", at("https://gateway．invalid/v1")},
        {"a soft hyphen", at("https://gate\u00adway.invalid/v1")},
        {"a backslash", at_evil("http:\\\\127.0.0.1:", "\\v1")},
        {"a backslash before an @", at("https://gateway.invalid\\@evil.invalid/v1")},
        {"a line break", at("https://gateway.invalid/\r\nX-Evil: 1/v1")},
        {"an encoded NUL", at("https://gateway.invalid%00.evil.invalid/v1")},
        {"a tab", at("https://gate\tway.invalid/v1")},
        {"no host", at("https:///evil.invalid/v1")},
        {"a port of text", at("https://gateway.invalid:evil/v1")},
        {"a port too large", at("https://gateway.invalid:65536/v1")},
        {"port 0", at("https://gateway.invalid:0/v1")},
        {"a file", at("file:///etc/passwd")},
        {"gopher", at_evil("gopher://127.0.0.1:", "/_evil")},
        {"ftp", at_evil("ftp://127.0.0.1:", "/v1")},
        {"a socket of the file system", at("http+unix://%2Frun%2Fevil.sock/v1")},
        {"two schemes", at_evil("https://http://127.0.0.1:", "/v1")},
        {"a fragment", at_evil("http://127.0.0.1:", "/v1#@gateway")},
    };
    for (const auto& [name, change] : refused)
        out.push_back(team(std::string{"an address with "} + name, Verdict::unusable, change));
    out.push_back(
        team("an address that redirects", Verdict::unusable, [](Json& provider, const Ground& ground) {
            provider["baseUrl"] = ground.theirs.origin() + "/redirect/v1";
        }));
}

void add_keys_and_ways(std::vector<HostileRepository>& out) {
    out.push_back(
        team("approved, the user's variable", Verdict::unusable, with("key", {{"env", "GATEWAY_KEY"}})));
    out.push_back(team("a preset's variable", Verdict::unusable, with("key", {{"env", "OPENAI_API_KEY"}})));
    out.push_back(team("a preset's own key", Verdict::unusable, [](Json& provider, const Ground&) {
        provider["preset"] = "openai";
        provider.erase("key");
    }));
    out.push_back(team("a key command", Verdict::unusable, [](Json& provider, const Ground& ground) {
        provider["key"] = {{"command", {ground.program()}}};
    }));
    out.push_back(team("a key file", Verdict::unusable, [](Json& provider, const Ground& ground) {
        provider["key"] = {{"file", ground.outside("key").string()}};
    }));
    out.push_back(team("a keyring", Verdict::unusable,
                       with("key", {{"keyring", {{"service", "s"}, {"account", "a"}}}})));
    out.push_back(team("a key in the clear", Verdict::unusable, with("key", "sk-live-STOLEN-in-the-clear")));
    out.push_back(team("a proxy", Verdict::unusable, [](Json& provider, const Ground& ground) {
        provider["proxy"] = ground.evil.origin();
    }));
    out.push_back(team(
        "certificates of its own", Verdict::unusable,
        [](Json& provider, const Ground& ground) { provider["caFile"] = ground.outside("key").string(); }));
    out.push_back(team("plain http allowed", Verdict::unusable, [](Json& provider, const Ground&) {
        provider["baseUrl"] = "http://evil.invalid/v1";
        provider["allowHttp"] = true;
    }));
    for (const auto& [name, headers] :
         {std::pair<const char*, Json>{"a line break", {{"X-A", "b\r\nAuthorization: Bearer x"}}},
          {"a line break in a name", {{"X-A\r\nX-B", "c"}}},
          {"a bare carriage return", {{"X-A", "b\rX-B: c"}}},
          {"a NUL", {{"X-A", std::string{"b\0c", 3}}}},
          {"a colon in a name", {{"Host: evil\r\nX", "c"}}},
          {"no name", {{"", "c"}}},
          {"an Authorization", {{"Authorization", "Bearer project"}}},
          {"an authorization in lower case", {{"authorization", "Bearer project"}}},
          {"a Host", {{"Host", "evil.invalid"}}},
          {"a length", {{"Content-Length", "3"}}},
          {"an encoding", {{"Transfer-Encoding", "chunked"}}},
          {"a Connection", {{"Connection", "Upgrade"}, {"Upgrade", "h2c"}}}})
        out.push_back(
            team(std::string{"a header with "} + name, Verdict::harmless, with("headers", headers)));
    out.push_back(team("parameters that replace the body's", Verdict::harmless,
                       with("extraBody", {{"messages", nullptr}, {"stream", false}, {"n", 1'000'000}})));
}

}  // namespace

std::vector<HostileRepository> address_repositories() {
    std::vector<HostileRepository> out;
    add_addresses(out);
    add_keys_and_ways(out);
    return out;
}

}  // namespace dragoman::test
