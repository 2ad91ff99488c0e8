// What the user changed lately, as small diffs.
//
// Secrets in them are masked as a whole, before lines are compared. Keystrokes that follow each other on the
// same lines are one edit. Kept are the strings of the last few edits over all documents, so that an edit
// outlives its document; what was undone is forgotten, and what replaces a whole text (a file that is opened
// or reloaded) is no edit. Loop thread.
#pragma once

#include "server/documents/documents.h"
#include "server/support/clock.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

class Edits {
public:
    static constexpr std::size_t kMost = 20;
    static constexpr std::size_t kMostLines = 60;  // of one edit; more is not what a person typed

    explicit Edits(Clock& clock) : clock_{clock} {}

    void changed(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes);
    /// The document's text is let go; its edits stay.
    void closed(const std::string& uri);

    struct Edit {
        std::string uri;                           // as the client spells it
        std::size_t first_line = 0, end_line = 0;  // in the document as it is now
        bool overwritten = false;  // a later edit changed these lines again: the place is about right
        std::string text;  // lines that begin with ' ', '-', '+': what changed, and one line around it
        std::vector<std::string_view> masked;  // kinds of secrets that `text` has masks for
    };
    /// Most recent first. Edits of nothing but blanks are left out.
    std::vector<Edit> recent();

private:
    struct Region {
        Edit shown;                       // its lines count from the region's; its text is empty when silent
        std::size_t line = 0, lines = 0;  // that `added` is, in the document as it is now
        std::vector<std::string> removed, added;  // lines
        std::string above, below;                 // one line each, empty at the ends of the document
        Clock::Time last{};
        bool is_rendered = false;  // `shown` is of these lines; made when somebody asks
    };
    struct Span {
        std::size_t line = 0, before = 0, after = 0;  // first line, lines of it before and after the change
    };
    void apply(const std::string& uri, const Text& before, const Text& after, const Span& span);
    bool extend(Region& region, const Text& before, const Text& after, const Span& span) const;
    void move_others(const std::string& uri, const Span& span);
    void forget_undone();
    static void render(Region& region);

    Clock& clock_;
    std::map<std::string, Text> texts_;  // of open documents, as they were after the last change
    std::deque<Region> regions_;         // the most recently changed last
};

}  // namespace dragoman::completion
