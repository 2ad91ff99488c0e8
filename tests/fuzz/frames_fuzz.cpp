// The base protocol's frames: the same bodies and the same fault however the bytes are cut, and what we frame
// reads back. The reader never holds more than came.
#include "protocol/jsonrpc/framing.h"
#include "tests/fuzz/fuzz.h"

#include <tuple>

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

auto read_all(const std::vector<std::string_view>& pieces) {
    jsonrpc::FrameReader reader;
    std::vector<std::string> bodies;
    for (const std::string_view piece : pieces) reader.feed(piece, bodies);
    return std::tuple{bodies, reader.fault(), reader.between_frames()};
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    fuzz::same_for_every_cut(input, read_all, "frames do not depend on how their bytes were cut");

    const auto [bodies, fault, between] = read_all({input});
    std::size_t held = 0;
    for (const std::string& body : bodies) held += body.size();
    claim(held <= input.size(), "bodies hold no more than came");
    claim(fault == jsonrpc::FrameReader::Fault::none || !between, "a faulty stream is never between frames");

    std::string framed;
    for (const std::string& body : bodies) framed += jsonrpc::frame(body);
    claim(read_all({framed}) == std::tuple{bodies, jsonrpc::FrameReader::Fault::none, true},
          "what is framed reads back");
    return 0;
}
