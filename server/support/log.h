// The daemon's diary: to a rotated file and, from warning up, to stderr. Never to stdout.
//
// Redaction happens at the sink, so no caller can forget it: every key that is alive (Secret) is cut out
// of every line, raw, JSON-escaped, percent- and base64-encoded. Source code, prompts and answers are not
// logged at any level.
#pragma once

#include <spdlog/fmt/fmt.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace dragoman::log {

enum class Level { debug, info, warning, error, off };

/// "debug", "info", "warning", "error", "off"; anything else is info.
Level level_of(std::string_view name);

/// Any thread. One line whatever the text holds, cut at 3800 bytes. Before init() lines from warning up
/// go to stderr only. Never waits for whoever reads stderr: a line that does not fit is dropped there.
void write(Level level, std::string_view line);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args);
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args);
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args);
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args);

struct Options {
    Level level = Level::info;
    std::string file{};  // empty: no file. Created 0600; five files of 5 MiB at most
    bool to_stderr = true;
};

/// Main thread, once, before other threads start. A file that cannot be opened costs the file only.
void init(const Options& options);
void set_level(Level level);
bool enabled(Level level);

/// While it lives, `secret` appears in no line. With the last one of a secret everything that the log knows
/// of it is wiped: whoever may still be told the secret (a request under way, a command that renews it) keeps
/// it alive until then. Shorter than 6 bytes is ignored: cutting such a string out of every line would tell
/// more than it hides. Any thread.
class Secret {
public:
    explicit Secret(std::string_view secret);
    ~Secret();
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

private:
    std::uint64_t id_;
};
/// `text` with every living secret replaced by "***".
std::string redact(std::string_view text);

// ---- inline bodies

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::debug)) write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::info)) write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::warning)) write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::error)) write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace dragoman::log
