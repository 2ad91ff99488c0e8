// What it feels like and costs to type with suggestions, in simulated time and so exactly the same each run.
//
// The editor keeps showing a suggestion while what is typed is its beginning, as editors do, until another
// answer comes; both ways of asking profit from that. The person accepts what is right, has been there long
// enough to be read, and is not passed over (by place, so that both ways meet the same person).
#include "tests/bench/completion/replay/replay_section.h"

#include "tests/bench/completion/replay/askers.h"
#include "tests/bench/completion/replay/known_model.h"
#include "tests/bench/completion/replay/typist.h"
#include "tests/bench/figures.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace dragoman::bench {
namespace {

constexpr Milliseconds kReading{250}, kPresentWithin{50};

struct Figures {
    std::size_t keystrokes = 0, requests = 0, present = 0, right = 0;
    double tokens = 0, wasted = 0;
    std::vector<Span> waits;  // from a key to the suggestion for it, where one came before the next key

    Figures& operator+=(const Figures& other) {
        keystrokes += other.keystrokes;
        requests += other.requests;
        present += other.present;
        right += other.right;
        tokens += other.tokens;
        wasted += other.wasted;
        waits.insert(waits.end(), other.waits.begin(), other.waits.end());
        return *this;
    }
};

bool is_subsequence(std::string_view some, std::string_view all) {
    for (const char c : all) {
        if (!some.empty() && some.front() == c) some.remove_prefix(1);
    }
    return some.empty();
}

/// One session with one way of asking.
class Replay {
public:
    Replay(const Session& session, unsigned person, std::unique_ptr<Asker> (*asker)(Room&))
        : session_{session},
          person_{person},
          model_{room_.clock, room_.http, session.target, {.seed = person}},
          text_{session.begin},
          asker_{asker(room_)} {
        asker_->on_answer = [this](std::size_t begin, const std::string& text) { answered(begin, text); };
    }

    Figures run() {
        while (next_ < session_.keys.size()) {
            pass(session_.keys[next_].gap);
            const std::size_t much = acceptable();
            if (much != 0) {
                accept(much);
            } else {
                press();
            }
            changed();
        }
        pass(Milliseconds{3000});
        if (text_.whole() != session_.target) throw std::runtime_error{"the session ends in another text"};
        figures_.requests = model_.requests();
        figures_.tokens = model_.tokens();
        figures_.wasted = model_.wasted_tokens();
        return figures_;
    }

private:
    void pass(Milliseconds time) {
        for (; time > Milliseconds{0}; --time) {
            room_.clock.advance(Milliseconds{1});
            model_.serve();
            if (room_.clock.now() == pressed_ + kPresentWithin) look();
        }
    }

    void changed() {
        pressed_ = room_.clock.now();
        ++figures_.keystrokes;
        if (!rest()) ghost_.clear();
        waits_ = true;
        note_wait();
        asker_->changed(text_.whole(), text_.before.size());
        room_.clock.settle();
        model_.serve();
    }

    /// What of the suggestion is still to be typed; nothing where it does not fit (any more).
    std::optional<std::string_view> rest() const {
        if (ghost_.size() <= text_.before.size() || !ghost_.starts_with(text_.before)) return std::nullopt;
        return std::string_view{ghost_}.substr(text_.before.size());
    }

    void answered(std::size_t begin, const std::string& text) {
        const std::string ghost = text.empty() ? "" : text_.before.substr(0, begin) + text;
        if (ghost != ghost_) since_ = room_.clock.now();
        ghost_ = ghost;
        if (rest()) model_.shown(ghost_, text_.before.size());
        note_wait();
    }

    void note_wait() {
        if (!rest() || !std::exchange(waits_, false)) return;
        figures_.waits.push_back(room_.clock.now() - pressed_);
    }

    void look() {
        const auto there = rest();
        if (!there) return;
        ++figures_.present;
        const auto line = there->substr(0, there->find('\n', 1));
        if (session_.target.compare(text_.before.size(), line.size(), line) == 0) ++figures_.right;
    }

    /// How much of the suggestion the person takes now: all, its first line, its first word, or nothing.
    std::size_t acceptable() const {
        const auto there = rest();
        const std::size_t at = text_.before.size();
        if (!there || room_.clock.now() - since_ < kReading || !session_.target.starts_with(text_.before)) {
            return 0;
        }
        const auto word = std::min(there->find_first_of(" (),;.", 1), there->size());
        const auto line = std::min(there->find('\n', 1), there->size());
        const auto dice = chance(text_.before.find_last_of(" (.\n") + 1'000'000ULL * person_) % 100;
        if (dice < 6 && there->size() > 3 && fits(*there, at)) return there->size();
        if (dice < 16 && line > 3 && fits(there->substr(0, line), at)) return line;
        if (dice < 24 && word > 2 && fits(there->substr(0, word), at)) return word;
        return 0;
    }

    /// Accepted here, nothing would have to be mended.
    bool fits(std::string_view part, std::size_t at) const {
        if (session_.target.compare(at, part.size(), part) != 0) return false;
        const auto* const after = step_behind(at + part.size());
        return after && is_subsequence(text_.put_there(), after->put_there());
    }

    /// The text of the session without suggestions when its cursor first stood at or behind `at`, in what
    /// became of the target.
    const EditorText* step_behind(std::size_t at) const {
        for (std::size_t i = next_; i < session_.keys.size(); ++i) {
            const auto& after = session_.keys[i].after;
            if (after.before.size() >= at && session_.target.starts_with(after.before)) return &after;
        }
        return nullptr;
    }

    void accept(std::size_t much) {
        const bool all = much == rest()->size();
        text_.insert(ghost_.substr(text_.before.size(), much));
        asker_->accepted(much, all);
        const auto* const after = step_behind(text_.before.size());
        while (&session_.keys[next_].after != after) ++next_;
        ++next_;
        // What of that key's work is not done: the end of an indentation.
        text_.insert(std::string_view{after->before}.substr(text_.before.size()));
    }

    void press() {
        const Keystroke& key = session_.keys[next_++];
        EditorText text = text_;
        if (text.press(key.key) && text.before == key.after.before) {
            text_ = std::move(text);
        } else if (key.key == "\\d") {
            // The bracket is not on the next line, as no Enter has put it there: it is typed, over one that
            // the editor has put at the cursor.
            text_.before = key.after.before;
            text_.before.pop_back();
            text_.press("}");
        }
        if (text_.before != key.after.before) throw std::runtime_error{"the session went astray"};
    }

    const Session& session_;
    unsigned person_;
    Room room_;
    KnownModel model_;
    EditorText text_;
    std::unique_ptr<Asker> asker_;
    std::size_t next_ = 0;
    std::string ghost_;  // the text up to the cursor with the suggestion behind it
    Clock::Time since_{}, pressed_{};
    bool waits_ = false;  // for a suggestion since the last key
    Figures figures_;
};

template <class... Values>
std::string print(const char* format, Values... values) {
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

std::string part(std::size_t some, std::size_t all) {
    return print("%.0f %%", 100.0 * static_cast<double>(some) / static_cast<double>(all));
}

}  // namespace

void measure_replay(const std::string& record, unsigned people) {
    const Session session = read_session(record);
    Figures engine, plain;
    for (unsigned person = 0; person < people; ++person) {
        engine += Replay{session, person, &engine_asker}.run();
        plain += Replay{session, person, &plain_asker}.run();
    }
    const auto both = [&](const std::string& figure, auto value) {
        tell("typing replay: " + figure, "", value(engine) + ", plain debounce " + value(plain));
    };
    both("requests per 100 keystrokes", [](const Figures& one) {
        return print("%.1f", 100.0 * static_cast<double>(one.requests) / static_cast<double>(one.keystrokes));
    });
    both("ghost text within 50 ms", [](const Figures& one) { return part(one.present, one.keystrokes); });
    both("the same, and right", [](const Figures& one) { return part(one.right, one.keystrokes); });
    both("key to ghost text", [](const Figures& one) {
        std::vector<Span> later = one.waits;
        std::erase(later, Span{0});
        const std::string at_once = part(one.waits.size() - later.size(), one.keystrokes) + " at once";
        if (later.empty()) return at_once;
        return at_once + ", " + part(later.size(), one.keystrokes) + " later: " + median_and(later, 0.9);
    });
    both("keystrokes", [&](const Figures& one) { return std::to_string(one.keystrokes / people); });
    both("wasted tokens",
         [&](const Figures& one) { return print("%.0f of %.0f", one.wasted / people, one.tokens / people); });
}

}  // namespace dragoman::bench
