#include "tests/bench/completion/replay/known_model.h"

#include "protocol/base/json.h"

#include <algorithm>
#include <stdexcept>

namespace dragoman::bench {
namespace {

std::size_t common_prefix(std::string_view a, std::string_view b) {
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

std::string first_lines(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    while (count-- > 0 && end < text.size()) end = std::min(text.find('\n', end), text.size() - 1) + 1;
    return std::string{text.substr(0, end)};
}

std::string chunk(const std::string& text) {
    return "data: " + Json{{"choices", {{{"index", 0}, {"text", text}}}}}.dump() + "\n\n";
}

}  // namespace

std::uint64_t chance(std::uint64_t place) {
    place = (place + 1) * 0x9e37'79b9'7f4a'7c15;
    place = (place ^ (place >> 32)) * 0xd6e8'feb8'6659'fd93;
    return place ^ (place >> 32);
}

KnownModel::KnownModel(test::FakeClock& clock, test::FakeHttp& http, std::string target, ModelPace pace)
    : clock_{clock}, http_{http}, target_{std::move(target)}, pace_{pace} {}

void KnownModel::serve() {
    while (answers_.size() < http_.count()) {
        auto& exchange = http_.at(answers_.size());
        const auto body = parse_json(exchange.request.body);
        if (!body.ok() || !body->contains("prompt")) throw std::runtime_error{"not a fill request"};
        auto answer = std::make_unique<Answer>();
        answer->exchange = answers_.size();
        const auto prompt = (*body)["prompt"].get<std::string>();
        // What stands in front of the file are pieces of others.
        const auto file = prompt.rfind(first_lines(target_, 1));
        if (file == std::string::npos) throw std::runtime_error{"the prompt holds another file"};
        answer->before = prompt.substr(file);
        answer->text = answer_to(answer->before, (*body)["suffix"].get<std::string>());
        answer->next = clock_.after(pace_.first_byte, [this, &one = *answer] {
            auto& asked = http_.at(one.exchange);
            if (asked.closed()) return;
            asked.head(200, {{"Content-Type", "text/event-stream"}});
            go_on(one);
        });
        answers_.push_back(std::move(answer));
    }
}

void KnownModel::go_on(Answer& answer) {
    auto& exchange = http_.at(answer.exchange);
    if (exchange.closed()) return;
    const auto upto = static_cast<std::size_t>(static_cast<double>(++answer.tokens) * pace_.bytes_per_token);
    const std::string piece = answer.text.substr(answer.sent, upto - answer.sent);
    if (piece.empty()) {
        exchange.bytes("data: {\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"stop\"}]}\n\n");
        if (!exchange.closed()) exchange.bytes("data: [DONE]\n\n");
        if (!exchange.closed()) exchange.end();
        return;
    }
    answer.sent += piece.size();
    const auto due = [&](int token) {
        return static_cast<Milliseconds::rep>(token * 1000 / pace_.tokens_per_second);
    };
    answer.next = clock_.after(Milliseconds{due(answer.tokens) - due(answer.tokens - 1)},
                               [this, &answer] { go_on(answer); });
    exchange.bytes(chunk(piece));
}

/// Where the text before the cursor is not the target's, a model goes wrong with it.
std::string KnownModel::answer_to(const std::string& before, const std::string& behind) const {
    const std::size_t at = common_prefix(before, target_);
    const std::string right = right_answer(at, behind);
    const auto line = std::count(before.begin(), before.end(), '\n');
    const std::size_t column = before.size() - (before.rfind('\n') + 1);
    const std::uint64_t dice =
        chance(static_cast<std::uint64_t>(line) * 1000 + column / 8 + 1'000'000ULL * pace_.seed);
    const bool wrong = static_cast<int>(dice % 100) < pace_.wrong_percent;
    if (at == before.size() && !wrong) return right;
    // A few right bytes, then lines from elsewhere.
    std::size_t from = target_.find('\n', (dice >> 8) % (target_.size() / 2)) + 1;
    from = target_.find_first_not_of(" \n", from);
    const std::string other = first_lines(std::string_view{target_}.substr(from), 1 + (dice >> 20) % 4);
    return right.substr(0, (dice >> 30) % 6) + other.substr(0, other.size() - 1);
}

/// The next three to ten lines, up to what follows the cursor already.
std::string KnownModel::right_answer(std::size_t at, const std::string& behind) const {
    const auto lines = 3 + static_cast<std::size_t>(chance(at) % 8);
    std::string out = first_lines(std::string_view{target_}.substr(at), lines);
    if (const std::string same_line = behind.substr(0, behind.find('\n')); !same_line.empty()) {
        out = out.substr(0, out.find('\n'));
        return out.substr(0, out.rfind(same_line));
    }
    const std::string next = first_lines(behind, 3);
    const std::size_t met = next.size() < 2 ? std::string::npos : target_.find(next, at);
    if (met != std::string::npos) out.resize(std::min(out.size(), met - at));
    while (out.ends_with('\n')) out.pop_back();
    return out;
}

void KnownModel::shown(std::string_view text, std::size_t known) {
    Answer* source = nullptr;
    std::size_t longest = known;
    for (const auto& answer : answers_) {
        if (answer->before.size() > text.size()) continue;
        const std::string said = answer->before + answer->text.substr(0, answer->sent);
        const std::size_t common = common_prefix(said, text);
        if (common > known && common >= longest && common > answer->before.size()) {
            longest = common;
            source = answer.get();
        }
    }
    if (source) source->seen = std::max(source->seen, longest - source->before.size());
}

double KnownModel::tokens() const {
    std::size_t bytes = 0;
    for (const auto& answer : answers_) bytes += answer->sent;
    return static_cast<double>(bytes) / pace_.bytes_per_token;
}

double KnownModel::wasted_tokens() const {
    std::size_t bytes = 0;
    for (const auto& answer : answers_) bytes += answer->sent - answer->seen;
    return static_cast<double>(bytes) / pace_.bytes_per_token;
}

}  // namespace dragoman::bench
