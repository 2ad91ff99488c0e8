#include "protocol/jsonrpc/framing.h"

#include <algorithm>

namespace dragoman::jsonrpc {
namespace {

using Fault = FrameReader::Fault;

std::string_view trim(std::string_view text, std::string_view blanks = " \t") {
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

// Decimal digits only. Beyond kMaxBody the exact value is of no interest, which rules out overflow.
Fault read_length(std::string_view digits, std::size_t& length) {
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
        return Fault::bad_length;
    }
    length = 0;
    for (const char digit : digits) {
        length = length * 10 + static_cast<std::size_t>(digit - '0');
        if (length > kMaxBody) return Fault::body_too_large;
    }
    return Fault::none;
}

// A media type without charset means utf-8 (LSP, base protocol); `utf8` is what old peers write.
bool is_utf8_type(std::string_view media_type) {
    for (std::size_t at = media_type.find(';'); at != std::string_view::npos;) {
        const std::size_t next = media_type.find(';', at + 1);
        const std::string_view parameter = media_type.substr(at + 1, next - at - 1);
        const std::size_t equals = parameter.find('=');
        if (equals != std::string_view::npos && same_word(trim(parameter.substr(0, equals)), "charset")) {
            const std::string_view charset = trim(parameter.substr(equals + 1), " \t\"");
            return same_word(charset, "utf-8") || same_word(charset, "utf8");
        }
        at = next;
    }
    return true;
}

}  // namespace

void FrameReader::feed(std::string_view bytes, std::vector<std::string>& bodies) {
    while (fault_ == Fault::none && !bytes.empty()) {
        bytes.remove_prefix(in_body_ ? feed_body(bytes) : feed_header(bytes));
        if (in_body_ && body_.size() == *length_) {
            bodies.push_back(std::move(body_));
            body_ = {};
            in_body_ = false;
            header_bytes_ = header_lines_ = 0;
            length_.reset();
        }
    }
}

bool FrameReader::between_frames() const { return fault_ == Fault::none && !in_body_ && header_bytes_ == 0; }

// Takes what belongs to the current header line; how many bytes that were.
std::size_t FrameReader::feed_header(std::string_view bytes) {
    const std::size_t newline = bytes.find('\n');
    const std::size_t taken = newline == std::string_view::npos ? bytes.size() : newline + 1;
    header_bytes_ += taken;
    if (header_bytes_ > kMaxHeader) {
        fault_ = Fault::header_too_long;
        return taken;
    }
    line_.append(bytes.substr(0, taken));
    if (newline != std::string_view::npos) end_line();
    return taken;
}

std::size_t FrameReader::feed_body(std::string_view bytes) {
    const std::size_t taken = std::min(bytes.size(), *length_ - body_.size());
    body_.append(bytes.substr(0, taken));
    return taken;
}

void FrameReader::end_line() {
    const std::string whole = std::move(line_);
    line_.clear();
    const std::string_view line = trim(whole, " \t\r\n");
    if (line.empty()) return end_header();
    if (++header_lines_ > kMaxHeaderLines) {
        fault_ = Fault::header_too_long;
        return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
        fault_ = Fault::malformed_header;
        return;
    }
    const std::string_view name = trim(line.substr(0, colon)), value = trim(line.substr(colon + 1));
    if (same_word(name, "Content-Length")) {
        std::size_t length = 0;
        fault_ = read_length(value, length);
        if (length_.value_or(length) != length) fault_ = Fault::bad_length;
        length_ = length;
    } else if (same_word(name, "Content-Type") && !is_utf8_type(value)) {
        fault_ = Fault::unsupported_charset;
    }
}

void FrameReader::end_header() {
    if (length_) {
        in_body_ = true;
    } else {
        fault_ = Fault::no_length;
    }
}

std::string_view describe(FrameReader::Fault fault) {
    switch (fault) {
        case Fault::none: return "no fault";
        case Fault::header_too_long: return "a message header is longer than 8 KiB or 32 lines";
        case Fault::malformed_header: return "a message header holds a line that is not `Name: value`";
        case Fault::no_length: return "a message header has no Content-Length";
        case Fault::bad_length: return "a Content-Length is not one plain decimal number";
        case Fault::body_too_large: return "a message is announced as larger than 64 MiB";
        case Fault::unsupported_charset: return "a Content-Type names a charset other than utf-8";
    }
    return "unknown fault";
}

std::string frame(std::string_view body) {
    std::string framed = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    framed.append(body);
    return framed;
}

}  // namespace dragoman::jsonrpc
