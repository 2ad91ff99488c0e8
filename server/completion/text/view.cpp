#include "server/completion/text/view.h"

#include "server/completion/text/lines.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

Closing read_closing(const View& view) {
    constexpr std::string_view kClosers = ")]}";
    Closing closing;
    if (const std::string_view rest = view.line_after(); !is_blank(rest)) {
        closing.behind.assign(rest.begin(), std::find_if(rest.begin(), rest.end(), is_word));
        closing.before = count(view.line_before());
        closing.after = count(rest);
        closing.only_closers = false;
        return closing;
    }
    closing.behind = view.suffix().substr(0, view.suffix().find_first_not_of(")]};, \t\n"));
    if (closing.behind.find_first_of(kClosers) == std::string::npos) return {};
    // Of a file that is cut at the window's end it is not known whether a closer is missing in it.
    if (view.window().suffix_is_whole) closing.before = count(view.prefix());
    closing.after = count(view.suffix());
    return closing;
}

}  // namespace

struct View::Known {
    explicit Known(Window seen) : window{std::move(seen)} {}

    const Window window;
    std::optional<Surroundings> surroundings{};
    std::optional<Layout> layout{};
    std::optional<std::vector<std::string_view>> lines_before{}, lines_after{};
    std::optional<Closing> closing{};
};

namespace {

template <typename T, typename Make>
const T& kept(std::optional<T>& value, const Make& make) {
    if (!value) value.emplace(make());
    return *value;
}

}  // namespace

View::View(Window window) : known_{std::make_shared<Known>(std::move(window))} {}

const Window& View::window() const { return known_->window; }

std::string_view View::line_before() const { return prefix().substr(prefix().rfind('\n') + 1); }
std::string_view View::line_after() const { return suffix().substr(0, suffix().find('\n')); }

bool View::holds(std::string_view what) const {
    return prefix().find(what) != std::string_view::npos || suffix().find(what) != std::string_view::npos;
}

const Surroundings& View::surroundings() const {
    return kept(known_->surroundings, [&] { return read_surroundings(window()); });
}

const Syntax& View::syntax() const { return syntax_of(language()); }

const Layout& View::layout() const {
    return kept(known_->layout, [&] { return layout_of(window()); });
}

const std::vector<std::string_view>& View::lines_before() const {
    return kept(known_->lines_before, [&] { return split_lines(prefix()); });
}

const std::vector<std::string_view>& View::lines_after() const {
    return kept(known_->lines_after, [&] {
        auto lines = split_lines(suffix());
        lines.erase(lines.begin());
        return lines;
    });
}

std::string_view View::next_line() const {
    const auto& lines = lines_after();
    const auto next = std::find_if_not(lines.begin(), lines.end(), is_blank);
    return next == lines.end() ? std::string_view{} : *next;
}

const Closing& View::closing() const {
    return kept(known_->closing, [&] { return read_closing(*this); });
}

}  // namespace dragoman::completion
