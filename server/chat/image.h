// Pictures that are attached to a question. Pure.
//
// They stay in base64 from the editor to the gateway, because both speak it; what is decoded is looked at
// and dropped. Nothing here reads a picture further than the bytes that name its format.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dragoman::chat {

/// Copies share the bytes.
struct Image {
    std::string mime_type;
    std::shared_ptr<const std::string> data;  // base64 (RFC 4648, padded)
    std::string uri{};                        // of its file, where the client tells
};

inline constexpr std::size_t kMostImageBytes = 20U << 20U;  // decoded

/// Why this cannot be sent as an image, in words that follow the item's name and say what to do; nothing
/// where it can. PNG, JPEG, GIF and WebP are what OpenAI, Anthropic and Google all take.
std::optional<std::string> image_trouble(std::string_view mime_type, std::string_view base64);

/// The media type that the first bytes of a file tell; empty for no image that can be sent.
std::string image_type(std::string_view bytes);

std::string encode_base64(std::string_view bytes);

/// "data:image/png;base64,..."
std::string data_url(const Image& image);

}  // namespace dragoman::chat
