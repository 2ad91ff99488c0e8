// What a session asks gateways on its own account: the models they list, and whether one runs here.
#include "server/config/store.h"
#include "server/session/local_servers.h"
#include "server/session/model_lists.h"
#include "server/session/problems.h"
#include "tests/unit/gateway/bench.h"

using namespace dragoman;
using namespace dragoman::test;
using session::ModelLists;

namespace {

std::string listing(const std::vector<std::string>& ids) {
    Json data = Json::array();
    for (const auto& id : ids) data.push_back({{"id", id}});
    return Json{{"data", data}}.dump();
}

struct Lists : Bench {
    session::ModelLists lists{clock, gateway};
    std::vector<std::shared_ptr<void>> held;

    /// The first model's id, "error", or "nothing" while there is no answer.
    std::shared_ptr<std::string> get(const config::Provider& provider, bool refresh = false) {
        auto out = std::make_shared<std::string>("nothing");
        held.push_back(lists.get(std::make_shared<config::Provider>(provider), refresh,
                                 [out](const ModelLists::List& list) {
                                     *out = list.models.empty() ? "" : list.models.front().id;
                                     if (list.error) *out += " error";
                                 }));
        clock.settle();
        return out;
    }
};

}  // namespace

TEST_CASE("a list of models is kept for an hour, unless it is wanted anew") {
    Lists l;
    const auto first = l.get(l.work);
    CHECK(*first == "nothing");
    l.http.last().answer(200, listing({"a", "b"}));
    CHECK(*first == "a");
    CHECK(*l.get(l.work) == "a");
    CHECK(l.http.count() == 1);
    const auto anew = l.get(l.work, true);
    CHECK(l.http.count() == 2);
    l.http.last().answer(200, listing({"c"}));
    CHECK(*anew == "c");
    l.clock.advance(std::chrono::minutes{59});
    CHECK(*l.get(l.work) == "c");
    CHECK(l.http.count() == 2);
}

TEST_CASE("an older list is given at once, and fetched anew behind it, once") {
    Lists l;
    l.get(l.work);
    l.http.last().answer(200, listing({"old"}));
    l.clock.advance(std::chrono::hours{1});
    CHECK(*l.get(l.work) == "old");
    CHECK(*l.get(l.work) == "old");
    REQUIRE(l.http.count() == 2);
    l.held.clear();
    CHECK_FALSE(l.http.last().closed());
    SECTION("it is there for the next") {
        l.http.last().answer(200, listing({"new"}));
        CHECK(*l.get(l.work) == "new");
        CHECK(l.http.count() == 2);
    }
    SECTION("that failed: the old one stays, and the next tries again") {
        l.http.last().answer(500, "{}");
        CHECK(*l.get(l.work) == "old");
        CHECK(l.http.count() == 3);
    }
    SECTION("who wants it fresh waits for the one that is on its way") {
        const auto fresh = l.get(l.work, true);
        CHECK(*fresh == "nothing");
        CHECK(l.http.count() == 2);
        l.http.last().answer(200, listing({"new"}));
        CHECK(*fresh == "new");
    }
}

TEST_CASE("many who ask at once cost one request, and it ends when the last has let go") {
    Lists l;
    const auto one = l.get(l.work), two = l.get(l.work, true), three = l.get(l.work);
    CHECK(l.http.count() == 1);
    SECTION("all are answered") {
        l.held.erase(l.held.begin());
        l.http.last().answer(200, listing({"a"}));
        CHECK(*one == "nothing");
        CHECK(*two == "a");
        CHECK(*three == "a");
    }
    SECTION("the last one closes it, and the next begins anew") {
        l.held.pop_back();
        l.held.pop_back();
        CHECK_FALSE(l.http.last().closed());
        l.held.clear();
        CHECK(l.http.last().closed());
        const auto next = l.get(l.work);
        REQUIRE(l.http.count() == 2);
        l.http.last().answer(200, listing({"b"}));
        CHECK(*next == "b");
        CHECK(*one == "nothing");
    }
}

TEST_CASE("what a gateway said of a model is known once it was asked, by provider and address") {
    Lists l;
    CHECK_FALSE(l.lists.known(l.work, "a"));
    l.get(l.work);
    l.http.last().answer(200, R"({"data": [{"id": "a", "context_length": 4096}, {"id": "b"}]})");
    REQUIRE(l.lists.known(l.work, "a"));
    CHECK(l.lists.known(l.work, "a")->context_length == 4096);
    CHECK(l.lists.known(l.work, "b")->context_length == std::nullopt);
    CHECK_FALSE(l.lists.known(l.work, "c"));
    l.clock.advance(std::chrono::hours{48});
    CHECK(l.lists.known(l.work, "a"));
    CHECK(l.http.count() == 1);
    l.work.base_url = "https://elsewhere.example/v1";
    CHECK_FALSE(l.lists.known(l.work, "a"));
}

TEST_CASE("a failure is not kept, and does not take the list away that was known") {
    Lists l;
    const auto first = l.get(l.work);
    l.http.last().answer(500, "{}");
    CHECK(*first == " error");
    const auto second = l.get(l.work);
    l.http.last().answer(200, listing({"a"}));
    CHECK(*second == "a");
    const auto third = l.get(l.work, true);
    l.http.last().answer(500, "{}");
    CHECK(*third == "a error");
    CHECK(*l.get(l.work) == "a");
}

TEST_CASE("a list belongs to an address, not to a name alone") {
    Lists l;
    l.get(l.work);
    l.http.last().answer(200, listing({"a"}));
    l.work.base_url = "https://elsewhere.example/v1";
    const auto other = l.get(l.work);
    REQUIRE(l.http.count() == 2);
    l.http.last().answer(200, listing({"z"}));
    CHECK(*other == "z");
}

TEST_CASE("who lets go of a list hears no more of it") {
    Lists l;
    const auto first = l.get(l.work);
    l.held.clear();
    CHECK(l.http.last().closed());
    CHECK(*first == "nothing");
}

namespace {

struct Search : Bench {
    session::LocalServers servers{gateway};
    std::optional<std::optional<session::LocalServers::Found>> result;

    Search() {
        servers.look([this](auto found) {
            REQUIRE_FALSE(result);
            result = std::move(found);
        });
        clock.settle();
    }
};

}  // namespace

TEST_CASE("only loopback is asked, without a key, and all at once") {
    Search s;
    REQUIRE(s.http.count() >= 2);
    for (std::size_t i = 0; i < s.http.count(); ++i) {
        const auto& request = s.http.at(i).request;
        const auto url = parse_url(request.url);
        REQUIRE(url);
        CHECK(url->origin.is_loopback());
        CHECK(request.method == "GET");
        CHECK(s.http.at(i).header("Authorization") == nullptr);
    }
    CHECK_FALSE(s.result);
}

TEST_CASE("the first server in the order of the schema that lists a model is used, whoever answers first") {
    Search s;
    for (std::size_t i = s.http.count() - 1; i > 0; --i) {
        s.http.at(i).answer(200, listing({"model-" + std::to_string(i)}));
        CHECK_FALSE(s.result);
    }
    s.http.at(0).answer(200, listing({}));
    REQUIRE(s.result);
    REQUIRE(*s.result);
    const Json& overlay = (*s.result)->overlay;
    const std::string model = overlay["chat"]["model"];
    CHECK(model.ends_with("/model-1"));
    CHECK(overlay["completion"]["model"] == model);
    CHECK(overlay["providers"].begin().value() == Json{{"preset", model.substr(0, model.find('/'))}});
    CHECK((*s.result)->message.find(overlay.dump()) != std::string::npos);
}

TEST_CASE("where nobody answers there is nothing, said once") {
    Search s;
    for (std::size_t i = 0; i < s.http.count(); ++i) {
        if (i % 2 == 0) s.http.at(i).fail(http::Failure::What::connect);
        if (i % 2 == 1) s.http.at(i).answer(404, "not here");
        s.clock.settle();
    }
    // A lost connection is tried once more.
    for (std::size_t i = 0; i < s.http.count(); ++i) {
        if (!s.http.at(i).closed() && !s.http.at(i).over()) s.http.at(i).fail(http::Failure::What::connect);
        s.clock.settle();
    }
    REQUIRE(s.result);
    CHECK_FALSE(*s.result);
}

TEST_CASE("a search that is dropped closes its connections and says nothing") {
    FakeHttp* http = nullptr;
    Bench b;
    http = &b.http;
    bool told = false;
    {
        session::LocalServers servers{b.gateway};
        servers.look([&](const auto&) { told = true; });
        b.clock.settle();
        CHECK(http->open() > 0);
    }
    CHECK(http->open() == 0);
    b.clock.advance(std::chrono::seconds{10});
    CHECK_FALSE(told);
}

TEST_CASE("problems are diagnostics for an editor, from 0, and lines for a list, from 1") {
    const std::vector<config::Problem> problems{{.path = "/p/.dragoman.json",
                                                 .line = 3,
                                                 .column = 5,
                                                 .end_line = 3,
                                                 .end_column = 9,
                                                 .message = "bad"},
                                                {.path = {},
                                                 .line = 0,
                                                 .column = 0,
                                                 .end_line = 0,
                                                 .end_column = 0,
                                                 .message = "odd",
                                                 .warning = true}};
    const Json diagnostics = session::diagnostics_of(problems);
    CHECK(diagnostics[0] ==
          Json{{"range",
                {{"start", {{"line", 2}, {"character", 4}}}, {"end", {{"line", 2}, {"character", 8}}}}},
               {"severity", 1},
               {"source", "dragoman"},
               {"message", "bad"}});
    CHECK(diagnostics[1]["severity"] == 2);
    CHECK(diagnostics[1]["range"]["start"] == Json{{"line", 0}, {"character", 0}});
    const Json list = session::problem_list(problems);
    CHECK(list[0] == Json{{"path", "/p/.dragoman.json"}, {"line", 3}, {"column", 5}, {"message", "bad"}});
    CHECK(list[1]["path"] == "editor");
    CHECK(session::diagnostics_of({}) == Json::array());
}
