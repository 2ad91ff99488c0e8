// What goes out: method, headers, body; and what is refused before anything does.
#include "tests/unit/http/world.h"

namespace dragoman::http::test {
namespace {

/// The bytes of the request as the server read them.
std::string sent(Request request) {
    LiveWorld world;
    Server server{world.io, answering(answer(""))};
    request.url = server.url("/v1/chat?x=1");
    Recorder recorder;
    world.start(recorder, std::move(request));
    world.until_ended(recorder);
    REQUIRE(server.peers.size() == 1);
    return server.peers[0]->requests.at(0);
}

bool has_line(const std::string& request, const std::string& line) {
    return request.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a request is sent as it was asked for, and with nothing that was not") {
    Request request = post("", R"({"model":"m"})");
    request.headers = {{"Content-Type", "application/json"}, {"X-Team", "editor"}, {"X-Empty", ""}};
    const std::string bytes = sent(request);
    CHECK(bytes.rfind("POST /v1/chat?x=1 HTTP/1.1\r\n", 0) == 0);
    CHECK(has_line(bytes, "Content-Type: application/json"));
    CHECK(has_line(bytes, "X-Team: editor"));
    CHECK(has_line(bytes, "X-Empty:"));
    CHECK(has_line(bytes, "Content-Length: 13"));
    CHECK(bytes.substr(bytes.size() - 13) == request.body);
    CHECK(bytes.find("Expect") == std::string::npos);
    CHECK(bytes.find("Cookie") == std::string::npos);
    CHECK(bytes.find("Authorization") == std::string::npos);
    CHECK(sent(post("")).find("urlencoded") == std::string::npos);
}

TEST_CASE("methods other than POST") {
    Request request;
    request.method = GENERATE("GET", "DELETE", "PUT", "HEAD");
    const std::string bytes = sent(request);
    CHECK(bytes.rfind(request.method + " /v1/chat?x=1 HTTP/1.1\r\n", 0) == 0);
    CHECK(bytes.find("\r\n\r\n") == bytes.size() - 4);
}

TEST_CASE("a body with NUL bytes is sent whole") {
    const std::string body{"a\0b\0", 4};
    const std::string bytes = sent(post("", body));
    CHECK(bytes.substr(bytes.size() - 4) == body);
}

TEST_CASE("there is always a User-Agent") {
    CHECK(has_line(sent(post("")), "User-Agent: dragoman/" DRAGOMAN_VERSION));
    Request named = post("");
    named.user_agent = "editor/7";
    CHECK(has_line(sent(named), "User-Agent: editor/7"));
    named.headers = {{"user-agent", "header/8"}};
    const std::string bytes = sent(named);
    CHECK(has_line(bytes, "user-agent: header/8"));
    CHECK(bytes.find("editor/7") == std::string::npos);
}

TEST_CASE("what HTTP does not allow is refused before anything connects") {
    struct Case {
        const char* what;
        std::function<void(Request&)> spoil;
        const char* named;
    };
    const std::string nul{"a\0b", 3};
    const std::vector<Case> cases{
        {"CR in a value",
         [](Request& r) {
             r.headers = {{"X-Key", "a\rb"}};
         },
         "X-Key"},
        {"LF in a value",
         [](Request& r) {
             r.headers = {{"X-Key", "canary\nX-Evil: 1"}};
         },
         "X-Key"},
        {"NUL in a value",
         [&](Request& r) {
             r.headers = {{"X-Key", nul}};
         },
         "X-Key"},
        {"LF in a name",
         [](Request& r) {
             r.headers = {{"X\nY", "1"}};
         },
         "name"},
        {"colon in a name",
         [](Request& r) {
             r.headers = {{"X:Y", "1"}};
         },
         "name"},
        {"no name",
         [](Request& r) {
             r.headers = {{"", "1"}};
         },
         "name"},
        {"a second length",
         [](Request& r) {
             r.headers = {{"content-length", "1"}};
         },
         "Content-Length"},
        {"a second framing",
         [](Request& r) {
             r.headers = {{"Transfer-Encoding", "chunked"}};
         },
         "Transfer-Encoding"},
        {"LF in the User-Agent", [](Request& r) { r.user_agent = "a\nb"; }, "User-Agent"},
        {"a method of two words", [](Request& r) { r.method = "GET /x"; }, "method"},
        {"no method", [](Request& r) { r.method = ""; }, "method"},
        {"a scheme of its own", [](Request& r) { r.url.replace(0, 4, "file"); }, ""},
        {"user-info", [](Request& r) { r.url.replace(0, 7, "http://user:canary@"); }, ""},
        {"LF in the URL", [](Request& r) { r.url += "\nX: 1"; }, ""},
        {"no URL", [](Request& r) { r.url = ""; }, ""},
    };
    LiveWorld world;
    Server server{world.io, answering(answer("ok"))};
    for (const Case& row : cases) {
        INFO(row.what);
        Request request = post(server.url());
        row.spoil(request);
        Recorder recorder;
        world.start(recorder, request);
        CHECK(recorder.ended == 0);
        world.until_ended(recorder);
        REQUIRE(recorder.failure);
        CHECK(recorder.failure->what == What::bad_request);
        CHECK(recorder.failure->detail.find(row.named) != std::string::npos);
        CHECK(recorder.failure->detail.find("canary") == std::string::npos);
    }
    Recorder dropped;
    world.start(dropped, post("nonsense"));
    dropped.drop();
    world.poll();
    CHECK(dropped.ended == 0);
    CHECK(server.peers.empty());
}

TEST_CASE("a netrc file is not read") {
    const std::string home = output_of("mktemp -d | tr -d '\\n'");
    output_of("printf 'machine 127.0.0.1 login u password canary\\n' > " + home + "/.netrc");
    const char* before = std::getenv("HOME");
    const std::string saved = before ? before : "";
    ::setenv("HOME", home.c_str(), 1);
    const std::string bytes = sent(post(""));
    ::setenv("HOME", saved.c_str(), 1);
    output_of("rm -r " + home);
    CHECK(bytes.find("Authorization") == std::string::npos);
}

}  // namespace dragoman::http::test
