// The head of an answer, from the lines that libcurl hands over one by one.
//
// One exchange shows several heads: interim answers (1xx) come before the final one, and the body may
// be followed by trailers. A status line starts anew; only the final head counts; what comes after it
// is no head any more. Pure: lines in, a Head out.
#pragma once

#include "server/upstream/http/http.h"

namespace dragoman::http {

class HeadReader {
public:
    enum class Step {
        more,       // the head goes on, or this line belongs to none that counts
        complete,   // the blank line that ends the final head: head() is whole. At most once
        too_large,  // more lines than any server has reason to send, interim answers included
    };

    /// One line with its line end.
    Step feed(std::string_view line);

    /// True from the final answer's status line on (200 and above).
    bool final_started() const { return head_.status >= 200; }
    bool complete() const { return complete_; }
    const Head& head() const { return head_; }

private:
    void start(std::string_view status_line);
    void add(std::string_view line);

    Head head_;
    std::size_t seen_ = 0;
    bool complete_ = false;
};

}  // namespace dragoman::http
