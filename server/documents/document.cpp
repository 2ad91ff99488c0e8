#include "server/documents/document.h"

#include "server/documents/rope.h"

#include <algorithm>

namespace dragoman {
namespace {

using rope::Measure;

std::size_t Measure::*unit_of(PositionEncoding encoding) {
    switch (encoding) {
        case PositionEncoding::utf8: return &Measure::bytes;
        case PositionEncoding::utf16: return &Measure::utf16;
        case PositionEncoding::utf32: return &Measure::characters;
    }
    return &Measure::utf16;
}

rope::Tree build_repaired(std::string_view text) {
    return is_valid_utf8(text) ? rope::build(text) : rope::build(repair_utf8(text));
}

std::size_t from_wire(std::int64_t number) { return number < 0 ? 0 : static_cast<std::size_t>(number); }

}  // namespace

Text::Text() = default;
Text::Text(std::string_view text) : root_{build_repaired(text)} {}
Text::Text(std::shared_ptr<const rope::Node> root) : root_{std::move(root)} {}

std::size_t Text::size() const { return rope::total(root_).bytes; }

std::size_t Text::line_count() const { return rope::total(root_).breaks + 1; }

std::string Text::to_string() const { return slice(0, size()); }

std::string Text::slice(std::size_t begin, std::size_t end) const {
    end = std::min(end, size());
    std::string text;
    if (begin >= end) return text;
    text.reserve(end - begin);
    rope::append(root_, begin, end, text);
    return text;
}

std::size_t Text::line_start(std::size_t line) const {
    if (line == 0) return 0;
    return line < line_count() ? rope::find_break(root_, line).end : size();
}

std::size_t Text::line_end(std::size_t line) const {
    return line < line_count() - 1 ? rope::find_break(root_, line + 1).begin : size();
}

std::string Text::line(std::size_t line) const { return slice(line_start(line), line_end(line)); }

std::size_t Text::line_of(std::size_t offset) const {
    return rope::measure_before(root_, std::min(offset, size())).breaks;
}

std::size_t Text::offset_of(Position position, PositionEncoding encoding) const {
    const std::size_t line = from_wire(position.line), character = from_wire(position.character);
    if (line >= line_count()) return size();
    const std::size_t start = line_start(line), end = line_end(line);
    if (character >= end - start) {
        // No line has more units than bytes, so this is its end; and the sum below cannot overflow.
        return end;
    }
    if (encoding == PositionEncoding::utf8) return rope::floor_character(root_, start + character);
    const auto unit = unit_of(encoding);
    const std::size_t units_before_line = rope::measure_before(root_, start).*unit;
    return std::min(end, rope::find_unit(root_, units_before_line + character, unit));
}

Position Text::position_of(std::size_t offset, PositionEncoding encoding) const {
    offset = rope::floor_character(root_, std::min(offset, size()));
    const std::size_t line = line_of(offset), start = line_start(line);
    offset = std::min(offset, line_end(line));
    const Measure within = rope::measure_before(root_, offset) - rope::measure_before(root_, start);
    return {static_cast<std::int64_t>(line), static_cast<std::int64_t>(within.*unit_of(encoding))};
}

Text Text::replace(std::size_t begin, std::size_t end, std::string_view with) const {
    begin = rope::floor_character(root_, std::min(begin, size()));
    end = rope::floor_character(root_, std::clamp(end, begin, std::max(begin, size())));
    if (is_valid_utf8(with)) return Text{rope::replace(root_, begin, end, with)};
    return Text{rope::replace(root_, begin, end, repair_utf8(with))};
}

}  // namespace dragoman
