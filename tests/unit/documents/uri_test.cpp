#include "server/documents/documents.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;

TEST_CASE("URIs that name one file have one normal form", "[F74]") {
    struct Case {
        std::string_view one, other;
    };
    const auto [one, other] = GENERATE(values<Case>({
        {"file:///C%3A/x", "file:///c:/x"},
        {"file:///c%3a/x", "FILE:///C:/x"},
        {"file:///a%20b", "file:///a b"},
        {"file:///%61%2Dz%7e", "file:///a-z~"},
        {"file:///%C3%A9%E2%86%92", "file:///é→"},
        {"file:///a%2bb%40%5Bid%5D", "file:///a+b@[id]"},
        {"file://localhost/x", "file:///x"},
        {"file:/x", "file:///x"},
        {"file://Server/share", "file://server/share"},
        {"file:///a%2fb", "file:///a%2Fb"},
        {"file:///100%", "file:///100%25"},
        {"file:///100%zz", "file:///100%25zz"},
        {"file:///100%4", "file:///100%254"},
        {"Untitled:Untitled-1", "untitled:Untitled-1"},
    }));
    CHECK(normalise_uri(one) == normalise_uri(other));
    CHECK(normalise_uri(normalise_uri(one)) == normalise_uri(one));
}

TEST_CASE("URIs that may name two things stay apart", "[F74]") {
    struct Case {
        std::string_view one, other;
    };
    const auto [one, other] = GENERATE(values<Case>({
        {"file:///a%2Fb", "file:///a/b"},
        {"file:///a%3Fb", "file:///a?b"},
        {"file:///a%23b", "file:///a#b"},
        {"file:///a%252Fb", "file:///a%2Fb"},
        {"file:///a%00", "file:///a"},
        {"file:///Home/x", "file:///home/x"},
        {"file:///a/C:/x", "file:///a/c:/x"},
        {"file:///CC:/x", "file:///cC:/x"},
        {"untitled:C%3A", "untitled:C:"},
        {"untitled:A", "untitled:a"},
        {"git:/x?%7B%22ref%22", "git:/x?{\"ref"},
        {"vscode-notebook-cell:/x#W0%3D", "vscode-notebook-cell:/x#W0="},
        {"c:/x", "C%3A/x"},
        {"%66ile:///x", "file:///x"},
    }));
    CHECK(normalise_uri(one) != normalise_uri(other));
}

TEST_CASE("what is no URI is kept as it is") {
    for (const std::string text : {"", ":", "/plain/path", "1:x", "a b:c", "%"})
        CHECK(normalise_uri(text) == text);
}
