// A gateway whose model knows the text that is being typed: it answers with the lines that come next, at a
// fixed pace, and is wrong in a fixed share of places. What it generates is counted.
#pragma once

#include "tests/support/fake_clock.h"
#include "tests/support/fake_http.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::bench {

struct ModelPace {
    Milliseconds first_byte{300};
    double tokens_per_second = 80, bytes_per_token = 3.3;
    int wrong_percent = 30;
    unsigned seed = 0;  // of where it is wrong
};

/// A number for a place: the same in every run, and without pattern.
std::uint64_t chance(std::uint64_t place);

class KnownModel {
public:
    /// Serves "fim-completions" requests of `http`; `target` is the text to come.
    KnownModel(test::FakeClock& clock, test::FakeHttp& http, std::string target, ModelPace pace = {});

    /// Takes up new requests; to be called as time goes on.
    void serve();
    /// The editor shows `text`, of which `known` bytes stand before the cursor and all else is suggested.
    void shown(std::string_view text, std::size_t known);

    std::size_t requests() const { return answers_.size(); }
    double tokens() const;
    double wasted_tokens() const;  // of answers or their parts that were never shown

private:
    struct Answer {
        std::size_t exchange = 0;
        std::string before, text;
        std::size_t sent = 0, seen = 0;  // bytes
        int tokens = 0;
        Timer next{};
    };
    std::string answer_to(const std::string& before, const std::string& behind) const;
    std::string right_answer(std::size_t at, const std::string& behind) const;
    void go_on(Answer& answer);

    test::FakeClock& clock_;
    test::FakeHttp& http_;
    std::string target_;
    ModelPace pace_;
    std::vector<std::unique_ptr<Answer>> answers_;
};

}  // namespace dragoman::bench
