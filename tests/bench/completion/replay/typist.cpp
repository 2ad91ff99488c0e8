#include "tests/bench/completion/replay/typist.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace dragoman::bench {
namespace {

constexpr std::string_view kOpeners = "([{\"", kClosers = ")]}\"";

std::size_t blanks_at(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(" \t", at), text.size()) - at;
}

}  // namespace

bool EditorText::press(std::string_view key) {
    if (key == "\\d") return go_down();
    if (key == "\\n") {
        enter();
    } else if (key == "\\b") {
        backspace();
    } else {
        type(key == "\\s" ? ' ' : key.front());
    }
    return true;
}

void EditorText::type(char c) {
    before += c;
    if (added > 0 && behind.front() == c && kClosers.find(c) != std::string_view::npos) {
        behind.erase(0, 1);
        --added;
    } else if (const auto opener = kOpeners.find(c); opener != std::string_view::npos) {
        behind.insert(0, 1, kClosers[opener]);
        ++added;
    }
}

void EditorText::enter() {
    const std::size_t line = before.rfind('\n') + 1;
    const std::string indentation = before.substr(line, blanks_at(before, line));
    if (line + indentation.size() == before.size()) before.resize(line);  // no blanks on an empty line
    const bool opens = before.ends_with('{');
    if (opens && added > 0 && behind.front() == '}') {
        behind.insert(0, "\n" + indentation);
        added += 1 + indentation.size();
    }
    before += "\n" + indentation + (opens ? "    " : "");
}

void EditorText::backspace() {
    const auto opener = kOpeners.find(before.back());
    before.pop_back();
    if (opener != std::string_view::npos && added > 0 && behind.front() == kClosers[opener]) {
        behind.erase(0, 1);
        --added;
    }
}

bool EditorText::go_down() {
    if (!behind.starts_with('\n')) return false;
    const std::size_t closer = 1 + blanks_at(behind, 1);
    if (closer >= added || behind[closer] != '}') return false;
    before += behind.substr(0, closer + 1);
    behind.erase(0, closer + 1);
    added -= closer + 1;
    return true;
}

Session read_session(const std::string& path) {
    std::ifstream file(path);
    Session session;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("# ")) continue;
        if (line.starts_with('<') || line.starts_with('>')) {
            (line[0] == '<' ? session.begin.before : session.begin.behind) +=
                line.substr(std::min<std::size_t>(2, line.size())) + "\n";
            continue;
        }
        const auto space = line.find(' ');
        if (space == std::string::npos || space + 1 == line.size()) {
            throw std::runtime_error{path + ": no key in \"" + line + "\""};
        }
        session.keys.push_back({.gap = Milliseconds{std::stoi(line.substr(0, space))},
                                .key = line.substr(space + 1),
                                .after = {}});
    }
    if (session.keys.empty()) throw std::runtime_error{path + " holds no keys"};
    EditorText text = session.begin;
    for (Keystroke& key : session.keys) {
        if (!text.press(key.key)) throw std::runtime_error{path + ": " + key.key + " has nowhere to go"};
        key.after = text;
    }
    session.target = text.whole();
    return session;
}

}  // namespace dragoman::bench
