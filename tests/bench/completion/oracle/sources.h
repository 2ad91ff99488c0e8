// Source files that are on this machine anyway: the project's own, and what packages ship.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::bench {

/// The same numbers everywhere, unlike the standard distributions.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : engine_{seed} {}
    /// 0 to below `sides`, which is not 0.
    std::size_t below(std::size_t sides) { return static_cast<std::size_t>(engine_() % sides); }

private:
    std::mt19937_64 engine_;
};

struct Source {
    std::string language;  // LSP language id
    std::string path;
    std::string text;  // \n line ends, UTF-8
};

/// The language ids that are looked for.
const std::vector<std::string>& languages();
/// Up to `most` files of a language, in an order of the dice; looked for in `folder`, too, where that is not
/// empty.
std::vector<Source> find_sources(const std::string& language, const std::string& folder, std::size_t most,
                                 Dice& dice);

}  // namespace dragoman::bench
