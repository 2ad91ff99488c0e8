#include "server/chat/image.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace dragoman::chat {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xFF;

constexpr std::array<std::uint8_t, 256> values() {
    std::array<std::uint8_t, 256> out{};
    for (auto& one : out) one = kNone;
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        out[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    return out;
}
constexpr auto kValues = values();

std::uint8_t value_of(char c) { return kValues[static_cast<unsigned char>(c)]; }

std::size_t padding_of(std::string_view base64) {
    std::size_t padding = 0;
    while (padding < 2 && padding < base64.size() && base64[base64.size() - 1 - padding] == '=') ++padding;
    return padding;
}

std::size_t decoded_size(std::string_view base64) {
    return base64.size() < 4 ? 0 : base64.size() / 4 * 3 - padding_of(base64);
}

/// The position of the first byte that padded base64 cannot have there; nothing where all is well.
std::optional<std::size_t> flaw_in(std::string_view text) {
    const std::size_t padding = padding_of(text);
    const std::size_t end = text.size() - padding;
    for (std::size_t i = 0; i < end; ++i)
        if (value_of(text[i]) == kNone) return i;
    if (text.size() % 4 != 0) return text.size();
    // The bits of the last character that stand for nothing are zero (RFC 4648, 3.5).
    const unsigned spare = padding == 2 ? 0x0FU : padding == 1 ? 0x03U : 0U;
    if (padding > 0 && (value_of(text[end - 1]) & spare) != 0) return end - 1;
    return std::nullopt;
}

/// The first bytes that `text`, which is base64, stands for.
std::string beginning_of(std::string_view text, std::size_t bytes) {
    std::string out;
    unsigned bits = 0, held = 0;
    for (const char c : text) {
        if (c == '=' || out.size() == bytes) break;
        held = (held << 6U) | value_of(c);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out += static_cast<char>((held >> bits) & 0xFFU);
    }
    return out;
}

struct Format {
    std::string_view mime_type, begins, also;  // `also` stands at byte 8
};
constexpr std::array kFormats = {
    Format{"image/png", "\x89PNG\r\n\x1a\n", ""},
    Format{"image/jpeg", "\xFF\xD8\xFF", ""},
    Format{"image/gif", "GIF87a", ""},
    Format{"image/gif", "GIF89a", ""},
    Format{"image/webp", "RIFF", "WEBP"},
};
constexpr std::size_t kTellingBytes = 16;

std::string in_megabytes(std::size_t bytes) {
    const std::size_t tenths = (bytes * 10 + (1U << 20U) - 1) >> 20U;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

}  // namespace

std::string image_type(std::string_view bytes) {
    const auto* row = std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& format) {
        return bytes.starts_with(format.begins) &&
               bytes.substr(std::min<std::size_t>(8, bytes.size())).starts_with(format.also);
    });
    return row == kFormats.end() ? std::string{} : std::string{row->mime_type};
}

std::optional<std::string> image_trouble(std::string_view mime_type, std::string_view base64) {
    const bool known = std::any_of(kFormats.begin(), kFormats.end(),
                                   [&](const Format& format) { return format.mime_type == mime_type; });
    if (!known) return "mimeType must be image/png, image/jpeg, image/gif or image/webp; convert the image";
    if (base64.empty()) return "data is empty; attach the image again";
    const std::size_t bytes = decoded_size(base64);
    if (bytes > kMostImageBytes)
        return "the image has " + in_megabytes(bytes) +
               ", at most 20 MiB can be sent; make it smaller or cut out what matters";
    if (const auto flaw = flaw_in(base64))
        return "data is not base64 from character " + std::to_string(*flaw + 1) +
               " on (RFC 4648: padded, no line breaks, no data: prefix); attach the image again";
    const std::string type = image_type(beginning_of(base64, kTellingBytes));
    if (type.empty()) return "data is no PNG, JPEG, GIF or WebP image; it may be broken, attach it again";
    if (type != mime_type) return "data is " + type + ", but mimeType says otherwise; correct one of them";
    return std::nullopt;
}

std::string encode_base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::size_t length = std::min<std::size_t>(3, bytes.size() - at);
        unsigned group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = (group << 8U) | (i < length ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        for (unsigned i = 0; i < 4; ++i)
            out += i <= length ? kAlphabet[(group >> (18 - 6 * i)) & 0x3FU] : '=';
    }
    return out;
}

std::string data_url(const Image& image) { return "data:" + image.mime_type + ";base64," + *image.data; }

}  // namespace dragoman::chat
