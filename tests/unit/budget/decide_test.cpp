// A limit against what was spent: arithmetic, and the words for it.
#include "server/budget/decide.h"

#include "server/budget/standing.h"

#include <catch2/catch_all.hpp>

using namespace dragoman;
using namespace dragoman::budget;
using Catch::Matchers::ContainsSubstring;
using store::Spent;

namespace {

config::Effective with_providers() {
    config::Effective out;
    for (const char* name : {"work", "home", "ollama"}) {
        config::Provider provider;
        provider.name = name;
        provider.local = provider.name == "ollama";
        out.providers[name] = std::make_shared<config::Provider>(provider);
    }
    out.user_file = "/home/u/config.json";
    return out;
}

const config::Effective kConfig = with_providers();

config::Budget dollars(double amount) { return {.amount = amount, .currency = "USD", .setting = "budget"}; }
config::Budget tokens(std::int64_t limit) { return {.tokens = limit, .setting = "budget"}; }

Spent paid(const std::string& model, double cost, std::int64_t used = 100,
           const std::string& project = "/src/app") {
    return {.model = model, .project = project, .tokens = used, .cost = cost, .currency = "USD"};
}

config::ModelRef model_of(const std::string& provider) {
    return {kConfig.providers.at(provider), {.id = "m"}};
}

}  // namespace

TEST_CASE(
    "a limit is reached when nothing is left of it, and crossed by a call that is larger than the rest") {
    struct Row {
        double amount, spent, next;
        bool gone, crosses;
    };
    for (const auto& [amount, spent, next, gone, crosses] : {
             Row{5, 0, 0, false, false},
             Row{5, 4.99, 0, false, false},
             Row{5, 4.99, 0.01, false, false},
             Row{5, 4.99, 0.02, false, true},
             Row{5, 5, 0, true, true},
             Row{5, 7, 0.01, true, true},
             Row{0.3, 0.1 + 0.1 + 0.1, 0, true, true},
             Row{0.3, 0.1 + 0.2, 0, true, true},
             Row{0, 0, 0.01, true, true},
         }) {
        CAPTURE(amount, spent, next);
        CHECK(is_spent(dollars(amount), {.money = spent}) == gone);
        CHECK(would_cross(dollars(amount), {.money = spent}, paid("work/m", next, next > 0 ? 10 : 0)) ==
              crosses);
        const auto in_tokens = [](double money) { return static_cast<std::int64_t>(money * 100 + 0.5); };
        CHECK(is_spent(tokens(in_tokens(amount)), {.tokens = in_tokens(spent)}) == gone);
        CHECK(would_cross(tokens(in_tokens(amount)), {.tokens = in_tokens(spent)},
                          paid("work/m", 0, in_tokens(next))) == crosses);
    }
}

TEST_CASE("either of two limits is enough") {
    auto both = dollars(5);
    both.tokens = 1000;
    CHECK_FALSE(is_spent(both, {.money = 4, .tokens = 999}));
    CHECK(is_spent(both, {.money = 5, .tokens = 0}));
    CHECK(is_spent(both, {.money = 0, .tokens = 1000}));
}

TEST_CASE("a free model passes a limit of money, not one of tokens") {
    Spent free = paid("work/free", 0);
    CHECK_FALSE(would_cross(dollars(0), {}, free));
    CHECK(would_cross(tokens(50), {}, free));
    free.unpriced = free.tokens;  // not free: unknown
    CHECK(would_cross(dollars(0), {}, free));
}

TEST_CASE("each budget counts what lies in its scope") {
    const std::vector<Spent> day{paid("work/m", 1), paid("work/n", 2, 200, "/src/app/inner"),
                                 paid("home/m", 4, 400, "/src/application"), paid("ollama/m", 0, 5000)};
    config::Budget one = dollars(5);
    CHECK(tally(one, day, kConfig) == Tally{.money = 7, .tokens = 700});
    one.provider = "work";
    CHECK(tally(one, day, kConfig) == Tally{.money = 3, .tokens = 300});
    one.folder = "/src/app/inner";
    CHECK(tally(one, day, kConfig) == Tally{.money = 2, .tokens = 200});
    one.provider.clear();
    one.folder = "/src/app";
    CHECK(tally(one, day, kConfig) == Tally{.money = 3, .tokens = 300});
    config::Effective linked = kConfig;  // a project in the budget's folder by a link alone
    linked.account = "/src/application";
    CHECK(tally(one, day, linked) == Tally{.money = 7, .tokens = 700});
    one.folder.clear();
    one.provider = "ollama";  // what costs nothing counts where a limit is its own
    CHECK(tally(one, day, kConfig).tokens == 5000);
    CHECK(holds_for(one, *kConfig.providers.at("ollama")));
    CHECK_FALSE(holds_for(dollars(5), *kConfig.providers.at("ollama")));
}

TEST_CASE("other currencies and unknown prices are told apart and never converted") {
    Spent yuan = paid("work/m", 30, 300);
    yuan.currency = "CNY";
    Spent unknown{.model = "work/x", .tokens = 70, .unpriced = 70};
    Spent lower = paid("work/m", 1);
    lower.currency = "usd";
    CHECK(tally(dollars(5), {yuan, unknown, lower}, kConfig) ==
          Tally{.money = 1, .tokens = 470, .uncounted = 370});
    CHECK_FALSE(can_count(dollars(5), yuan));
    CHECK_FALSE(can_count(dollars(5), unknown));
    CHECK(can_count(dollars(5), lower));
    CHECK_FALSE(would_cross(dollars(5), {}, yuan));      // 30 of something else is not 30 dollars
    CHECK(would_cross(dollars(5), {.money = 5}, yuan));  // what is spent is spent
    CHECK_FALSE(counts_price(dollars(5), config::Price{1, 2, "EUR"}));
    CHECK_FALSE(counts_price(dollars(5), std::nullopt));
    CHECK(counts_price(dollars(5), config::Price{0, 0, "EUR"}));
}

TEST_CASE("a refusal names the limit, what was used, until when, and the setting that changes it") {
    const Clock::WallTime now{std::chrono::hours{10}};
    Standing one{.budget = dollars(5), .spent = {.money = 5.021}, .until = now + std::chrono::hours{3}};
    Error error = refusal(one, model_of("work"), false, kConfig.user_file, now);
    CHECK(error.kind == ErrorKind::over_budget);
    CHECK(error.message == "today's budget of 5 USD is spent: 5.02 USD used");
    CHECK_THAT(error.hint, ContainsSubstring("until midnight") &&
                               ContainsSubstring("raise budget in /home/u/config.json"));
    CHECK(error.retry_after == std::chrono::hours{3});
    CHECK(error.provider == "work");
    CHECK(error.model == "work/m");

    one.budget = {.provider = "work",
                  .folder = "/real/app",
                  .named = "/src/app",
                  .tokens = 1000,
                  .setting = "providers.work.budget"};
    one.spent = {.tokens = 990};
    error = refusal(one, model_of("work"), true, kConfig.user_file, now);
    CHECK(error.message ==
          "today's budget of 1000 tokens at work in /src/app is not enough for this: 990 tokens used");
}

TEST_CASE("a budget that cannot be read, or checked, is reached until it is lifted") {
    Standing one{.budget = dollars(5)};
    CHECK_FALSE(one.reached());
    one.trouble = "disk I/O error";
    CHECK(one.reached());
    CHECK_THAT(describe(one), ContainsSubstring("cannot be checked") && ContainsSubstring("disk I/O error"));
    const Error error = refusal(one, model_of("work"), false, kConfig.user_file, {});
    CHECK_FALSE(error.retry_after);  // nobody knows when that ends
    one.allowed = true;
    CHECK_FALSE(one.reached());
    one = {.budget = dollars(5)};
    one.budget.fault = "\"budget.perDay\" is a number";
    CHECK(one.reached());
    CHECK_THAT(refusal(one, model_of("work"), false, kConfig.user_file, {}).hint,
               ContainsSubstring("Correct budget in"));
}

TEST_CASE("amounts are written as people write them") {
    CHECK(in_money(5, "USD") == "5 USD");
    CHECK(in_money(5.5, "USD") == "5.5 USD");
    CHECK(in_money(10, "CNY") == "10 CNY");
    CHECK(in_money(0, "USD") == "0 USD");
    CHECK(in_money(0.00421, "USD") == "0.0042 USD");
    CHECK(in_money(1234.567, "USD") == "1234.57 USD");
}
