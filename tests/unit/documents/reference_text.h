// What LSP says about lines and positions, written down in the plainest way: a string, scanned from the
// start each time. The texts of the daemon are compared with it.
#pragma once

#include "protocol/base/utf.h"
#include "server/documents/document.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

class ReferenceText {
public:
    explicit ReferenceText(std::string text) : text_{std::move(text)} {
        std::size_t begin = 0;
        for (std::size_t at = 0; at < text_.size(); ++at) {
            if (text_[at] != '\n' && text_[at] != '\r') continue;
            lines_.emplace_back(begin, at);
            if (text_.compare(at, 2, "\r\n") == 0) ++at;
            begin = at + 1;
        }
        lines_.emplace_back(begin, text_.size());
    }

    /// Begin and end of each line in bytes, without its line end.
    const std::vector<std::pair<std::size_t, std::size_t>>& lines() const { return lines_; }

    std::size_t offset_of(dragoman::Position position, dragoman::PositionEncoding encoding) const {
        const auto line = static_cast<std::size_t>(position.line < 0 ? 0 : position.line);
        if (line >= lines_.size()) return text_.size();
        const auto [begin, end] = lines_[line];
        const auto character = static_cast<std::size_t>(position.character < 0 ? 0 : position.character);
        return begin + dragoman::byte_offset(text_.substr(begin, end - begin), character, encoding);
    }

    dragoman::Position position_of(std::size_t offset, dragoman::PositionEncoding encoding) const {
        std::size_t line = lines_.size() - 1;
        while (lines_[line].first > offset) --line;
        const auto [begin, end] = lines_[line];
        const std::size_t bytes = (offset < end ? offset : end) - begin;
        // A byte count inside a character stands for the character's start.
        const std::string content = text_.substr(begin, end - begin);
        const std::size_t whole = dragoman::truncate_utf8(content, bytes).size();
        return {static_cast<std::int64_t>(line),
                static_cast<std::int64_t>(dragoman::units_before(content, whole, encoding))};
    }

private:
    std::string text_;
    std::vector<std::pair<std::size_t, std::size_t>> lines_;
};
