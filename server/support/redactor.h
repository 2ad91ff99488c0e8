// Cuts known secrets out of text, in each writing that a log line could hold them in.
#pragma once

#include "server/support/wiped.h"

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::log {

/// Not synchronised: log.cpp holds a lock around it.
class Redactor {
public:
    /// Shorter ones are ignored: cutting such a string out of every line would tell more than it hides.
    static constexpr std::size_t kShortest = 6;

    /// Names one add(); 0 for what is ignored.
    using Id = std::uint64_t;
    Id add(std::string_view secret);
    /// Takes one add() back. With the last one of a secret all that is held of it is wiped.
    void forget(Id id);

    /// `text` with "***" for every secret: as it is, JSON-escaped, percent-encoded (wholly or in part),
    /// in hexadecimal, in base64 of either alphabet at any offset in what was encoded; base64 that was
    /// escaped again, too.
    std::string redact(std::string_view text) const;

private:
    struct Known {
        std::vector<WipedBytes> forms{};  // the secret itself first
        std::vector<Id> ids{};            // of those who added it
    };
    void sort_forms();

    std::list<Known> known_;
    std::vector<std::string_view> forms_;  // of all of them, longest first: a key inside another waits
    Id last_id_ = 0;
};

}  // namespace dragoman::log
