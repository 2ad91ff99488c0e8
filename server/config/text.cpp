#include "server/config/text.h"

#include "protocol/base/utf.h"

#include <algorithm>

namespace dragoman::config {
namespace {

constexpr std::size_t kDepth = 64, kValues = 100'000, kNameBytes = 512;

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+' || c == '.';
}

// One pass, recursive (the depth is bounded). Every step answers false after the failure was noted.
class Reader {
public:
    explicit Reader(std::string_view text) : text_{text} {}

    Result<Text, Finding> run() {
        if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
        Text out;
        if (!whole(out)) return failure_;
        out.findings = std::move(findings_);
        return out;
    }

private:
    bool whole(Text& out) {
        if (!valid_utf8() || !blanks()) return false;
        if (at_ == text_.size()) return fail("the file is empty; write {} for no settings");
        if (text_[at_] != '{') return fail("the file must be one JSON object, beginning with {");
        if (!value(out.value, out.root, 0) || !blanks()) return false;
        return at_ == text_.size() || fail("nothing may follow the closing }");
    }

    bool valid_utf8() {
        for (std::size_t begin = 0; begin < text_.size();) {
            const std::size_t end = std::min(text_.find('\n', begin), text_.size());
            if (!is_valid_utf8(text_.substr(begin, end - begin))) {
                return fail("this line is not UTF-8; save the file as UTF-8", Span{begin, end});
            }
            begin = end + 1;
        }
        return true;
    }

    bool fail(std::string message, Span span) {
        failure_ = Finding{span, std::move(message)};
        return false;
    }
    bool fail(std::string message) {
        return fail(std::move(message), Span{at_, std::min(at_ + 1, text_.size())});
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    // Skips white space and comments.
    bool blanks() {
        const Blanks found = skip_blanks(text_, at_);
        at_ = found.end;
        return found.closed || fail("this comment is never closed by */");
    }

    bool value(Json& out, Node& node, std::size_t depth) {
        if (depth >= kDepth) return fail("nested too deeply: 64 levels are the most");
        if (++values_ > kValues) return fail("too many values: 100000 are the most");
        node.value.begin = at_;
        const char c = peek();
        const bool good = c == '{'   ? object(out, node, depth)
                          : c == '[' ? array(out, node, depth)
                          : c == '"' ? string(out)
                                     : word(out);
        node.value.end = at_;
        return good;
    }

    bool object(Json& out, Node& node, std::size_t depth) {
        out = Json::object();
        const std::size_t open = at_++;
        for (bool first = true;; first = false) {
            if (!blanks()) return false;
            if (peek() == '}' && first) break;
            Node child;
            if (!key(child, open, first)) return false;
            Json member;
            if (!value(member, child, depth + 1) || !blanks()) return false;
            out[child.name] = std::move(member);
            node.children.push_back(std::move(child));
            if (peek() == '}') break;
            if (!comma(open, '}')) return false;
        }
        ++at_;
        sort_members(node);
        return true;
    }

    bool key(Node& child, std::size_t open, bool first) {
        if (at_ == text_.size()) return fail("this { is never closed by }", Span{open, open + 1});
        if (peek() == '}' && !first) return fail("no comma may stand before the closing }");
        if (peek() != '"') return fail("a key in double quotes is expected here");
        child.key.begin = at_;
        Json name;
        if (!string(name)) return false;
        child.key.end = at_;
        child.name = name.get<std::string>();
        if (child.name.size() > kNameBytes)
            return fail("this key is too long: 512 bytes are the most", child.key);
        if (!blanks()) return false;
        if (peek() != ':') return fail("a colon is expected after the key");
        ++at_;
        return blanks();
    }

    bool array(Json& out, Node& node, std::size_t depth) {
        out = Json::array();
        const std::size_t open = at_++;
        for (bool first = true;; first = false) {
            if (!blanks()) return false;
            if (peek() == ']' && first) break;
            if (peek() == ']') return fail("no comma may stand before the closing ]");
            if (at_ == text_.size()) return fail("this [ is never closed by ]", Span{open, open + 1});
            Node child;
            Json item;
            if (!value(item, child, depth + 1) || !blanks()) return false;
            out.push_back(std::move(item));
            node.children.push_back(std::move(child));
            if (peek() == ']') break;
            if (!comma(open, ']')) return false;
        }
        ++at_;
        return true;
    }

    bool comma(std::size_t open, char close) {
        if (at_ == text_.size()) {
            return fail(std::string{"this "} + text_[open] + " is never closed by " + close,
                        Span{open, open + 1});
        }
        if (peek() != ',') return fail(std::string{"a comma or "} + close + " is expected here");
        ++at_;
        return true;
    }

    bool string(Json& out) {
        const std::size_t begin = at_++;
        while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n')
            at_ += text_[at_] == '\\' ? 2 : 1;
        if (at_ >= text_.size() || text_[at_] != '"') {
            at_ = std::min(at_, text_.size());
            return fail("this string is not closed on its line", Span{begin, begin + 1});
        }
        ++at_;
        return scalar(out, begin,
                      "this string holds a control character or an escape that JSON does not know");
    }

    bool word(Json& out) {
        const std::size_t begin = at_;
        if (peek() == '\'') return fail("strings stand in double quotes");
        while (at_ < text_.size() && is_word(text_[at_])) ++at_;
        if (at_ == begin) return fail("a value is expected here");
        return scalar(
            out, begin,
            "this is no value: strings stand in double quotes, others are true, false, null or numbers");
    }

    bool scalar(Json& out, std::size_t begin, const char* otherwise) {
        auto parsed = parse_json(text_.substr(begin, at_ - begin));
        if (!parsed) return fail(otherwise, Span{begin, at_});
        out = std::move(parsed).value();
        return true;
    }

    // Sorted by name; of a key said twice the last one stays.
    void sort_members(Node& node) {
        auto& all = node.children;
        std::stable_sort(all.begin(), all.end(),
                         [](const Node& a, const Node& b) { return a.name < b.name; });
        for (std::size_t i = 1; i < all.size(); ++i) {
            if (all[i - 1].name != all[i].name || findings_.size() >= kMostFindings) continue;
            std::string message = "\"";
            message += one_line(all[i].name, 80);
            message += "\" is said twice; the last one counts";
            findings_.push_back({all[i].key, std::move(message)});
        }
        const auto same = [](const Node& a, const Node& b) { return a.name == b.name; };
        const auto last = std::unique(all.rbegin(), all.rend(), same);
        all.erase(all.begin(), last.base());
    }

    std::string_view text_;
    std::size_t at_ = 0, values_ = 0;
    Finding failure_;
    std::vector<Finding> findings_;
};

}  // namespace

Blanks skip_blanks(std::string_view text, std::size_t at) {
    for (;;) {
        at = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
        const std::string_view rest = text.substr(at);
        if (rest.starts_with("//")) {
            at = std::min(text.find('\n', at), text.size());
        } else if (rest.starts_with("/*")) {
            const std::size_t close = text.find("*/", at + 2);
            if (close == std::string_view::npos) return {at, false};
            at = close + 2;
        } else {
            return {at, true};
        }
    }
}

const Node* Node::member(std::string_view wanted) const {
    const auto found =
        std::lower_bound(children.begin(), children.end(), wanted,
                         [](const Node& node, std::string_view sought) { return node.name < sought; });
    return found == children.end() || found->name != wanted ? nullptr : &*found;
}

const Node* Node::item(std::size_t index) const {
    return index < children.size() ? &children[index] : nullptr;
}

Result<Text, Finding> read_text(std::string_view text) { return Reader{text}.run(); }

Lines::Lines(std::string text) : text_{std::move(text)} {
    starts_.push_back(text_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1)) {
        starts_.push_back(at + 1);
    }
}

std::pair<int, int> Lines::position(std::size_t offset) const {
    offset = std::clamp(offset, starts_.front(), std::max(text_.size(), starts_.front()));
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const std::size_t start = *(next - 1);
    const std::string before = repair_utf8(std::string_view{text_}.substr(start, offset - start));
    return {static_cast<int>(next - starts_.begin()),
            static_cast<int>(length_in(before, PositionEncoding::utf16)) + 1};
}

void Lines::place(Span span, Problem& problem) const {
    std::tie(problem.line, problem.column) = position(span.begin);
    std::tie(problem.end_line, problem.end_column) = position(std::max(span.begin, span.end));
}

}  // namespace dragoman::config
