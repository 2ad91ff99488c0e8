#include "server/upstream/wire/decoder.h"

#include "server/upstream/wire/answer.h"
#include "server/upstream/wire/chat_chunks.h"
#include "server/upstream/wire/errors.h"
#include "server/upstream/wire/json_extent.h"
#include "server/upstream/wire/lenient_json.h"
#include "server/upstream/wire/responses_events.h"
#include "server/upstream/wire/sse.h"
#include "server/upstream/wire/text.h"

#include <algorithm>
#include <array>

namespace dragoman::wire {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kDone = "[DONE]";
constexpr std::size_t kJsonBody = 64U << 20U;
constexpr std::size_t kErrorBody = 4U << 20U;  // of a refusal or a page; the rest is not read
constexpr std::size_t kStrayLines = 64U << 10U;

// How compressed bodies begin.
constexpr std::array<std::string_view, 2> kCompressed = {"\x1F\x8B", "\x28\xB5\x2F\xFD"};

Error unreadable(std::string message, std::string hint) {
    Error error;
    error.kind = ErrorKind::bad_response;
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}

Error too_large() {
    return unreadable("The gateway's answer is larger or deeper than any real answer.",
                      "Check that the base URL leads to an OpenAI-compatible API.");
}

Error no_api() {
    return unreadable("The gateway sent a stream in which nothing is of the API.",
                      "Check that the base URL leads to an OpenAI-compatible API.");
}

/// HTTP says that the body is whole.
Error half_of_json() {
    Error error;
    error.kind = ErrorKind::network;
    error.message = "The gateway's answer ends in the middle of its JSON.";
    error.hint = "Try again; if it happens often, a proxy between here and the gateway may cut long answers.";
    error.retryable = true;
    return error;
}

Error compressed() {
    return unreadable("The gateway sent a compressed answer without saying so (no Content-Encoding).",
                      "Turn compression off at the gateway or at the proxy before it.");
}

}  // namespace

class Decoder::Impl final : SseSink {
public:
    explicit Impl(DecoderOptions options)
        : options_{std::move(options)},
          answer_{options_, head_, emitter_},
          chat_{answer_},
          responses_{answer_} {}

    void head(int status, const Headers& headers) {
        head_.status = status == 0 ? 200 : status;
        head_.headers = headers;
        if (head_.status >= 400) body_ = Body::refusal;
    }
    void feed(std::string_view bytes, Events& out);
    void end(End how, Events& out);
    bool ended() const { return emitter_.ended(); }
    bool finished() const { return !ended() && answer_.all_finished(); }

private:
    enum class Body { unknown, stream, json, page, refusal };

    void sniff(std::string_view bytes);
    void feed_known(std::string_view bytes);
    void feed_json(std::string_view bytes);
    void read_json_body();
    void end_stream();
    bool fail_by_stray_lines();
    void fail_by_body(std::string_view body) {
        answer_.fail(read_error(head_.status, head_.headers,
                                options_.redact ? options_.redact(body) : std::string{body}));
    }

    void on_event(std::string_view type, std::string_view data) override;
    bool on_data_continues(std::string_view type, std::string_view data) override;
    void on_stray_line(std::string_view line) override;
    void on_unterminated(std::string_view type, std::string_view data) override;

    void strange(std::string_view tag) {
        strange_ = true;
        emitter_.warn(tag);
    }
    void read_value(std::string_view type, const Json& value, bool last);
    void read_object(std::string_view type, const Json& object, bool last);
    static bool means_failure(std::string_view type, const Json& object);

    DecoderOptions options_;
    Head head_;
    Emitter emitter_;
    Answer answer_;
    ChatChunks chat_;
    ResponsesEvents responses_;

    Body body_ = Body::unknown;
    std::string buffer_;  // the start while it is unknown, then a body that is read whole
    JsonExtent extent_;
    SseParser sse_;
    std::string stray_lines_;
    bool heard_ = false;    // a stream has brought an event
    bool strange_ = false;  // an event was nothing of the API
    bool known_ = false;    // an event was of the API
    bool cut_off_ = false;  // the stream ended inside an event
};

void Decoder::Impl::feed(std::string_view bytes, Events& out) {
    if (ended()) return;
    emitter_.attach(out);
    if (body_ == Body::unknown) {
        sniff(bytes);
    } else {
        feed_known(bytes);
    }
    if (ended()) {
        sse_.stop();
        buffer_ = {};
    }
}

// The first byte that is not blank tells. Blank lines before it keep a connection alive.
void Decoder::Impl::sniff(std::string_view bytes) {
    buffer_.append(bytes);
    std::string_view rest = buffer_;
    const bool bom = rest.starts_with(kBom);
    if (bom) {
        rest.remove_prefix(kBom.size());
    } else if (kBom.starts_with(rest)) {
        return;
    }
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
    for (const auto magic : kCompressed) {
        if (rest.starts_with(magic)) return answer_.fail(compressed());
        if (magic.starts_with(rest)) {
            buffer_ = std::string{bom ? kBom : ""}.append(rest);
            return;
        }
    }
    const char first = rest.front();
    body_ = first == '{' || first == '[' ? Body::json : first == '<' ? Body::page : Body::stream;
    const std::string start = std::string{bom && body_ == Body::stream ? kBom : ""}.append(rest);
    buffer_.clear();
    feed_known(start);
}

void Decoder::Impl::feed_known(std::string_view bytes) {
    switch (body_) {
        case Body::stream:
            if (!sse_.feed(bytes, *this)) answer_.fail(too_large());
            break;
        case Body::json: feed_json(bytes); break;
        case Body::page:
        case Body::refusal:
            buffer_.append(bytes.substr(0, kErrorBody - std::min(kErrorBody, buffer_.size())));
            break;
        case Body::unknown: break;
    }
}

void Decoder::Impl::feed_json(std::string_view bytes) {
    buffer_.append(bytes.substr(0, extent_.feed(bytes)));
    if (buffer_.size() > kJsonBody) return answer_.fail(too_large());
    if (extent_.complete()) read_json_body();
}

void Decoder::Impl::read_json_body() {
    if (buffer_ == kDone) return answer_.end();
    const auto [value, repaired] = parse_lenient(buffer_);
    if (repaired) emitter_.warn("repaired-json");
    if (!value) {
        if (value.error().what != JsonFailure::What::syntax) return answer_.fail(too_large());
        return fail_by_body(buffer_);
    }
    read_value({}, *value, true);
    if (answer_.begun()) {
        answer_.end();
    } else if (!ended()) {
        fail_by_body(buffer_);
    }
}

void Decoder::Impl::end(End how, Events& out) {
    if (ended()) return;
    emitter_.attach(out);
    switch (body_) {
        case Body::stream:
            sse_.finish(*this);
            end_stream();
            break;
        case Body::json:
            how == End::complete && !answer_.begun() ? answer_.fail(half_of_json()) : answer_.end();
            break;
        case Body::unknown:
            if (how == End::cut) return answer_.end();
            [[fallthrough]];
        case Body::page:
        case Body::refusal: fail_by_body(buffer_); break;
    }
}

// The end of the bytes, or the marker that says so.
void Decoder::Impl::end_stream() {
    if (ended()) return;
    if (!answer_.finished()) {
        if (fail_by_stray_lines()) return;
        if (responses_.all_items_done()) return responses_.end_without_completed();
        if (strange_ && !known_ && !cut_off_) return answer_.fail(no_api());
    }
    answer_.end();
}

bool Decoder::Impl::fail_by_stray_lines() {
    const auto json = first_json_value(
        std::string_view{stray_lines_}.substr(std::min(stray_lines_.find('{'), stray_lines_.size())));
    if (!json.empty()) {
        const auto value = parse_lenient(json).value;
        if (value && is_error_object(*value)) {
            answer_.fail(*value);
            return true;
        }
    }
    if (heard_ || stray_lines_.empty()) return false;
    fail_by_body(stray_lines_);
    return true;
}

void Decoder::Impl::on_event(std::string_view type, std::string_view data) {
    const auto text = trim_ascii(data);
    if (text.empty()) return;
    heard_ = true;
    if (text == kDone) return end_stream();
    if (text.starts_with(kDone)) return emitter_.warn("bad-done");
    const auto [value, repaired] = parse_lenient(text);
    if (repaired) emitter_.warn("repaired-json");
    if (value) return read_value(type, *value, false);
    if (value.error().what != JsonFailure::What::syntax) return answer_.fail(too_large());
    strange("bad-json");
}

// Servers that end their data lines with a single LF send many answers in what is one event by the
// standard. A whole JSON value, or what cannot begin one, is never continued by another line.
bool Decoder::Impl::on_data_continues(std::string_view type, std::string_view data) {
    const auto text = trim_ascii(data);
    if (text.empty()) return false;
    const bool begins = text.front() == '{' || text.front() == '[';
    if (begins && text != kDone) {
        if (text.back() != '}' && text.back() != ']') return false;
        const auto value = parse_lenient(text).value;
        if (!value) return false;
        heard_ = true;
        emitter_.warn("joined-data");
        read_value(type, *value, false);
    } else {
        on_event(type, text);
    }
    if (ended()) sse_.stop();
    return true;
}

void Decoder::Impl::on_stray_line(std::string_view line) {
    const auto text = trim_ascii(line);
    if (text == kDone) return end_stream();
    constexpr std::string_view kError = "error:";
    if (text.starts_with(kError)) {
        const auto value = parse_lenient(trim_ascii(text.substr(kError.size()))).value;
        if (value && value->is_object()) {
            return answer_.fail(find(*value, "error") ? *value : Json{{"error", *value}});
        }
    }
    emitter_.warn("unknown-line");
    if (stray_lines_.size() + line.size() + 1 <= kStrayLines) {
        stray_lines_.append(line).push_back('\n');
    } else if (!heard_) {
        fail_by_body(stray_lines_.empty() ? line : stray_lines_);
    }
}

void Decoder::Impl::on_unterminated(std::string_view type, std::string_view data) {
    const auto text = trim_ascii(data);
    const bool whole =
        text == kDone || ((text.starts_with('{') || text.starts_with('[')) && parse_lenient(text).value);
    if (!whole) {
        heard_ = cut_off_ = true;
        return;
    }
    emitter_.warn("unterminated");
    on_event(type, text);
}

void Decoder::Impl::read_value(std::string_view type, const Json& value, bool last) {
    if (value.is_object()) return read_object(type, value, last);
    if (!value.is_array()) return strange("not-an-object");
    for (const auto& element : value) {
        if (element.is_object() && !ended()) read_object(type, element, last);
    }
}

void Decoder::Impl::read_object(std::string_view type, const Json& object, bool last) {
    if (const auto said = text_of(object, "type"); !said.empty()) type = said;
    if (means_failure(type, object)) return answer_.fail(object);
    if (find(object, "error")) emitter_.warn("empty-error");
    const Json* data = find(object, "data");
    const bool chat = object.contains("choices") || (!data && object.contains("usage"));
    known_ = known_ || chat || type.starts_with("response.") || ChatChunks::is_native(object);
    if (type.starts_with("response.")) {
        responses_.read(type, object);
    } else if (text_of(object, "object") == "response") {
        responses_.read_response(object);
    } else if (chat) {
        chat_.read(object, last);
    } else if (ChatChunks::is_native(object)) {
        chat_.read_native(object);
    } else if (data && (array_of(*data, "choices") || text_of(*data, "object") == "response")) {
        read_object(type, *data, last);
    } else if (!object.empty() && type != "ping") {
        strange("unknown-object");
    }
}

// What carries an answer fails only by its own `error`; anything else by any of the shapes of a refusal.
bool Decoder::Impl::means_failure(std::string_view type, const Json& object) {
    if (type == "error" || type == "response.error") return true;
    if (!type.starts_with("response.") && !object.contains("choices") && !ChatChunks::is_native(object)) {
        return is_error_object(object);
    }
    const Json* error = find(object, "error");
    return error && is_error_object(Json{{"error", *error}});
}

Decoder::Decoder(DecoderOptions options) : impl_{std::make_unique<Impl>(std::move(options))} {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

void Decoder::head(int status, const Headers& headers) { impl_->head(status, headers); }
void Decoder::feed(std::string_view bytes, Events& out) { impl_->feed(bytes, out); }
void Decoder::end(End how, Events& out) { impl_->end(how, out); }
bool Decoder::ended() const { return impl_->ended(); }
bool Decoder::finished() const { return impl_->finished(); }

}  // namespace dragoman::wire
