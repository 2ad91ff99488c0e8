// Every fuzz target over its corpus, and over inputs made from it: what keeps targets and old findings alive
// where there is no libFuzzer.
//
//   fuzz_corpus FOLDER [--mutations N] [--seed N] [TARGET|FILE...]
//
// FOLDER holds a folder of inputs for each target. A FILE is one input, of the target before it. The inputs
// made are the same for a seed on every machine. An input that ends the process is written to crash-TARGET
// first.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#define FUZZ_TARGET(name) extern "C" int fuzz_##name(const std::uint8_t*, std::size_t);
#include "fuzz_targets.inc"
#undef FUZZ_TARGET

namespace {

namespace fs = std::filesystem;

struct Target {
    std::string name;
    int (*run)(const std::uint8_t*, std::size_t);
};
const Target kTargets[] = {
#define FUZZ_TARGET(name) {#name, fuzz_##name},
#include "fuzz_targets.inc"
#undef FUZZ_TARGET
};

constexpr std::size_t kLongest = 4096;  // of an input that is made
constexpr int kMutations = 400;
constexpr int kSlower = 10;  // times, where an input costs files

// What the signal handler may read.
std::string current_input, crash_file;

extern "C" void keep_input(int signal) {
    const int file = ::open(crash_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file >= 0 && ::write(file, current_input.data(), current_input.size()) >= 0) ::close(file);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

void run(const Target& target, std::string input) {
    current_input = std::move(input);
    crash_file = "crash-" + target.name;
    target.run(reinterpret_cast<const std::uint8_t*>(current_input.data()), current_input.size());
}

std::string bytes_of(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// In an order that does not depend on the file system.
std::vector<std::string> inputs_in(const fs::path& folder) {
    std::vector<fs::path> paths;
    if (fs::is_directory(folder)) {
        for (const auto& entry : fs::directory_iterator{folder}) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    std::vector<std::string> inputs;
    for (const fs::path& path : paths) inputs.push_back(bytes_of(path));
    return inputs;
}

class Mutator {
public:
    Mutator(std::vector<std::string> seeds, std::uint64_t seed) : seeds_{std::move(seeds)}, random_{seed} {}

    std::string next() {
        std::string out = any();
        for (std::size_t step = 1 + below(4); step > 0; --step) change(out);
        if (out.size() > kLongest) out.resize(kLongest);
        return out;
    }

private:
    // Not std::uniform_int_distribution, which libraries implement differently.
    std::size_t below(std::size_t end) { return end == 0 ? 0 : random_() % end; }
    const std::string& any() { return seeds_[below(seeds_.size())]; }
    std::string piece_of(const std::string& text) {
        const std::size_t begin = below(text.size() + 1);
        return text.substr(begin, below(32));
    }

    void change(std::string& text) {
        const std::size_t at = below(text.size() + 1);
        switch (below(6)) {
            case 0:  // another byte
                if (at < text.size()) text[at] = static_cast<char>(below(256));
                break;
            case 1:  // one bit
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
                break;
            case 2: text.erase(at, 1 + below(16)); break;
            case 3: text.insert(at, 1, kTelling[below(kTelling.size())]); break;
            case 4: text.insert(at, piece_of(text)); break;
            default: text.insert(at, piece_of(any())); break;
        }
    }

    /// Bytes that the formats read here turn on.
    static constexpr char kTellingBytes[] =
        "\n\r\t\0 {}[]\"'\\:,/*#?%@=-+~09aA\x1B\x1E\x7F\xC2\xED\xEF\xF0\xFF";
    static constexpr std::string_view kTelling{kTellingBytes, sizeof kTellingBytes - 1};
    std::vector<std::string> seeds_;
    std::mt19937_64 random_;
};

struct Wish {
    fs::path corpus{};
    int mutations = kMutations;
    std::uint64_t seed = 1;
    std::vector<std::string> names{};
};

bool read_arguments(int count, char** arguments, Wish& wish) {
    for (int i = 1; i < count; ++i) {
        const std::string_view word = arguments[i];
        if (word == "--mutations" && i + 1 < count) {
            wish.mutations = std::atoi(arguments[++i]);
        } else if (word == "--seed" && i + 1 < count) {
            wish.seed = std::strtoull(arguments[++i], nullptr, 10);
        } else if (word.starts_with("--")) {
            return false;
        } else if (wish.corpus.empty()) {
            wish.corpus = word;
        } else {
            wish.names.emplace_back(word);
        }
    }
    return !wish.corpus.empty();
}

bool run_target(const Target& target, const Wish& wish) {
    const std::vector<std::string> seeds = inputs_in(wish.corpus / target.name);
    if (seeds.empty()) {
        std::fprintf(stderr, "fuzz_corpus: no inputs for %s in %s\n", target.name.c_str(),
                     wish.corpus.c_str());
        return false;
    }
    run(target, {});
    for (const std::string& input : seeds) run(target, input);
    Mutator mutator{seeds, wish.seed};
    const int mutations = target.name == "database" ? wish.mutations / kSlower : wish.mutations;
    for (int i = 0; i < mutations; ++i) run(target, mutator.next());
    std::printf("%-12s %zu inputs, %d made from them\n", target.name.c_str(), seeds.size(), mutations);
    return true;
}

}  // namespace

int main(int count, char** arguments) {
    Wish wish;
    if (!read_arguments(count, arguments, wish)) {
        std::fputs("usage: fuzz_corpus FOLDER [--mutations N] [--seed N] [TARGET|FILE...]\n", stderr);
        return 2;
    }
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) ::signal(signal, keep_input);
    bool good = true;
    if (wish.names.empty()) {
        for (const Target& target : kTargets) good = run_target(target, wish) && good;
        return good ? 0 : 1;
    }
    const Target* target = nullptr;
    for (std::size_t i = 0; i < wish.names.size(); ++i) {
        const auto found = std::find_if(std::begin(kTargets), std::end(kTargets),
                                        [&](const Target& one) { return one.name == wish.names[i]; });
        const bool file_follows = i + 1 < wish.names.size() && fs::is_regular_file(wish.names[i + 1]);
        if (found != std::end(kTargets)) {
            target = found;
            if (!file_follows) good = run_target(*target, wish) && good;
        } else if (target != nullptr && fs::is_regular_file(wish.names[i])) {
            run(*target, bytes_of(wish.names[i]));
        } else {
            std::fprintf(stderr, "fuzz_corpus: no target and no file: %s\n", wish.names[i].c_str());
            return 2;
        }
    }
    return good ? 0 : 1;
}
