// A window as the steps of the post-processing read it: once, for all the answers that are held against it.
//
// An answer arrives in many pieces and each is read anew; what only the place decides is found out when it is
// first asked for, and kept. Copies share it. Loop thread.
#pragma once

#include "server/completion/text/brackets.h"
#include "server/completion/text/layout.h"
#include "server/completion/text/surroundings.h"
#include "server/completion/text/window.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::completion {

class View {
public:
    /// Not explicit: whoever has one question only asks with a window.
    View(Window window);

    const Window& window() const;
    std::string_view prefix() const { return window().prefix; }
    std::string_view suffix() const { return window().suffix; }
    const std::string& language() const { return window().language; }
    /// The cursor's line before and behind it.
    std::string_view line_before() const;
    std::string_view line_after() const;
    /// The window holds `what`: a step that looks for it stands back.
    bool holds(std::string_view what) const;

    const Surroundings& surroundings() const;
    const Syntax& syntax() const;  // of the window's language
    const Layout& layout() const;
    /// The lines of the prefix; the last is line_before().
    const std::vector<std::string_view>& lines_before() const;
    /// The lines of the suffix without line_after().
    const std::vector<std::string_view>& lines_after() const;
    /// The first of these that is not blank; empty where there is none.
    std::string_view next_line() const;
    /// What the closers of an answer are weighed against.
    const Closing& closing() const;

private:
    struct Known;
    std::shared_ptr<Known> known_;
};

}  // namespace dragoman::completion
