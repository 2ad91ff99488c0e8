// Opening a repository runs nothing, sends nothing elsewhere and shows nothing that a terminal would act on,
// whatever the repository says.
#include "tests/hostile/opening.h"

#include <catch2/catch_all.hpp>

#include <set>

using namespace dragoman::test;

namespace {

void open_and_check(std::vector<HostileRepository> repositories) {
    Opening opening{std::move(repositories)};
    opening.use_all();
    opening.check_verdicts();
    opening.check_servers();
    opening.check_texts();
    opening.check_calls();
}

}  // namespace

TEST_CASE("there are more than two hundred hostile repositories, each another one") {
    std::set<std::string> names;
    for (const HostileRepository& repository : hostile_repositories()) {
        INFO(repository.name);
        CHECK(names.insert(repository.name).second);
    }
    CHECK(names.size() >= 200);
}

TEST_CASE("no setting that needs approval, or that no repository may say, acts from any file") {
    open_and_check(leaf_repositories());
}

TEST_CASE("no way to merge, spell or disguise settings gives a repository more to say") {
    open_and_check(settings_repositories());
}

TEST_CASE("an approved provider still gets no odd address, no key of the user's and no program") {
    open_and_check(address_repositories());
}

TEST_CASE("whatever stands in the place of a settings file, nothing outside is read and nothing hangs") {
    open_and_check(file_repositories());
}

TEST_CASE("a repository of git runs nothing, whatever its configuration names") {
    open_and_check(git_repositories());
}
