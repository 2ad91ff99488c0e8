#include "tests/support/strict_frames.h"

#include <charconv>

namespace dragoman::test {
namespace {

constexpr std::string_view kName = "Content-Length: ";
constexpr std::string_view kEnd = "\r\n\r\n";
constexpr std::size_t kMaxDigits = 10;

std::string excerpt(std::string_view bytes) {
    return nlohmann::json(bytes.substr(0, 60)).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace

bool StrictFrames::fail(std::string what) {
    violation_ = std::move(what);
    return false;
}

bool StrictFrames::read_one(std::vector<nlohmann::json>& messages) {
    const std::size_t seen = std::min(buffer_.size(), kName.size());
    if (buffer_.compare(0, seen, kName, 0, seen) != 0) return fail("not a frame: " + excerpt(buffer_));
    const std::size_t digits_end = buffer_.find_first_not_of("0123456789", kName.size());
    if (digits_end == std::string::npos) {
        if (buffer_.size() > kName.size() + kMaxDigits)
            return fail("a length that does not end: " + excerpt(buffer_));
        return false;
    }
    std::size_t length = 0;
    const char* const first = buffer_.data() + kName.size();
    const char* const last = buffer_.data() + digits_end;
    if (first == last || (*first == '0' && last - first > 1) || last - first > static_cast<long>(kMaxDigits))
        return fail("not a length: " + excerpt(buffer_));
    std::from_chars(first, last, length);
    const std::size_t tail = std::min(buffer_.size() - digits_end, kEnd.size());
    if (buffer_.compare(digits_end, tail, kEnd, 0, tail) != 0)
        return fail("not one header line: " + excerpt(buffer_));
    const std::size_t body = digits_end + kEnd.size();
    if (buffer_.size() < body + length) return false;

    auto message = nlohmann::json::parse(buffer_.begin() + static_cast<long>(body),
                                         buffer_.begin() + static_cast<long>(body + length), nullptr, false);
    if (!message.is_object())
        return fail("not a JSON object: " + excerpt(std::string_view{buffer_}.substr(body)));
    if (const auto version = message.find("jsonrpc"); version == message.end() || *version != "2.0")
        return fail("not JSON-RPC 2.0: " + excerpt(message.dump()));
    messages.push_back(std::move(message));
    buffer_.erase(0, body + length);
    return true;
}

void StrictFrames::feed(std::string_view bytes, std::vector<nlohmann::json>& messages) {
    if (!violation_.empty()) return;
    buffer_ += bytes;
    while (!buffer_.empty() && read_one(messages)) {
    }
}

void StrictFrames::end() {
    if (violation_.empty() && !buffer_.empty())
        violation_ = "the output ends inside a message: " + excerpt(buffer_);
}

}  // namespace dragoman::test
