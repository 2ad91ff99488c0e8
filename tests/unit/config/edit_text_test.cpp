// A settings file's text edited in place: what changes, and above all what does not.
#include "server/config/edit_text.h"

#include <catch2/catch_all.hpp>

#include <algorithm>
#include <random>

using namespace dragoman;
using config::set_value;
using config::unset_value;
using Path = std::vector<std::string>;

namespace {

std::string set(std::string_view text, const Path& path, const Json& value) {
    auto out = set_value(text, path, value);
    INFO(text);
    if (!out) FAIL("not edited: " << out.error().message);
    return std::move(out).value();
}
std::string unset(std::string_view text, const Path& path) {
    auto out = unset_value(text, path);
    INFO(text);
    if (!out) FAIL("not edited: " << out.error().message);
    return std::move(out).value();
}

Json parsed(std::string_view text) {
    const auto read = config::read_text(text);
    if (!read) FAIL("does not parse: " << read.error().message << "\n" << text);
    return read->value;
}

/// The comments of a text in their order, each on a line.
std::string comments(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '"') {
            for (++at; text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
        } else if (text.substr(at, 2) == "//") {
            const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
            out += std::string{text.substr(at, end - at)} + "\n";
            at = end;
        } else if (text.substr(at, 2) == "/*") {
            const std::size_t end = text.find("*/", at) + 2;
            out += std::string{text.substr(at, end - at)} + "\n";
            at = end - 1;
        }
    }
    return out;
}

/// Settings as people write them: some objects on one line, comments wherever one may stand.
class Writer {
public:
    explicit Writer(unsigned seed) : random_{seed} {
        newline_ = chance(3) ? "\r\n" : "\n";
        unit_ = chance(3) ? "\t" : std::string(1 + pick(4), ' ');
    }

    std::string text(const Json& value) {
        std::string out = chance(6) ? "\xEF\xBB\xBF" : "";
        if (chance(3)) out += "// settings" + newline_;
        out += print(value, "", !chance(5));
        if (chance(4)) out += " // the end";
        if (!chance(4)) out += newline_;
        return out;
    }

    std::size_t pick(std::size_t below) { return random_() % below; }
    bool chance(std::size_t one_in) { return pick(one_in) == 0; }

    Json object(int depth) {
        Json out = Json::object();
        for (std::size_t i = pick(5) + (depth == 3 ? 1 : 0); i > 0; --i) {
            Json& member = out["k" + std::to_string(pick(9))];
            if (depth > 0 && chance(2)) {
                member = object(depth - 1);
            } else if (chance(3)) {
                member = {1, "two // no comment", Json::array({"/*"})};
            } else {
                member = chance(2) ? Json("\"quoted\" {,}\\") : Json(1.5);
            }
        }
        return out;
    }

private:
    std::string remark() { return chance(4) ? "/* r" + std::to_string(++remarks_) + ", {\" */" : ""; }
    std::string print(const Json& value, const std::string& indent, bool lines) {
        if (!value.is_object()) return value.dump();
        const std::string inner = indent + unit_;
        std::string out = "{";
        std::size_t left = value.size();
        for (const auto& [name, member] : value.items()) {
            if (lines && chance(4)) out += newline_ + inner + "// l" + std::to_string(++remarks_) + " \"";
            out += lines ? newline_ + inner : " ";
            out += remark() + Json(name).dump() + (chance(5) ? " : " : ": ");
            out += print(member, inner, lines && !chance(3)) + remark();
            if (--left > 0) out += ",";
            if (lines && chance(4)) out += "  // t" + std::to_string(++remarks_);
        }
        if (value.empty() && chance(2)) return out + "}";
        if (lines && chance(5)) out += newline_ + inner + "// b" + std::to_string(++remarks_);
        return out + (lines ? newline_ + indent : " ") + "}";
    }

    std::mt19937 random_;
    std::string newline_, unit_;
    int remarks_ = 0;
};

Json::json_pointer pointer_of(const Path& path) {
    Json::json_pointer out;
    for (const auto& part : path) out.push_back(part);
    return out;
}

/// A way into `value`: through objects, ending at a member that is there or at a new one.
Path random_path(Writer& writer, const Json& value) {
    Path path;
    for (const Json* at = &value;;) {
        const bool leaves = !at->is_object() || at->empty() || writer.chance(4);
        if (leaves && !path.empty() && !(at->is_object() && writer.chance(2))) return path;
        if (leaves) {
            path.push_back("new");
            if (writer.chance(3)) path.push_back("a.b/c~\"d");
            return path;
        }
        const auto member = std::next(at->begin(), static_cast<std::ptrdiff_t>(writer.pick(at->size())));
        path.push_back(member.key());
        at = &member.value();
    }
}

}  // namespace

TEST_CASE("whatever a file looks like, the value is set, all else stays, and taking it back gives the text") {
    for (unsigned seed = 1; seed <= 3000; ++seed) {
        Writer writer{seed};
        const Json before = writer.object(3);
        const std::string text = writer.text(before);
        const Path path = random_path(writer, before);
        const Json values[] = {"a/b", 7, nullptr, Json::array({"x", "y"}), {{"deep", {{"er", true}}}}};
        const Json& value = values[writer.pick(5)];
        CAPTURE(seed, text, Json(path).dump(), value.dump());
        REQUIRE(parsed(text) == before);

        const bool is_new = !before.contains(pointer_of(path));
        const std::string out = set(text, path, value);
        CAPTURE(out);
        Json after = before;
        after[pointer_of(path)] = value;
        REQUIRE(parsed(out) == after);
        if (is_new || !before[pointer_of(path)].is_structured())  // else what was inside may be gone
            REQUIRE(comments(out) == comments(text));
        if (text.find("\r\n") != std::string::npos) {
            for (std::size_t at = out.find('\n'); at != std::string::npos; at = out.find('\n', at + 1))
                REQUIRE(out[at - 1] == '\r');
        } else {
            REQUIRE(out.find('\r') == std::string::npos);
        }
        REQUIRE(set(out, path, value) == out);

        const std::string back = unset(out, path);
        if (is_new) REQUIRE(comments(back) == comments(out));
        REQUIRE_FALSE(parsed(back).contains(pointer_of(path)));
        const Json* parent = &before;
        for (const auto& part : path) {
            if (!parent->contains(part)) break;
            parent = &(*parent)[part];
        }
        if (is_new && !(parent->is_object() && parent->empty())) REQUIRE(back == text);
    }
}

TEST_CASE("a scalar in the place of a scalar changes the bytes of that value alone") {
    for (unsigned seed = 1; seed <= 500; ++seed) {
        Writer writer{seed};
        Json before = writer.object(3);
        before["here"]["it"] = "the only one";
        const std::string text = writer.text(before);
        std::string expected = text;
        const std::string old = "\"the only one\"";
        expected.replace(text.find(old), old.size(), "-3");
        REQUIRE(set(text, {"here", "it"}, -3) == expected);
    }
}

TEST_CASE("taking out any member leaves the others and every comment") {
    for (unsigned seed = 1; seed <= 2000; ++seed) {
        Writer writer{seed};
        const Json before = writer.object(3);
        const std::string text = writer.text(before);
        const auto member =
            std::next(before.begin(), static_cast<std::ptrdiff_t>(writer.pick(before.size())));
        if (member->is_object() && !member->empty()) continue;  // its own comments go with it
        CAPTURE(seed, text, member.key());
        Json after = before;
        after.erase(member.key());
        const std::string out = unset(text, {member.key()});
        CAPTURE(out);
        REQUIRE(parsed(out) == after);
        const std::string kept = comments(out);
        std::string all = comments(text);
        if (kept != all) {
            // Only what stood inside the member, between its key and its value, may be gone.
            REQUIRE(kept.size() < all.size());
            REQUIRE(member->is_object());
        }
    }
}

TEST_CASE("a new member takes the style of its object") {
    const auto check = [](std::string_view text, const Path& path, const Json& value,
                          std::string_view expected) {
        CHECK(set(text, path, value) == expected);
        CHECK(unset(expected, path) == text);
    };
    check("{\"a\": 1}", {"b"}, 2, "{\"a\": 1, \"b\": 2}");
    check("{\"a\":1,\"c\":3}", {"b"}, {{"x", 2}}, "{\"a\":1,\"c\":3,\"b\":{\"x\":2}}");
    check("{ \"a\": 1 /* one */ }", {"b"}, 2, "{ \"a\": 1, /* one */ \"b\": 2 }");
    check("{ \"a\": 1 // one\n}", {"b"}, 2, "{ \"a\": 1, // one\n  \"b\": 2\n}");
    check("{\n\t\"a\": 1 // one, \"two\"\n\n\t// more to come\n}\n", {"b"}, {{"x", {{"y", 2}}}},
          "{\n\t\"a\": 1, // one, \"two\"\n\t\"b\": {\n\t\t\"x\": {\n\t\t\t\"y\": 2\n\t\t}\n\t}\n\n\t// more "
          "to come\n}\n");
    check("{\n    \"a\": 1 /* one\n    line */\n}", {"b", "c"}, Json::array({"x", "y"}),
          "{\n    \"a\": 1, /* one\n    line */\n    \"b\": {\n        \"c\": [\"x\", \"y\"]\n    }\n}");
    check("{\r\n  // nothing yet\r\n}\r\n", {"b"}, 2, "{\r\n  // nothing yet\r\n  \"b\": 2\r\n}\r\n");
    check("{ /* nothing */ }", {"b"}, 2, "{ /* nothing */ \"b\": 2 }");
    check("{}", {"b", "c"}, 2, "{\n  \"b\": {\n    \"c\": 2\n  }\n}");
    check("{\"a\": 1,\n \"z\": 2 }", {"b"}, 3, "{\"a\": 1,\n \"z\": 2,\n \"b\": 3 }");
    CHECK(set("{\n  \"a\": {}\n}", {"a", "b"}, 2) == "{\n  \"a\": {\n    \"b\": 2\n  }\n}");
    CHECK(set("{ \"a\": { } }", {"a", "b"}, 2) == "{ \"a\": { \"b\": 2 } }");
}

TEST_CASE("what is taken out leaves no empty line, and the remarks beside it stay") {
    CHECK(unset("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", {"b"}) == "{\n  \"a\": 1,\n  \"c\": 3\n}");
    CHECK(unset("{\"a\": 1, \"b\": 2}", {"a"}) == "{\"b\": 2}");
    CHECK(unset("{ \"a\": 1,\n  \"b\": 2 }", {"a"}) == "{\n  \"b\": 2 }");
    CHECK(unset("{\n  \"a\": 1, // one\n  \"b\": 2 // two\n}", {"b"}) == "{\n  \"a\": 1 // one\n  // two\n}");
    CHECK(unset("{\n  \"a\": 1, // one\n  \"b\": 2\n}", {"a"}) == "{\n  // one\n  \"b\": 2\n}");
    CHECK(unset("{ \"a\": 1 // one\n  , \"b\": 2 }", {"a"}) == "{  // one\n   \"b\": 2 }");
    CHECK(unset("{ \"a\": 1, // one\n \"b\": 2 }", {"b"}) == "{ \"a\": 1 // one\n }");
    CHECK(unset("{\"chat\": {\"model\": \"x\"}, \"z\": 1}", {"chat", "model"}) == "{\"z\": 1}");
    CHECK(unset("{\"chat\": { /* mine */ \"model\": \"x\"}}", {"chat", "model"}) ==
          "{\"chat\": { /* mine */}}");
    CHECK(unset("{\"a\": {\"b\": 1}}", {"a", "c"}) == "{\"a\": {\"b\": 1}}");
    CHECK(unset("{\"a\": 5}", {"a", "c"}) == "{\"a\": 5}");
    CHECK(unset("", {"a"}).empty());
}

TEST_CASE("of a key said twice the one that counts is set, and all are taken out") {
    const std::string text = R"({"m": {"x": 1}, "a": 1, "m": {"x": 2}, "a": 2})";
    CHECK(set(text, {"m", "x"}, 3) == R"({"m": {"x": 1}, "a": 1, "m": {"x": 3}, "a": 2})");
    CHECK(set(text, {"a"}, 3) == R"({"m": {"x": 1}, "a": 1, "m": {"x": 2}, "a": 3})");
    CHECK(parsed(unset(text, {"a"})) == Json{{"m", {{"x", 2}}}});
    CHECK(parsed(unset(text, {"m", "x"})) == Json{{"a", 2}});
}

TEST_CASE("an object in the place of an object keeps the comments between its members") {
    CHECK(set("{\n  \"p\": {\n    // where\n    \"url\": \"a\",\n    \"old\": 1, // gone\n    \"key\": "
              "{\"env\": \"K\"}\n  }\n}",
              {"p"}, {{"url", "b"}, {"key", {{"env", "K"}}}, {"api", "chat"}}) ==
          "{\n  \"p\": {\n    // where\n    \"url\": \"b\",\n    // gone\n    \"key\": {\"env\": \"K\"},\n   "
          " \"api\": \"chat\"\n  }\n}");
    CHECK(set(R"({"a": {"b": {"c": 1}}})", {"a"}, {{"b", Json::object()}}) == R"({"a": {"b": {}}})");
}

TEST_CASE("objects of very many members change in one go, and each comment stays") {
    constexpr int kMany = 20'000;
    std::string text = "{\n  \"p\": {\n";
    Json wanted = Json::object();
    for (int i = 0; i < kMany; ++i) {
        const std::string name = "m" + std::to_string(i);
        text += "    \"" + name + "\": { \"size\": 1 }, // of " + name + "\n";
        if (i % 4 != 0) wanted[name] = {{"size", i % 4}};
        wanted["new" + std::to_string(i)] = i;
    }
    text += "    \"last\": 0 // of the last\n  }\n}\n";
    const std::string after = set(text, {"p"}, wanted);
    CHECK(parsed(after) == Json{{"p", wanted}});
    std::size_t comments = 0;
    for (auto at = after.find(" // of "); at != std::string::npos; at = after.find(" // of ", at + 1))
        ++comments;
    CHECK(comments == kMany + 1);
    CHECK(after.find("    \"m1\": { \"size\": 1 }, // of m1\n") != std::string::npos);
    CHECK(after.find("    \"m2\": { \"size\": 2 }, // of m2\n") != std::string::npos);
    CHECK(set(after, {"p"}, Json::object()).size() < after.size());
}

TEST_CASE("a text that says nothing gets a well-formed object") {
    const std::string object = "{\n  \"chat\": {\n    \"model\": \"x\"\n  }\n}\n";
    const Path path{"chat", "model"};
    CHECK(set("", path, "x") == object);
    CHECK(set("\xEF\xBB\xBF", path, "x") == "\xEF\xBB\xBF" + object);
    CHECK(set("// mine", path, "x") == "// mine\n" + object);
    CHECK(set("\r\n", path, "x") == "\r\n{\r\n  \"chat\": {\r\n    \"model\": \"x\"\r\n  }\r\n}\r\n");
}

TEST_CASE("a text that does not parse is not edited, and the reason has a place") {
    for (const std::string text :
         {"{\"a\": 1,}", "{\"a\": 1", "[]", "{} {}", "{\"a\": 'x'}", "/* open", "{\"\xFF\": 1}"}) {
        CAPTURE(text);
        const auto set = set_value(text, {"b"}, 1);
        const auto unset = unset_value(text, {"b"});
        REQUIRE_FALSE(set);
        REQUIRE_FALSE(unset);
        CHECK_FALSE(set.error().message.empty());
        CHECK(set.error().message == unset.error().message);
    }
}

TEST_CASE("a way through something that is no object is refused where it stands") {
    for (const std::string value : {"null", "5", "[{}]", "\"{}\""}) {
        const auto out = set_value("{\"chat\": " + value + "}", {"chat", "model"}, "x");
        REQUIRE_FALSE(out);
        CHECK(out.error().span == config::Span{9, 9 + value.size()});
        CHECK(out.error().message.find("\"chat\"") != std::string::npos);
    }
}

TEST_CASE("a text that says names twice in very many places is left alone, and soon") {
    std::string text = "{";
    for (int i = 0; i < 20'000; ++i) text += R"("chat": {"model": "a/b"}, )";
    text += R"("edit": 1})";
    for (const auto& out :
         {unset_value(text, {"chat", "model"}), set_value(text, {"chat", "model"}, "c/d")}) {
        REQUIRE_FALSE(out);
        CHECK(out.error().message.find("said twice") != std::string::npos);
        CHECK(out.error().span.begin > 0);
    }
    CHECK(unset(R"({"a": 1, "a": 2, "b": 3})", {"a"}) == R"({"b": 3})");
}

TEST_CASE("a name that no file can hold is refused, and the text is as it was") {
    for (const std::string_view text : {"{}", "", R"({"projects": {}})"}) {
        const auto out = set_value(text, {"projects", "/src/caf\xE9", "chat"}, 1);
        REQUIRE_FALSE(out);
        CHECK(out.error().message.find("not UTF-8") != std::string::npos);
    }
}
