// The LSP base protocol's frames: bytes in, bodies out, whatever the cuts.
//
// Pure: no file, no thread. Accepts what clients really send (header names in any case, bare LF, blanks,
// Content-Type before or after the length); refuses what would mean guessing where a frame ends. Memory
// grows with the bytes that came, never with the length that a header announces.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::jsonrpc {

inline constexpr std::size_t kMaxBody = 64U << 20U;
inline constexpr std::size_t kMaxHeader = 8U << 10U;  // bytes of one header block, line ends included
inline constexpr std::size_t kMaxHeaderLines = 32;

class FrameReader {
public:
    enum class Fault {
        none,
        header_too_long,     // above kMaxHeader or kMaxHeaderLines
        malformed_header,    // a line that is not `Name: value`
        no_length,           // header block without Content-Length
        bad_length,          // negative, not a number, two different ones
        body_too_large,      // above kMaxBody
        unsupported_charset  // Content-Type names a charset other than utf-8 (or utf8)
    };

    /// Appends to `bodies` every body that `bytes` completed. After a fault nothing more is read: the
    /// stream cannot be found again. Linear in `bytes`, however they are cut.
    void feed(std::string_view bytes, std::vector<std::string>& bodies);

    Fault fault() const { return fault_; }
    /// True between frames: an end of input here is a clean one. False after a fault.
    bool between_frames() const;

private:
    std::size_t feed_header(std::string_view bytes);
    std::size_t feed_body(std::string_view bytes);
    void end_line();
    void end_header();

    bool in_body_ = false;
    std::string line_;  // the header line so far
    std::size_t header_bytes_ = 0, header_lines_ = 0;
    std::optional<std::size_t> length_;
    std::string body_;
    Fault fault_ = Fault::none;
};

/// One sentence for the log.
std::string_view describe(FrameReader::Fault fault);

/// `body` with the one header line an editor needs.
std::string frame(std::string_view body);

}  // namespace dragoman::jsonrpc
