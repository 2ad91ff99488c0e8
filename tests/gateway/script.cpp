#include "tests/gateway/script.h"

#include "tests/gateway/voice.h"

#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace dragoman::test {
namespace {

/// Turns steps into actions. Without `stream` nothing is sent before the end, which is then one object.
class Renderer {
public:
    Renderer(const HttpRequest& request, const Dialect& dialect, const std::optional<TokenUsage>& usage)
        : request_{request}, dialect_{dialect}, usage_{usage} {
        const auto found = request.json.is_object() ? request.json.find("stream") : request.json.end();
        stream_ = found != request.json.end() && found->is_boolean() && found->get<bool>();
    }

    void operator()(const step::Bytes& step) { send(step.bytes); }
    void operator()(const step::Event& step) {
        typed_ = true;
        send(sse(step.json, step.name));
    }
    void operator()(const step::Text& step) { say(voice().text(step.text)); }
    void operator()(const step::Reasoning& step) { say(voice().reasoning(step.text)); }
    void operator()(const step::ToolCall& step) { say(voice().tool_call(step)); }
    void operator()(const step::Finish& step) {
        const std::string last = voice().finish(step.reason);
        send(stream_ ? last : voice().whole().dump());
    }
    template <class Passed>
    void operator()(const Passed& action) {
        actions.emplace_back(action);
    }

    /// What the body is, when the script does not say.
    std::string content_type() const {
        if (voice_ == nullptr && !typed_) return {};
        return voice_ != nullptr && !stream_ ? "application/json" : "text/event-stream";
    }

    std::vector<Action> actions;

private:
    Voice& voice() {
        if (voice_ == nullptr)
            voice_ = make_voice(api_form(dialect_, request_.path()), request_, dialect_, usage_);
        return *voice_;
    }
    void say(std::string bytes) {
        if (stream_) send(std::move(bytes));
    }
    void send(std::string bytes) {
        if (!bytes.empty()) actions.emplace_back(Send{std::move(bytes)});
    }

    const HttpRequest& request_;
    const Dialect& dialect_;
    const std::optional<TokenUsage>& usage_;
    std::unique_ptr<Voice> voice_;
    bool stream_ = false, typed_ = false;
};

std::vector<Action> cut_to(std::vector<Action> actions, std::size_t size) {
    std::vector<Action> out;
    for (Action& action : actions) {
        const auto* send = std::get_if<Send>(&action);
        if (send == nullptr) {
            out.push_back(std::move(action));
            continue;
        }
        for (std::size_t at = 0; at < send->bytes.size(); at += size)
            out.emplace_back(Send{send->bytes.substr(at, size)});
    }
    return out;
}

std::vector<Action> compress(const std::vector<Action>& actions) {
    std::string all;
    for (const Action& action : actions) {
        const auto* send = std::get_if<Send>(&action);
        if (send == nullptr)
            throw std::logic_error{"a gzip answer is bytes alone: no hold, pause or close in it"};
        all += send->bytes;
    }
    return {Send{gzip_stored(all)}};
}

}  // namespace

Script Script::answer(std::string_view text) {
    Script script;
    for (std::string& word : words(text)) script.text(std::move(word));
    return script.finish();
}

Script Script::plain(int status, std::string content_type, std::string body) {
    Script script;
    script.status(status).framing(Framing::length);
    if (!content_type.empty()) script.header("Content-Type", std::move(content_type));
    if (!body.empty()) script.bytes(std::move(body));
    return script;
}

Script Script::json(int status, const nlohmann::json& body) {
    return plain(status, "application/json", body.dump());
}

Script Script::refuse(std::string_view dialect_name, std::string_view ask) {
    const DocumentedError* error = documented_error(dialect_name, ask);
    if (error == nullptr)
        throw std::logic_error{std::string{dialect_name} + " documents no error " + std::string{ask}};
    Script script = plain(error->status, "application/json", error_body(*error));
    if (error->retry_after > 0) script.header("Retry-After", std::to_string(error->retry_after));
    return script;
}

Script& Script::add(Step step) {
    steps_.push_back(std::move(step));
    return *this;
}
Script& Script::status(int status) {
    status_ = status;
    return *this;
}
Script& Script::header(std::string name, std::string value) {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
}
Script& Script::framing(Framing framing) {
    framing_ = framing;
    return *this;
}
Script& Script::promise(std::size_t length) {
    promised_ = length;
    framing_ = Framing::length;
    return *this;
}
Script& Script::late_head() {
    late_head_ = true;
    return *this;
}
Script& Script::cut(std::size_t size) {
    if (size == 0) throw std::logic_error{"a write has at least one byte"};
    cut_ = size;
    return *this;
}
Script& Script::gzip() {
    gzip_ = true;
    return *this;
}
Script& Script::usage(TokenUsage usage) {
    usage_ = usage;
    return *this;
}

Reply Script::render(const HttpRequest& request, const Dialect& dialect) const {
    Renderer renderer{request, dialect, usage_};
    for (const Step& step : steps_) std::visit(renderer, step);
    std::vector<Action> body = std::move(renderer.actions);
    if (gzip_) body = compress(body);
    if (cut_) body = cut_to(std::move(body), *cut_);

    Reply reply{.status = status_,
                .headers = headers_,
                .framing = framing_.value_or(Framing::chunked),
                .promised = promised_,
                .late_head = late_head_,
                .body = std::move(body)};
    const bool typed = std::any_of(headers_.begin(), headers_.end(),
                                   [](const auto& header) { return header.first == "Content-Type"; });
    if (const std::string type = renderer.content_type(); !typed && !type.empty())
        reply.headers.emplace_back("Content-Type", type);
    if (gzip_) reply.headers.emplace_back("Content-Encoding", "gzip");
    return reply;
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    while (begin < text.size()) {
        std::size_t end = text.find_first_not_of(" \n\t", begin);
        end = text.find_first_of(" \n\t", end);
        out.emplace_back(text.substr(begin, end - begin));
        begin = std::min(end, text.size());
    }
    return out;
}

std::string gzip_stored(std::string_view bytes) {
    constexpr std::size_t kLargestBlock = 0xFFFF;
    const auto little_endian = [](std::string& out, std::uint32_t value, int size) {
        for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
    };
    std::string out{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10};
    std::size_t at = 0;
    do {
        const std::string_view block = bytes.substr(at, kLargestBlock);
        at += block.size();
        out += static_cast<char>(at == bytes.size() ? 1 : 0);
        little_endian(out, static_cast<std::uint32_t>(block.size()), 2);
        little_endian(out, ~static_cast<std::uint32_t>(block.size()), 2);
        out += block;
    } while (at < bytes.size());
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    little_endian(out, crc.checksum(), 4);
    little_endian(out, static_cast<std::uint32_t>(bytes.size()), 4);
    return out;
}

}  // namespace dragoman::test
