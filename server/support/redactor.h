// Cuts known secrets out of text, in each writing that a log line could hold them in.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::log {

/// Not synchronised: log.cpp holds a lock around it.
class Redactor {
public:
    /// Shorter ones are ignored: cutting such a string out of every line would tell more than it hides.
    static constexpr std::size_t kShortest = 6;
    /// Tokens that a key command renews every few minutes would add up; the oldest is forgotten.
    static constexpr std::size_t kMost = 256;

    void add(std::string_view secret);

    /// `text` with "***" for every secret: as it is, JSON-escaped, percent-encoded (wholly or in part),
    /// in hexadecimal, in base64 of either alphabet at any offset in what was encoded; base64 that was
    /// escaped again, too.
    std::string redact(std::string_view text) const;

private:
    std::deque<std::string> secrets_;  // oldest first
    std::vector<std::string> forms_;   // of all of them, longest first: a key inside another waits
};

}  // namespace dragoman::log
