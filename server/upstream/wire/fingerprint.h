// Remembers a text that was given out without keeping it: enough to tell whether a later text starts so.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dragoman::wire {

class Fingerprint {
public:
    void add(std::string_view piece) {
        for (const char c : piece) {
            hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;  // FNV-1a, 64 bits
        }
        size_ += piece.size();
    }
    std::uint64_t hash() const { return hash_; }
    std::size_t size() const { return size_; }

    /// What `whole` has beyond the text so far; nothing when it does not start with it.
    std::optional<std::string_view> rest_of(std::string_view whole) const {
        if (whole.size() < size_) return std::nullopt;
        Fingerprint start;
        start.add(whole.substr(0, size_));
        if (start.hash_ != hash_) return std::nullopt;
        return whole.substr(size_);
    }

private:
    std::uint64_t hash_ = 0xcbf29ce484222325U;
    std::size_t size_ = 0;
};

}  // namespace dragoman::wire
