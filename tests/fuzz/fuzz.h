// What the fuzz targets share: the claim that an oracle makes, an input's parts, and the ways to cut it.
//
// An input is nothing but the bytes that a stranger might send, so that a capture is a seed as it stands.
// What a target needs besides (where to cut, which edit to make) is drawn from a hash of the input: the same
// input is the same test for ever. Several texts in one input stand between record separators (0x1E).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace dragoman::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Ends the process where `holds` is false: that is a finding.
inline void claim(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fuzz: this does not hold: %s\n", what);
    std::abort();
}

inline constexpr char kSeparator = '\x1E';

/// The texts of an input, `count` of them: missing ones are empty, the last one holds what is left.
inline std::vector<std::string_view> parts(std::string_view input, std::size_t count) {
    std::vector<std::string_view> out;
    while (out.size() + 1 < count) {
        const std::size_t at = input.find(kSeparator);
        out.push_back(input.substr(0, at));
        input = at == std::string_view::npos ? std::string_view{} : input.substr(at + 1);
    }
    out.push_back(input);
    return out;
}

/// Numbers that the input determines (FNV-1a for the seed, then splitmix64).
class Dice {
public:
    explicit Dice(std::string_view input) {
        for (const char c : input) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    /// From 0 to `most`.
    std::size_t upto(std::size_t most) { return most == SIZE_MAX ? next() : next() % (most + 1); }

private:
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    std::uint64_t state_ = 0xCBF29CE484222325U;
};

/// Hands the input to `read` whole, byte by byte, and in uneven pieces, each time as the list of its pieces;
/// claims that all three give the same. `read` begins with a new reader each time.
template <class Read>
void same_for_every_cut(std::string_view input, Read read, const char* what) {
    const auto whole = read(std::vector<std::string_view>{input});
    std::vector<std::string_view> bytes, uneven;
    for (std::size_t at = 0; at < input.size(); ++at) bytes.push_back(input.substr(at, 1));
    claim(read(bytes) == whole, what);
    Dice dice{input};
    for (std::size_t at = 0; at < input.size();) {
        const std::size_t length = dice.upto(dice.upto(1) == 0 ? 3 : 64);  // none at all is a piece, too
        uneven.push_back(input.substr(at, length));
        at += length;
    }
    claim(read(uneven) == whole, what);
}

}  // namespace dragoman::fuzz
