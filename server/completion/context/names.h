// The names that a piece of code speaks of, as numbers that are quickly compared.
//
// Names are hashed into a fixed number of features instead of being kept: two pieces of code are about the
// same things where their features meet. Two names that fall together cost a little precision and never
// more. The words that a name is made of are features of their own, so that makeShape has to do with
// shape_of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace dragoman::completion {

using Feature = std::uint32_t;  // below kFeatures
inline constexpr std::size_t kFeatures = std::size_t{1} << 17U;

/// A feature where it occurs.
struct Mention {
    Feature feature = 0;
    bool part = false;   // a word of a name, in lower case, not the name itself
    std::size_t at = 0;  // byte at which the name begins
};

/// Every mention in `text`, in order; lines that are nothing but a comment are passed over. Names of one
/// letter say nothing and are left out, as are words of fewer than three. Linear.
std::vector<Mention> find_mentions(std::string_view text);

/// The features of `text`, each once, sorted.
std::vector<Feature> features_of(std::string_view text);

}  // namespace dragoman::completion
