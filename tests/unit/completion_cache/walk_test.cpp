// Random walks through small texts: whatever is done to a text, the cache says what a plain list of full
// windows would say.
#include "server/completion/cache.h"

#include <catch2/catch_all.hpp>

#include <random>

using namespace dragoman;
using namespace dragoman::completion;

namespace {

constexpr std::size_t kBefore = 7, kAfter = 5, kTyped = 12;

/// What was seen, letter by letter.
struct Seen {
    std::string before, after;
    bool from_start = false, to_end = false;
    friend bool operator==(const Seen&, const Seen&) = default;

    /// The text is `before`, [begin, end) and `after`, as far as was seen.
    bool is_around(const std::string& text, std::size_t begin, std::size_t end) const {
        const std::string head = text.substr(0, begin), rest = text.substr(end);
        return (from_start ? head == before : head.ends_with(before)) &&
               (to_end ? rest == after : rest.starts_with(after));
    }
};

Seen look(const std::string& text, std::size_t at) {
    const std::size_t begin = at - std::min(at, kBefore), end = std::min(at + kAfter, text.size());
    return {text.substr(begin, at - begin), text.substr(at, end - at), begin == 0, end == text.size()};
}

/// Said without loops over bits and pieces: all that editors may have put behind the cursor.
std::vector<std::string> additions(const std::string& typed) {
    std::string open;
    for (const char c : typed) {
        if (c == '(' || c == '"') {
            if (c == '"' && !open.empty() && open.front() == '"') {
                open.erase(0, 1);
            } else {
                open.insert(0, 1, c == '(' ? ')' : '"');
            }
        } else if (c == ')' && !open.empty() && open.front() == ')') {
            open.erase(0, 1);
        }
    }
    std::vector<std::string> out{""};
    for (const char c : open) {
        const auto so_far = out;
        for (const auto& one : so_far) {
            if (one.size() < 4) out.push_back(one + c);
        }
    }
    return out;
}

struct Made {
    Seen seen;
    std::string text, id;
};

/// The oracle: a list, newest last, read from end to end.
struct Plain {
    std::vector<Made> all;

    void put(Seen seen, const std::string& text, const std::string& id) {
        std::erase_if(all, [&](const Made& one) { return one.seen == seen && one.text == text; });
        all.push_back({std::move(seen), text, id});
    }

    std::vector<std::string> find(const std::string& text, std::size_t cursor) const {
        std::vector<std::string> out;
        std::vector<std::string> rests;
        for (std::size_t back = 0; back <= std::min(cursor, kTyped); ++back) {
            for (auto made = all.rbegin(); made != all.rend(); ++made) {
                const std::string typed = text.substr(cursor - back, back);
                // Empty lines above only move the text down.
                const bool has_words = !made->text.empty() && made->text.front() != '\n';
                const auto counted =
                    typed.substr(has_words ? std::min(typed.find_first_not_of('\n'), back) : 0);
                if (!made->text.starts_with(counted)) continue;
                const std::string rest = made->text.substr(counted.size());
                const auto closers = behind(text, cursor, back, made->seen, typed);
                if (!closers || (rest.empty() && back > 0)) continue;
                if (std::find(rests.begin(), rests.end(), rest) != rests.end()) continue;
                rests.push_back(rest);
                out.push_back(made->id + " " + rest + " +" + std::to_string(*closers));
            }
        }
        return out;
    }

private:
    static std::optional<std::size_t> behind(const std::string& text, std::size_t cursor, std::size_t back,
                                             const Seen& seen, const std::string& typed) {
        std::optional<std::size_t> least;
        for (const auto& added : additions(typed)) {
            if (text.compare(cursor, added.size(), added) != 0) continue;
            if (!seen.is_around(text, cursor - back, cursor + added.size())) continue;
            if (!least || added.size() < *least) least = added.size();
        }
        // A line break that moved a closing bracket down.
        if (!least && typed.find('\n') != std::string::npos && text.compare(cursor, 1, "\n") == 0) {
            for (const auto& added : additions(typed)) {
                const auto end = cursor + 1 + added.size();
                if (text.compare(cursor + 1, added.size(), added) != 0) continue;
                const bool closes =
                    !added.empty() || text.compare(end, 1, ")") == 0 || text.compare(end, 1, "\"") == 0;
                if (closes && seen.is_around(text, cursor - back, end)) return 0;
            }
        }
        return least;
    }
};

/// An editor with a short memory for undo.
struct Walk {
    std::mt19937 random;
    std::string text = "ab(a)\nb";
    std::size_t cursor = 3;
    std::vector<std::pair<std::string, std::size_t>> past{};
    Cache cache{};
    Plain plain{};
    int made = 0;

    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random);
    }
    char letter() { return "aaab()\"\n"[below(8)]; }

    void step() {
        past.emplace_back(text, cursor);
        switch (below(12)) {
            case 0: cursor = below(text.size() + 1); break;
            case 1:
            case 2:
                if (cursor > 0) text.erase(--cursor, 1);
                break;
            case 3: {  // elsewhere
                const std::size_t at = below(text.size() + 1);
                text.insert(at, 1, letter());
                if (at <= cursor) ++cursor;
                break;
            }
            case 4:
                if (text.size() > 20) {
                    const std::size_t at = below(text.size());
                    text.erase(at, 1);
                    if (at < cursor) --cursor;
                }
                break;
            case 5: std::tie(text, cursor) = past.at(below(past.size())); break;
            case 6: {  // an editor that closes
                const bool bracket = below(2) == 0;
                text.insert(cursor++, bracket ? "()" : "\"\"");
                break;
            }
            default: type(); break;
        }
        if (past.size() > 30) past.erase(past.begin());
    }

    /// Mostly what is suggested.
    void type() {
        const auto hits = cache.find(here());
        if (!hits.empty() && !hits.front().rest.empty() && below(4) != 0) {
            const std::size_t much = below(hits.front().rest.size()) + 1;
            text.insert(cursor, hits.front().rest.substr(0, much));
            cursor += much;
        } else {
            text.insert(cursor++, 1, letter());
        }
    }

    void suggest() {
        std::string suggestion;
        for (std::size_t i = below(7); i > 0; --i) suggestion += letter();
        const std::string id = "c" + std::to_string(++made);
        cache.put(here().anchor(), suggestion, true, id);
        plain.put(look(text, cursor), suggestion, id);
    }

    Place here() const { return Place{Text{text}, cursor, 1, kBefore, kAfter, kTyped}; }

    std::vector<std::string> found() {
        std::vector<std::string> out;
        for (const auto& hit : cache.find(here(), 1000)) {
            out.push_back(hit.id + " " + hit.rest + " +" + std::to_string(hit.closers));
        }
        return out;
    }
};

}  // namespace

TEST_CASE("what the cache finds is what a plain list of windows finds, whatever is edited") {
    int hits = 0, behind_typing = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        Walk walk{.random = std::mt19937{seed}};
        for (int i = 0; i < 150; ++i) {
            walk.step();
            if (walk.below(3) == 0) walk.suggest();
            INFO("seed " << seed << " step " << i << " text " << walk.text << " cursor " << walk.cursor);
            const auto expected = walk.plain.find(walk.text, walk.cursor);
            REQUIRE(walk.found() == expected);
            hits += static_cast<int>(expected.size());
            behind_typing += expected.empty() || expected.front().ends_with("+0") ? 0 : 1;
        }
    }
    // The walk goes where there is something to see.
    CHECK(hits > 1000);
    CHECK(behind_typing > 20);
}

TEST_CASE("a smaller cache finds less, never something else") {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        Walk walk{.random = std::mt19937{seed}, .cache = Cache{CacheLimits{.entries = 8}}};
        for (int i = 0; i < 150; ++i) {
            walk.step();
            if (walk.below(3) == 0) walk.suggest();
            INFO("seed " << seed << " step " << i << " text " << walk.text << " cursor " << walk.cursor);
            const auto expected = walk.plain.find(walk.text, walk.cursor);
            for (const auto& hit : walk.found()) {
                // Ids differ where the newer of two alike was dropped; what is shown may not.
                const auto shown = hit.substr(hit.find(' '));
                CHECK(std::any_of(expected.begin(), expected.end(),
                                  [&](const auto& one) { return one.ends_with(shown); }));
            }
            CHECK(walk.cache.size() <= 8);
        }
    }
}
