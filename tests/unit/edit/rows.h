// A selection written down as a text with its ends marked by « and ».
#pragma once

#include "server/edit/selection.h"

#include <stdexcept>
#include <string>

namespace dragoman::test {

struct Marked {
    DocumentSnapshot document;
    std::size_t begin = 0, end = 0;
    edit::Selection selection;
};

inline Marked marked(std::string text, const std::string& language = "cpp") {
    const std::string open = "«", close = "»";
    Marked out;
    out.begin = text.find(open);
    if (out.begin == std::string::npos) throw std::logic_error{"no selection in: " + text};
    text.erase(out.begin, open.size());
    out.end = text.find(close);
    text.erase(out.end, close.size());
    out.document.uri = "file:///w/a";
    out.document.language_id = language;
    out.document.text = Text{text};
    out.selection = edit::take_selection(out.document, out.begin, out.end);
    return out;
}

}  // namespace dragoman::test
