// A history in a folder of its own, and the values that go into it.
#pragma once

#include "server/store/history.h"
#include "tests/support/temp_dir.h"

#include <catch2/catch_all.hpp>

namespace dragoman::test {

inline store::TurnRecord turn(const std::string& id, const std::string& prompt,
                              const std::string& answer = "yes") {
    return {
        .id = id, .created = 5, .state = "complete", .model = "work/m", .prompt = prompt, .answer = answer};
}

inline store::ConversationChange fresh(const std::string& id, std::vector<store::TurnRecord> turns,
                                       store::Instant updated = 1) {
    return {.head = {.id = id, .title = "About " + id, .created = 1, .updated = updated},
            .creates = true,
            .turns = std::move(turns)};
}

struct Shelf {
    TempDir folder{};
    std::filesystem::path file = folder / "data/dragoman/dragoman.db";
    store::History history{file};

    void write(const store::ConversationChange& change, bool found = true) {
        const auto done = history.write(change);
        if (!done) FAIL(done.error());
        CHECK(done->found == found);
    }
    std::vector<std::string> ids(const std::string& query = {}, std::size_t limit = 100,
                                 std::size_t offset = 0) {
        return ids_of(history, query, limit, offset);
    }
    static std::vector<std::string> ids_of(store::History& in, const std::string& query = {},
                                           std::size_t limit = 100, std::size_t offset = 0) {
        const auto list = in.list(query, limit, offset);
        REQUIRE(list);
        std::vector<std::string> out;
        for (const auto& head : *list) out.push_back(head.id);
        return out;
    }
    std::vector<std::string> prompts(const std::string& id) {
        const auto read = history.read(id);
        REQUIRE(read);
        std::vector<std::string> out;
        if (read->has_value())
            for (const auto& one : (*read)->turns) out.push_back(one.prompt);
        return out;
    }
    /// All that is due; how many steps it took.
    static int purge(store::History& in) {
        for (int steps = 1;; ++steps) {
            const auto purged = in.purge();
            if (!purged) FAIL(purged.error());
            if (!purged->more) return steps;
            REQUIRE(steps < 10'000);
        }
    }
    std::string bytes() const { return folder.read("data/dragoman/dragoman.db"); }
};

using Lines = std::vector<std::string>;

}  // namespace dragoman::test
