#include "server/upstream/wire/sse.h"

#include <cstring>

namespace dragoman::wire {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::size_t kBomDone = 4;
// A buffer that held an unusually long event is given back; everyday events reuse theirs.
constexpr std::size_t kKeptCapacity = 1U << 20U;

std::size_t find_byte(std::string_view text, char byte, std::size_t from) {
    if (from >= text.size()) return std::string_view::npos;
    const void* hit = std::memchr(text.data() + from, byte, text.size() - from);
    return hit ? static_cast<std::size_t>(static_cast<const char*>(hit) - text.data())
               : std::string_view::npos;
}

void reset(std::string& buffer) {
    if (buffer.capacity() > kKeptCapacity) {
        buffer = {};
    } else {
        buffer.clear();
    }
}

}  // namespace

bool SseParser::skip_bom(std::string_view& bytes) {
    while (bom_ < kBom.size() && !bytes.empty()) {
        if (bytes.front() != kBom[bom_]) {
            line_.assign(kBom.substr(0, bom_));
            bom_ = kBomDone;
            return true;
        }
        bytes.remove_prefix(1);
        ++bom_;
    }
    if (bom_ == kBom.size()) bom_ = kBomDone;
    return bom_ == kBomDone;
}

bool SseParser::feed(std::string_view bytes, SseSink& sink) {
    if (over_ || (bom_ != kBomDone && !skip_bom(bytes))) return !over_;
    std::size_t start = 0;
    std::size_t lf = find_byte(bytes, '\n', 0);
    while (start < bytes.size() && !stopped_ && !over_) {
        if (after_cr_) {
            after_cr_ = false;
            if (bytes[start] == '\n') {
                lf = find_byte(bytes, '\n', ++start);
                continue;
            }
        }
        const std::string_view rest = bytes.substr(start, lf == std::string_view::npos ? lf : lf - start);
        const std::size_t cr = find_byte(rest, '\r', 0);
        const std::string_view piece = rest.substr(0, cr);
        if (line_.size() + piece.size() > limits_.line) {
            over_ = true;
            break;
        }
        if (cr == std::string_view::npos && lf == std::string_view::npos) {
            line_.append(piece);
            break;
        }
        start += piece.size() + 1;
        after_cr_ = cr != std::string_view::npos;
        if (!after_cr_) lf = find_byte(bytes, '\n', start);
        if (line_.empty()) {
            take_line(piece, sink);
        } else {
            line_.append(piece);
            take_line(line_, sink);
            reset(line_);
        }
    }
    return !over_;
}

bool SseParser::finish(SseSink& sink) {
    if (bom_ < kBom.size()) line_.assign(kBom.substr(0, bom_));
    if (!over_ && !stopped_ && !line_.empty()) take_line(line_, sink);
    reset(line_);
    if (over_ || stopped_ || data_lines_ == 0) return !over_;
    sink.on_unterminated(type(), std::string_view{data_}.substr(0, data_.size() - 1));
    return true;
}

std::string_view SseParser::type() const {
    return event_.empty() ? std::string_view{"message"} : std::string_view{event_};
}

void SseParser::take_line(std::string_view line, SseSink& sink) {
    if (line.empty()) return dispatch(sink);
    if (line.front() == ':') return;
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    std::string_view value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
    if (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    if (name == "data") return take_data(value, sink);
    if (name == "event") {
        event_.assign(value);
    } else if (name != "id" && name != "retry") {
        sink.on_stray_line(line);
    }
}

void SseParser::take_data(std::string_view value, SseSink& sink) {
    if (data_lines_ == 1 &&
        sink.on_data_continues(type(), std::string_view{data_}.substr(0, data_.size() - 1))) {
        reset(data_);
        data_lines_ = 0;
    }
    if (data_.size() + value.size() + 1 > limits_.event) {
        over_ = true;
        return;
    }
    data_.append(value);
    data_.push_back('\n');
    ++data_lines_;
}

void SseParser::dispatch(SseSink& sink) {
    if (data_lines_ > 0) {
        sink.on_event(type(), std::string_view{data_}.substr(0, data_.size() - 1));
        reset(data_);
        data_lines_ = 0;
    }
    event_.clear();
}

}  // namespace dragoman::wire
