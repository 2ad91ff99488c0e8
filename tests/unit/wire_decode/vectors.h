// The notation of the decoder's tests: bytes in, events out, one line each.
//
// Events read as in "Text(Hello) Finish(stop) Usage(3,2) Done"; choice 0 is left out, pieces of one text
// are joined. Start is checked by place and shown only where a vector asks for it. Warnings may come
// anywhere before the end and are shown last: "Done !unknown-line".
#pragma once

#include "server/upstream/wire/decoder.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::wire::test {

struct Vector {
    std::string name;
    std::string bytes;
    std::string events;
    DecoderOptions options{};
    int status = 200;
    Headers headers{};
    Decoder::End how = Decoder::End::complete;
    bool show_start = false;
};

std::string show(const Events& events, bool with_start = false);

/// The events of `bytes` fed in pieces that end at `cuts` (ascending), then ended unless it ended itself.
/// Fails the test when the promises of event.h are broken.
Events decode(const Vector& vector, const std::vector<std::size_t>& cuts);

/// Whole, byte by byte, and cut in two at every place (at sampled places where the bytes are many).
void check(const Vector& vector);
void check_all(const std::vector<Vector>& vectors);

// Bytes of streams.
inline constexpr std::string_view kDone = "data: [DONE]\n\n";
std::string ev(std::string_view json);
/// A chunk with one choice: {"delta": DELTA, "finish_reason": FINISH}. Both are JSON text.
std::string chunk(std::string_view delta, std::string_view finish = "null");
/// A chunk with choice 0's content.
std::string T(std::string_view text);
std::string R();
std::string F(std::string_view reason);
std::string U(int input, int output);
std::string json_text(std::string_view text);

std::string read_file(const std::string& path);
/// tests/fixtures/captures/`name`
std::string capture(const std::string& name);

}  // namespace dragoman::wire::test
