#include "protocol/jsonrpc/message.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::jsonrpc;

namespace {

template <class T>
T read_as(std::string_view body) {
    const Message message = parse_message(body);
    CAPTURE(body);
    REQUIRE(std::holds_alternative<T>(message));
    return std::get<T>(message);
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("requests, notifications and responses are told apart") {
    const auto request = read_as<Request>(R"({"jsonrpc":"2.0","id":7,"method":"m","params":{"a":1}})");
    CHECK(request.id == Id{7});
    CHECK(request.method == "m");
    CHECK(request.params == Json{{"a", 1}});
    CHECK(read_as<Notification>(R"({"jsonrpc":"2.0","method":"n","params":{"a":1}})").params ==
          Json{{"a", 1}});
    CHECK(read_as<Response>(R"({"jsonrpc":"2.0","id":"x","result":{"a":1}})").result == Json{{"a", 1}});
}

TEST_CASE("a body that is no JSON is a parse error without an id", "[A9][A10][A11]") {
    const auto body =
        GENERATE(as<std::string>{}, "", " ", "{", "{\"id\":1", "nonsense", "{\"jsonrpc\":\"2.0\",\"id\":1,}",
                 "{\"jsonrpc\":\"2.0\"} {}", "{\"a\":\"\xFF\"}", "{\"a\":\"\xED\xA0\x80\"}", "{\"a\":1e999}",
                 "{\"a\":NaN}");
    const auto invalid = read_as<Invalid>(body);
    CHECK(invalid.error.code == Code::parse_error);
    CHECK_FALSE(invalid.error.message.empty());
    CHECK(invalid.id == std::nullopt);
    CHECK(invalid.answer);
}

TEST_CASE("an id keeps its type and value", "[B21]") {
    const auto id = GENERATE(as<std::string>{}, "1", "\"1\"", "0", "-5", "9007199254740992",
                             "-9007199254740992", "\"\"", "\"ä\\n\"");
    const auto request = read_as<Request>(R"({"jsonrpc":"2.0","method":"m","id":)" + id + "}");
    CHECK(to_json(request.id) == Json::parse(id));
    CHECK(Json::parse(print_result(request.id, nullptr))["id"] == Json::parse(id));
    CHECK(Id{1} != Id{"1"});
}

TEST_CASE("an integral id written as 1.0 is the integer", "[B31]") {
    CHECK(read_as<Request>(R"({"jsonrpc":"2.0","id":1.0,"method":"m"})").id == Id{1});
}

TEST_CASE("an id of another kind is refused without one", "[B21][B31]") {
    const auto id = GENERATE(as<std::string>{}, "null", "1.5", "true", "[]", "{}", "9007199254740993",
                             "-9007199254740993", "1e300", "18446744073709551615");
    const auto invalid = read_as<Invalid>(R"({"jsonrpc":"2.0","method":"m","id":)" + id + "}");
    CHECK(invalid.error.code == Code::invalid_request);
    CHECK(invalid.id == std::nullopt);
    CHECK(invalid.answer);
}

TEST_CASE("a string id may be 256 bytes long", "[B21]") {
    const auto with = [](std::size_t bytes) {
        return R"({"jsonrpc":"2.0","method":"m","id":")" + std::string(bytes, 'x') + "\"}";
    };
    CHECK(read_as<Request>(with(256)).id == Id{std::string(256, 'x')});
    CHECK(read_as<Invalid>(with(257)).error.code == Code::invalid_request);
}

TEST_CASE("params that are absent, null or an empty list are an empty object", "[B23]") {
    const auto params =
        GENERATE(as<std::string>{}, "", R"(,"params":[])", R"(,"params":{})", R"(,"params":null)");
    CHECK(read_as<Request>(R"({"jsonrpc":"2.0","id":1,"method":"m")" + params + "}").params ==
          Json::object());
    CHECK(read_as<Notification>(R"({"jsonrpc":"2.0","method":"m")" + params + "}").params == Json::object());
}

TEST_CASE("a list of params is kept, and scalar params are refused with the id", "[B22]") {
    CHECK(read_as<Request>(R"({"jsonrpc":"2.0","id":1,"method":"m","params":[1]})").params == Json{1});
    const auto invalid = read_as<Invalid>(R"({"jsonrpc":"2.0","id":1,"method":"m","params":"x"})");
    CHECK(invalid.error.code == Code::invalid_request);
    CHECK(invalid.id == Id{1});
    CHECK(invalid.error.message.find("params") != std::string::npos);
}

TEST_CASE("unknown members are ignored", "[B24]") {
    CHECK(read_as<Request>(R"({"jsonrpc":"2.0","id":1,"method":"m","extra":[1],"meta":{}})").id == Id{1});
}

TEST_CASE("a result is always written, and an error never beside it", "[B25]") {
    CHECK(Json::parse(print_result(1, nullptr)) == Json::parse(R"({"jsonrpc":"2.0","id":1,"result":null})"));
    CHECK(Json::parse(print_error(Id{"a"}, {Code::invalid_params, "m", {}})) ==
          Json::parse(R"({"jsonrpc":"2.0","id":"a","error":{"code":-32602,"message":"m"}})"));
    CHECK(Json::parse(print_error(std::nullopt, {Code::parse_error, "m", {{"k", 1}}})) ==
          Json::parse(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m","data":{"k":1}}})"));
}

TEST_CASE("requests and notifications are written as they are read", "[B25]") {
    const auto request =
        read_as<Request>(print_request("r1", "workspace/configuration", {{"items", Json::array()}}));
    CHECK(request.id == Id{"r1"});
    CHECK(request.method == "workspace/configuration");
    CHECK(request.params == Json{{"items", Json::array()}});
    CHECK(Json::parse(print_notification("exit", nullptr)) == Json{{"jsonrpc", "2.0"}, {"method", "exit"}});
    CHECK(read_as<Notification>(print_notification("a\"b\\", {{"x", 1}})).method == "a\"b\\");
}

TEST_CASE("what is written is valid UTF-8 whatever it holds", "[A10]") {
    const Json text = std::string{
        "a\xFF"
        "b"};
    CHECK(Json::parse(print_result(1, text))["result"] == "a\uFFFDb");
    CHECK(Json::parse(print_error(1, {Code::internal_error, "\xC3", text}))["error"]["message"] == "\uFFFD");
}

TEST_CASE("a response needs either a result or an error, and is never answered", "[B27]") {
    const auto body =
        GENERATE(as<std::string>{}, R"({"jsonrpc":"2.0","id":3,"result":1,"error":{"code":1,"message":"m"}})",
                 R"({"jsonrpc":"2.0","id":3})", R"({"jsonrpc":"2.0","id":3,"error":null})",
                 R"({"jsonrpc":"2.0","id":3,"error":"boom"})", R"({"id":3,"result":1})");
    const auto invalid = read_as<Invalid>(body);
    CHECK(invalid.error.code == Code::invalid_request);
    CHECK_FALSE(invalid.answer);
    CHECK(invalid.id == Id{3});
}

TEST_CASE("a response to nothing is not answered and says what the client said", "[B27]") {
    const auto invalid =
        read_as<Invalid>(R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"bad\nbyte"}})");
    CHECK_FALSE(invalid.answer);
    CHECK(invalid.id == std::nullopt);
    CHECK(invalid.error.message.find("bad byte") != std::string::npos);
}

TEST_CASE("a response's error keeps its code and data, and a null error beside a result is none") {
    const auto failed =
        read_as<Response>(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32097,"message":"m","data":[1]}})");
    CHECK_FALSE(failed.result);
    CHECK(failed.error == ResponseError{static_cast<Code>(-32097), "m", Json{1}});
    CHECK(read_as<Response>(R"({"jsonrpc":"2.0","id":1,"error":{"code":1e300}})").error->code ==
          Code::internal_error);
    const auto done = read_as<Response>(R"({"jsonrpc":"2.0","id":1,"result":null,"error":null})");
    CHECK(done.result == Json{});
    CHECK_FALSE(done.error);
}

TEST_CASE("a message that says a name twice is refused, with its id where that is said once", "[B24]") {
    struct Case {
        std::string body;
        std::string id;  // of the answer; "-": none is given
    };
    const Case cases[] = {
        {R"({"jsonrpc":"2.0","id":7,"method":"a","method":"b"})", "7"},
        {R"({"jsonrpc":"2.0","id":7,"method":"a","params":{},"params":{"x":1}})", "7"},
        {R"({"jsonrpc":"2.0","id":7,"method":"a","m\u0065thod":"b"})", "7"},
        {R"({"jsonrpc":"2.0","id":7,"id":8,"method":"a"})", "null"},
        {R"({"id":7,"jsonrpc":"2.0","jsonrpc":"2.0","method":"a\\\"","x":[{":":1}]})", "7"},
        {R"({"jsonrpc":"2.0","id":7,"result":1,"result":2})", "-"},
        {R"({"jsonrpc":"2.0","id":7,"id":7,"result":1})", "-"},
        {R"({"jsonrpc":"2.0","method":"a","other":1,"other":2})", "null"},
    };
    for (const auto& [body, id] : cases) {
        CAPTURE(body);
        const auto message = parse_message(body);
        REQUIRE(std::holds_alternative<Invalid>(message));
        const auto& invalid = std::get<Invalid>(message);
        CHECK(invalid.error.code == Code::invalid_request);
        CHECK(invalid.error.message.find("twice") != std::string::npos);
        CHECK(invalid.answer == (id != "-"));
        if (id != "-") CHECK((invalid.id ? dump_json(to_json(*invalid.id)) : "null") == id);
    }
    // Further down names are the handlers' affair, and what stands in strings is text.
    for (const char* body :
         {R"({"jsonrpc":"2.0","id":7,"method":"a","params":{"x":1,"x":2,"id":3,"method":"b"}})",
          R"({"jsonrpc":"2.0","id":7,"method":"a","params":{"x":"\\\",\"id\":8,{[:","y":[{"id":1}]}})",
          "\xef\xbb\xbf { \"jsonrpc\" : \"2.0\" ,\n\"id\": 7, \"method\"\t:\"\\\\\" }"}) {
        CAPTURE(body);
        CHECK(std::holds_alternative<Request>(parse_message(body)));
    }
}

TEST_CASE("a batch and other values that are no object are refused without an id", "[B28]") {
    const auto body =
        GENERATE(as<std::string>{}, "[]", R"([{"jsonrpc":"2.0","id":1,"method":"m"}])", "null", "1", "\"x\"");
    const auto invalid = read_as<Invalid>(body);
    CHECK(invalid.error.code == Code::invalid_request);
    CHECK(invalid.id == std::nullopt);
    CHECK(invalid.answer);
}

TEST_CASE("a call without version or method is refused with its id where it can be read") {
    struct Case {
        std::string_view body;
        std::optional<Id> id;
    };
    const auto [body, id] = GENERATE(values<Case>({
        {R"({"id":1,"method":"m"})", Id{1}},
        {R"({"jsonrpc":"1.0","id":"a","method":"m"})", Id{"a"}},
        {R"({"jsonrpc":2.0,"id":1,"method":"m"})", Id{1}},
        {R"({"jsonrpc":null,"id":1,"method":"m"})", Id{1}},
        {R"({"jsonrpc":"2.0","id":1,"method":5})", Id{1}},
        {R"({"jsonrpc":"2.0","id":1,"method":null})", Id{1}},
        {R"({"method":"m"})", std::nullopt},
        {R"({"jsonrpc":"2.0"})", std::nullopt},
        {R"({"foo":"boo"})", std::nullopt},
        {R"({})", std::nullopt},
    }));
    const auto invalid = read_as<Invalid>(body);
    CHECK(invalid.error.code == Code::invalid_request);
    CHECK(invalid.id == id);
    CHECK(invalid.answer);
}

TEST_CASE("deep nesting is a parse error, not an overflow", "[B30]") {
    const auto depth = GENERATE(std::size_t{200}, std::size_t{10'000}, std::size_t{5'000'000});
    CHECK(read_as<Invalid>(nested(depth)).error.code == Code::parse_error);
    CHECK(read_as<Invalid>(R"({"jsonrpc":"2.0","id":1,"method":"m","params":)" + nested(depth) + "}")
              .error.code == Code::parse_error);
}

TEST_CASE("lone surrogate escapes do not make a message unreadable", "[F72]") {
    CHECK(read_as<Notification>(R"({"jsonrpc":"2.0","method":"m","params":{"t":"a\ud83d"}})").params["t"] ==
          "a\uFFFD");
}

TEST_CASE("any prefix and any changed byte of a message is read as something") {
    const std::string body =
        R"({"jsonrpc":"2.0","id":"ä","method":"m","params":{"a":[1,-2.5e3,"\u00e4\ud83d\ude00",null]}})";
    for (std::size_t cut = 0; cut < body.size(); ++cut) CHECK(read_as<Invalid>(body.substr(0, cut)).answer);
    for (std::size_t at = 0; at < body.size(); ++at) {
        for (const char byte : {'\0', '"', '{', '9', '\xFF'}) {
            std::string changed = body;
            changed[at] = byte;
            CHECK_NOTHROW(parse_message(changed));
        }
    }
}

TEST_CASE("an upstream failure travels as RequestFailed with what is known of it") {
    using namespace std::chrono_literals;
    const Error full{.kind = ErrorKind::rate_limited,
                     .message = "The gateway asks to wait.",
                     .hint = "Try again later.",
                     .provider = "deepseek",
                     .model = "deepseek/chat",
                     .http_status = 429,
                     .upstream_code = "rate_limit",
                     .upstream_message = "slow down",
                     .request_id = "req-1",
                     .retry_after = 1500ms,
                     .partial_text = "Hel"};
    const ResponseError error = to_response_error(full);
    CHECK(error.code == Code::request_failed);
    CHECK(error.message == full.message);
    CHECK(error.data == Json{{"kind", "rateLimited"},
                             {"provider", "deepseek"},
                             {"model", "deepseek/chat"},
                             {"httpStatus", 429},
                             {"upstreamCode", "rate_limit"},
                             {"upstreamMessage", "slow down"},
                             {"requestId", "req-1"},
                             {"retryAfterMs", 1500},
                             {"partialText", "Hel"},
                             {"hint", "Try again later."}});
    CHECK(error_data(Error{.kind = ErrorKind::network}) == Json{{"kind", "network"}, {"hint", ""}});
}
