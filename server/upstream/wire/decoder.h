// Bytes of an answer in, events out, whatever the gateway meant by them.
//
// One decoder for one HTTP answer. It looks at the body, not at the Content-Type: an event stream, one
// JSON object, an HTML page or nothing may come with any status and any label. A gateway that answers
// /responses with chat chunks (or the reverse) is followed on the fly. Pure: no clock, no thread, no log.
#pragma once

#include "server/upstream/wire/event.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dragoman::wire {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Which API was asked; a hint for reading, not a promise about what comes.
enum class Shape { chat_completions, responses, completions, mistral_fim, llamacpp_infill };

struct DecoderOptions {
    Shape shape = Shape::chat_completions;
    int choices = 1;  // n of the request; with 1 every index counts as 0
    /// The model's template opens the thinking block in the prompt: text begins as reasoning.
    bool reasoning_open = false;
    /// Sent as the output limit; a server that never says "incomplete" is told by it. 0: none was sent.
    std::int64_t max_output_tokens = 0;
    /// Text is cut before the first of these, also when it is split over pieces; the stream then
    /// finishes with `stop`. Stop strings the wire cannot carry, and special tokens of FIM models.
    std::vector<std::string> stop{};
    /// Cuts what must not be shown (the request's key, which some gateways repeat) out of a refusal before
    /// anything of it is shortened: half a secret in base64 would not be known for one. May be empty.
    std::function<std::string(std::string_view)> redact{};
};

class Decoder {
public:
    explicit Decoder(DecoderOptions options);
    ~Decoder();
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;

    /// Before any bytes. A status of 400 and above makes the whole body an error to be read.
    void head(int status, const Headers& headers);
    /// Appends to `out` what `bytes` completed. After a terminal event bytes are dropped.
    void feed(std::string_view bytes, Events& out);
    /// How the body ended: by itself, by a lost connection, or by the caller's own grace timer after
    /// finished(). An answer that was finished is Done in each case.
    enum class End { complete, cut, limit };
    void end(End how, Events& out);

    /// A terminal event was given out: the caller stops reading and closes.
    bool ended() const;
    /// Every choice has its finish reason; only usage or the closing marker may still come. A caller
    /// waits for those a short while (2 s), then calls end(End::limit). The Finish events come out with
    /// the end, since some gateways correct the reason or send text after it.
    bool finished() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::wire
