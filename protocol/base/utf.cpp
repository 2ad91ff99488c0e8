#include "protocol/base/utf.h"

#include "protocol/base/visible.h"

#include <algorithm>
#include <cstdint>

namespace dragoman {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

struct Scan {
    std::size_t bytes;  // length of the sequence, or of its ill-formed maximal subpart; at least 1
    bool valid;
    bool unfinished;  // ill-formed only because the text ends inside it
};

// One sequence at `at`, by the table of well-formed sequences (Unicode, table 3-7).
Scan scan(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {1, true, false};
    std::size_t length = 0;
    unsigned low = 0x80, high = 0xBF;  // bounds of the second byte
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    } else {
        return {1, false, false};
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (at + i >= text.size()) return {i, false, true};
        if (byte(i) < low || byte(i) > high) return {i, false, false};
        low = 0x80;
        high = 0xBF;
    }
    return {length, true, false};
}

// Units of a well-formed sequence of that many bytes.
std::size_t units_of(std::size_t bytes, PositionEncoding encoding) {
    switch (encoding) {
        case PositionEncoding::utf8: return bytes;
        case PositionEncoding::utf16: return bytes == 4 ? 2 : 1;
        case PositionEncoding::utf32: return 1;
    }
    return bytes;
}

std::size_t sequence_length(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

std::string_view wire_name(PositionEncoding encoding) {
    switch (encoding) {
        case PositionEncoding::utf8: return "utf-8";
        case PositionEncoding::utf16: return "utf-16";
        case PositionEncoding::utf32: return "utf-32";
    }
    return "utf-16";
}

std::size_t byte_offset(std::string_view line, std::size_t character, PositionEncoding encoding) {
    std::size_t at = 0, units = 0;
    while (at < line.size()) {
        const std::size_t bytes = std::min(sequence_length(line[at]), line.size() - at);
        const std::size_t next = units + units_of(bytes, encoding);
        if (next > character) return at;
        units = next;
        at += bytes;
    }
    return at;
}

std::size_t units_before(std::string_view line, std::size_t bytes, PositionEncoding encoding) {
    return length_in(line.substr(0, bytes), encoding);
}

std::size_t length_in(std::string_view text, PositionEncoding encoding) {
    if (encoding == PositionEncoding::utf8) return text.size();
    std::size_t units = 0;
    for (const char byte : text) {
        if (!is_continuation(byte)) units += units_of(sequence_length(byte), encoding);
    }
    return units;
}

bool is_valid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const Scan sequence = scan(text, at);
        if (!sequence.valid) return false;
        at += sequence.bytes;
    }
    return true;
}

std::string repair_utf8(std::string_view text) {
    if (is_valid_utf8(text)) return std::string{text};
    std::string repaired;
    repaired.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Scan sequence = scan(text, at);
        repaired.append(sequence.valid ? text.substr(at, sequence.bytes) : kReplacement);
        at += sequence.bytes;
    }
    return repaired;
}

std::string Utf8Repairer::feed(std::string_view bytes) {
    std::string joined;
    if (!held_.empty()) {
        joined = std::move(held_) + std::string{bytes};
        held_.clear();
        bytes = joined;
    }
    // An unfinished character can only begin in the last three bytes.
    const std::size_t from = bytes.size() < 3 ? 0 : bytes.size() - 3;
    for (std::size_t at = from; at < bytes.size(); ++at) {
        if (is_continuation(bytes[at])) continue;
        if (scan(bytes, at).unfinished) {
            held_ = bytes.substr(at);
            bytes = bytes.substr(0, at);
            break;
        }
    }
    return repair_utf8(bytes);
}

std::string Utf8Repairer::finish() {
    if (held_.empty()) return {};
    held_.clear();
    return std::string{kReplacement};
}

std::string_view truncate_utf8(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    std::size_t end = bytes;
    while (end > 0 && is_continuation(text[end])) --end;
    return text.substr(0, end);
}

std::string one_line(std::string_view text, std::size_t bytes) {
    // A gateway may send megabytes where a sentence is expected: look no further than can be shown.
    const std::string repaired = repair_utf8(truncate_utf8(text, bytes * 4 + 64));
    std::string line;
    bool blank = false;
    for (std::size_t at = 0; at < repaired.size();) {
        const std::size_t begin = at;
        const char32_t code = next_character(repaired, at);
        if (code <= 0x20 || is_control(code)) {
            blank = !line.empty();
            continue;
        }
        if (blank) line += ' ';
        blank = false;
        line += is_deceptive(code) ? "<" + code_point_name(code) + ">" : repaired.substr(begin, at - begin);
    }
    constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
    if (line.size() <= bytes) return line;
    if (bytes < kEllipsis.size()) return std::string{truncate_utf8(line, bytes)};
    return std::string{truncate_utf8(line, bytes - kEllipsis.size())}.append(kEllipsis);
}

}  // namespace dragoman
