// Reads what a language server writes, and forgives nothing.
//
// Servers read leniently and write strictly. This is the reader for the second half: each message is exactly
// "Content-Length: N", CR LF CR LF and N bytes of JSON, with nothing before, between or after.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::test {

class StrictFrames {
public:
    /// Appends to `messages` what `bytes` completed. The first violation ends the reading.
    void feed(std::string_view bytes, std::vector<nlohmann::json>& messages);
    /// The input has ended; inside a message that is a violation.
    void end();
    /// What was wrong, or empty.
    const std::string& violation() const { return violation_; }

private:
    bool read_one(std::vector<nlohmann::json>& messages);
    bool fail(std::string what);

    std::string buffer_, violation_;
};

}  // namespace dragoman::test
