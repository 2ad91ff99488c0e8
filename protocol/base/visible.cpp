#include "protocol/base/visible.h"

#include "protocol/base/utf.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace dragoman {
namespace {

constexpr std::string_view kCut = "[…]";

struct Range {
    char32_t first, last;
};

// Unicode 15: Default_Ignorable_Code_Point, White_Space beyond U+0020, line and paragraph separators, the
// interlinear marks, and what has no meaning of its own (private use, noncharacters).
constexpr std::array<Range, 24> kUnseen{{
    {0x00A0, 0x00A0},   {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x061C, 0x061C},    {0x115F, 0x1160},
    {0x1680, 0x1680},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x2000, 0x200F},    {0x2028, 0x202F},
    {0x205F, 0x206F},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},    {0xE000, 0xF8FF},
    {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},    {0xFFF0, 0xFFFB},
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF},
}};

bool is_unseen(char32_t code) {
    return std::any_of(kUnseen.begin(), kUnseen.end(),
                       [code](const Range& range) { return code >= range.first && code <= range.last; });
}

}  // namespace

char32_t next_character(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) return lead;
    char32_t code = lead < 0xE0 ? lead & 0x1FU : lead < 0xF0 ? lead & 0x0FU : lead & 0x07U;
    for (; at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80; ++at) {
        code = code << 6U | (static_cast<unsigned char>(text[at]) & 0x3FU);
    }
    return code;
}

bool is_control(char32_t code) {
    return (code < 0x20 && code != U'\n' && code != U'\t') || (code >= 0x7F && code < 0xA0);
}

bool is_deceptive(char32_t code) {
    return code == 0x200B || (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x2069) ||
           code == 0xFEFF || (code >= 0xE0000 && code <= 0xE007F);
}

std::string code_point_name(char32_t code) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr int kLeastDigits = 4;
    std::string digits;
    for (auto rest = static_cast<std::uint32_t>(code); rest != 0 || digits.size() < kLeastDigits; rest >>= 4U)
        digits.insert(digits.begin(), kHex[rest & 15U]);
    return "U+" + digits;
}

Shown visible(std::string_view text, std::size_t bytes) {
    const std::string valid = repair_utf8(text);
    Shown out;
    for (std::size_t at = 0; at < valid.size();) {
        const std::size_t begin = at;
        const char32_t code = next_character(valid, at);
        const bool hidden = code < 0x20 || code == U'"' || is_control(code) || is_unseen(code);
        const std::string piece =
            hidden ? "<" + code_point_name(code) + ">" : valid.substr(begin, at - begin);
        if (out.text.size() + piece.size() > bytes) {
            out.text += kCut;
            out.whole = false;
            break;
        }
        out.text += piece;
    }
    return out;
}

}  // namespace dragoman
