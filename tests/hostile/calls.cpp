#include "tests/hostile/calls.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <string_view>

namespace dragoman::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCalls = "trace=execve,execveat,connect,bind,listen,open,openat,openat2,creat";

std::string strace() {
    for (const char* path : {"/usr/bin/strace", "/usr/local/bin/strace", "/bin/strace"})
        if (fs::exists(path)) return path;
    return {};
}

/// A string as strace writes it, from the quote at `at` on, which moves behind the closing one.
std::string quoted(std::string_view line, std::size_t& at) {
    std::string out;
    for (++at; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] != '\\' || at + 1 >= line.size()) {
            out += line[at];
            continue;
        }
        const char next = line[++at];
        if (next < '0' || next > '7') {
            constexpr std::string_view kNames = "ntrvfab\"\\", kMeant = "\n\t\r\v\f\a\b\"\\";
            const auto known = kNames.find(next);
            out += known == std::string_view::npos ? next : kMeant[known];
            continue;
        }
        unsigned value = 0;
        for (int digits = 0; digits < 3 && at < line.size() && line[at] >= '0' && line[at] <= '7'; ++digits)
            value = value * 8 + static_cast<unsigned>(line[at++] - '0');
        --at;
        out += static_cast<char>(value);
    }
    ++at;
    return out;
}

/// The strings of the list that begins at or behind `at`, which moves behind it.
std::vector<std::string> list(std::string_view line, std::size_t& at) {
    std::vector<std::string> out;
    at = std::min(line.find('[', at), line.size());
    while (at < line.size() && line[at] != ']') {
        if (line[at] == '"') {
            out.push_back(quoted(line, at));
        } else {
            ++at;
        }
    }
    return out;
}

Exec exec_of(std::string_view line) {
    Exec out;
    std::size_t at = std::min(line.find('"'), line.size());
    if (at < line.size()) out.program = quoted(line, at);
    out.argv = list(line, at);
    out.environment = list(line, at);
    return out;
}

Opened opened_of(std::string_view line) {
    Opened out;
    std::size_t at = std::min(line.find('"'), line.size());
    if (at < line.size()) out.path = quoted(line, at);
    const std::string_view rest = line.substr(std::min(at, line.size()));
    for (const char* flag : {"O_WRONLY", "O_RDWR", "O_CREAT"})
        out.writes = out.writes || rest.find(flag) != std::string_view::npos;
    const auto result = rest.rfind(" = ");
    if (result == std::string_view::npos) return out;
    const auto open = rest.find('<', result), close = rest.rfind('>');
    if (open != std::string_view::npos && close != std::string_view::npos && close > open)
        out.real = rest.substr(open + 1, close - open - 1);
    return out;
}

std::string address_of(std::string_view line) {
    const auto open = line.find('{'), close = line.find('}');
    if (open == std::string_view::npos || close == std::string_view::npos) return std::string{line};
    return std::string{line.substr(open, close - open + 1)};
}

void take(Calls& calls, std::string_view line) {
    if (line.starts_with("execve")) calls.execs.push_back(exec_of(line));
    if (line.starts_with("connect")) calls.connects.push_back(address_of(line));
    if (line.starts_with("bind") || line.starts_with("listen")) calls.listens.emplace_back(line);
    if (line.starts_with("open") || line.starts_with("creat")) calls.opened.push_back(opened_of(line));
}

}  // namespace

bool can_count() {
    static const bool able = [] {
        // The tests of a program run one at a time.  NOLINTNEXTLINE(concurrency-mt-unsafe)
        return !strace().empty() &&
               std::system((strace() + " -qq -f --seccomp-bpf -o /dev/null true 2>/dev/null").c_str()) == 0;
    }();
    return able;
}

EditorOptions counted(EditorOptions options, const fs::path& log, const fs::path& cwd) {
    std::vector<std::string> arguments{"-C", cwd.string()};
    if (can_count()) {
        arguments.insert(arguments.end(), {strace(), "-f", "--seccomp-bpf", "-q", "-v", "-y", "-s", "1000000",
                                           "-e", kCalls, "-e", "signal=none", "-o", log.string()});
        // A leak cannot be looked for while somebody traces.
        const char* wanted = std::getenv("ASAN_OPTIONS");
        options.environment["ASAN_OPTIONS"] =
            std::string{wanted == nullptr ? "" : wanted} + ":detect_leaks=0";
    }
    arguments.emplace_back(DRAGOMAN_BINARY);
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    options.binary = "/usr/bin/env";
    options.arguments = std::move(arguments);
    return options;
}

Calls calls_in(const fs::path& log) {
    Calls out;
    std::map<std::string, std::string> unfinished;  // thread -> the call that another one's interrupted
    std::ifstream in{log};
    for (std::string line; std::getline(in, line);) {
        const auto begin = line.find_first_not_of(' ', line.find(' '));
        if (begin == std::string::npos) continue;
        const std::string thread = line.substr(0, line.find(' '));
        std::string call = line.substr(begin);
        if (const auto cut = call.find(" <unfinished ...>"); cut != std::string::npos) {
            unfinished[thread] = call.substr(0, cut);
            continue;
        }
        if (call.starts_with("<... ")) {
            const auto rest = call.find(" resumed>");
            call = unfinished[thread] + (rest == std::string::npos ? "" : call.substr(rest + 9));
            unfinished.erase(thread);
        }
        take(out, call);
    }
    for (const auto& [thread, call] : unfinished) take(out, call);
    return out;
}

}  // namespace dragoman::test
