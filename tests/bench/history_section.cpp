// How long a large history takes to be listed, searched and opened, and what the daemon weighs meanwhile.
#include "server/store/history.h"
#include "tests/bench/daemon.h"
#include "tests/bench/sections.h"

#include <array>
#include <cmath>
#include <filesystem>
#include <random>
#include <stdexcept>

namespace dragoman::bench {
namespace {

constexpr int kConversations = 10'000, kTurns = 20;
constexpr int kPromptWords = 30, kAnswerWords = 110;
constexpr std::size_t kVocabulary = 30'000;
constexpr store::Instant kBegin = 1'750'000'000'000, kMinute = 60'000;

/// Words as often as language has them (Zipf): the first is in nearly every turn, the last in few.
class Prose {
public:
    Prose() {
        for (std::size_t i = 0; i < kVocabulary; ++i) weights_[i] = 1.0 / static_cast<double>(i + 1);
        pick_ = std::discrete_distribution<std::size_t>{weights_.begin(), weights_.end()};
    }
    /// Syllables, so that words share beginnings.
    static std::string word(std::size_t number) {
        constexpr std::array kSyllables{"ra",  "ne", "to", "li", "ka", "mu",  "se",  "vo",  "pi",  "da",
                                        "chu", "fe", "go", "ly", "ba", "sta", "tri", "quo", "wen", "xa"};
        std::string out;
        for (std::size_t rest = number + kSyllables.size(); rest > 0; rest /= kSyllables.size())
            out += kSyllables[rest % kSyllables.size()];
        return out;
    }
    std::string text(int words) {
        std::string out;
        for (int i = 0; i < words; ++i) out += word(pick_(random_)) + (i % 12 == 11 ? ".\n" : " ");
        return out;
    }

private:
    std::array<double, kVocabulary> weights_{};
    std::mt19937 random_{7};  // the same in every run
    std::discrete_distribution<std::size_t> pick_;
};

std::string conversation_id(int number) { return "bench-" + std::to_string(number); }

void must(const store::OrTrouble<store::Done>& done) {
    if (!done) throw std::runtime_error{done.error()};
}

/// In the order of time, with ledger rows of the same time beside them.
void write_history(const std::filesystem::path& file) {
    store::History history{file};
    Prose prose;
    for (int i = 0; i < kConversations; ++i) {
        const store::Instant time = kBegin + i * 30 * kMinute;
        store::ConversationChange change{.head = {.id = conversation_id(i),
                                                  .title = prose.text(6),
                                                  .created = time,
                                                  .updated = time + kTurns * kMinute},
                                         .creates = true};
        std::vector<store::UsageRecord> rows;
        for (int turn = 0; turn < kTurns; ++turn) {
            change.turns.push_back({.id = conversation_id(i) + "/" + std::to_string(turn),
                                    .created = time + turn * kMinute,
                                    .state = "complete",
                                    .model = "work/m" + std::to_string(i % 5),
                                    .prompt = prose.text(kPromptWords),
                                    .answer = prose.text(kAnswerWords)});
            rows.push_back({.time = time + turn * kMinute,
                            .role = turn % 4 == 0 ? "chat" : "completion",
                            .model = "work/m" + std::to_string(i % 5),
                            .project = "/src/project" + std::to_string(i % 9),
                            .input = 900,
                            .output = 60,
                            .cost = 0.001,
                            .currency = "USD",
                            .outcome = "complete"});
        }
        must(history.write(change));
        must(history.add_usage(rows));
    }
}

/// Beside the program, so that it is built once; a half one is built anew.
std::filesystem::path history_folder() {
    const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "bench-history-1";
    if (!std::filesystem::exists(folder / "complete")) {
        std::filesystem::remove_all(folder);
        write_history(folder / "dragoman/dragoman.db");
        std::filesystem::create_directory(folder / "complete");
    }
    return folder;
}

class Reader {
public:
    explicit Reader(const std::filesystem::path& data) : daemon_{nullptr, data} { daemon_.initialize(); }
    ~Reader() = default;

    /// From the request written to the answer read.
    void measure(const std::string& figure, const std::string& target, int samples,
                 const std::function<std::pair<std::string, Json>(int)>& question) {
        std::vector<Span> spans;
        for (int i = 0; i < samples; ++i) {
            const auto [method, params] = question(i);
            const Time begin = SteadyClock::now();
            daemon_.request(++id_, method, params);
            Daemon::Arrival arrival = daemon_.receive();
            Json answer = Json::parse(arrival.body);
            while (answer.contains("method")) {  // a notification
                arrival = daemon_.receive();
                answer = Json::parse(arrival.body);
            }
            spans.push_back(arrival.at - begin);
            if (!answer.contains("result") || answer["id"] != id_)
                throw std::runtime_error{method + " failed: " + arrival.body.substr(0, 200)};
        }
        tell(figure, target, median_and(spans, 0.95));
    }
    pid_t pid() const { return daemon_.pid(); }
    void quit() { daemon_.quit(); }

private:
    Daemon daemon_;
    int id_ = 0;
};

}  // namespace

void measure_history(int samples) {
    Reader reader{history_folder()};
    const auto list = [](const Json& params) {
        return std::pair<std::string, Json>{"dragoman/chat/list", params};
    };
    const auto search = [&](std::size_t first, std::size_t step) {
        return [=](int i) {
            return list({{"query", Prose::word(first + static_cast<std::size_t>(i) * step)}, {"limit", 50}});
        };
    };
    reader.measure("10 000 conversations: a list of 50", "<= 20 ms", samples, [&](int i) {
        return list({{"limit", 50}, {"offset", 50 * i}});
    });
    reader.measure("  search, a rare word", "<= 50 ms", samples, search(20'000, 13));
    reader.measure("  search, a word in one turn of 100", "<= 50 ms", samples, search(900, 7));
    reader.measure("  search, a word in nearly every turn", "<= 50 ms", samples, search(0, 1));
    reader.measure("  search, two words of one turn", "<= 50 ms", samples, [&](int i) {
        const auto at = static_cast<std::size_t>(i);
        return list({{"query", Prose::word(30 + at) + " " + Prose::word(300 + at)}, {"limit", 50}});
    });
    reader.measure("  search, the first letters of a word", "<= 50 ms", samples, [&](int i) {
        return list({{"query", Prose::word(static_cast<std::size_t>(i % 20)).substr(0, 2)}, {"limit", 50}});
    });
    reader.measure("  open", "<= 10 ms", samples, [](int i) {
        return std::pair<std::string, Json>{"dragoman/chat/get",
                                            {{"conversation", conversation_id(i * 97 % kConversations)}}};
    });
    reader.measure("  usage of a day, in 200 000 rows", "<= 10 ms", samples, [](int) {
        return std::pair<std::string, Json>{"dragoman/usage", {{"since", "2026-01-09T00:00:00Z"}}};
    });
    tell("  resident memory, at most in all that", "<= 25 MB", megabytes(peak_memory_of(reader.pid())));
    reader.quit();
}

}  // namespace dragoman::bench
