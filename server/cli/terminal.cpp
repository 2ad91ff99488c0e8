#include "server/cli/terminal.h"

#include "protocol/base/utf.h"
#include "protocol/base/visible.h"
#include "server/support/log.h"

#include <spdlog/fmt/fmt.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace dragoman::cli {
namespace {

constexpr std::size_t kMostInput = 8U << 20U;

/// Copies `text` with `write(code)` in place of each character that is not fit for a terminal.
template <class Write>
std::string filtered(std::string_view text, Write write) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t code = next_character(text, at);
        if (is_control(code) || is_deceptive(code)) {
            out += write(code);
        } else {
            out += text.substr(begin, at - begin);
        }
    }
    return out;
}

std::string json_escape(char32_t code) {
    const auto number = static_cast<std::uint32_t>(code);
    if (number < 0x10000) return fmt::format("\\u{:04x}", number);
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((number - 0x10000) >> 10U),
                       0xDC00 + (number & 0x3FFU));
}

int failed_write = 0;  // main thread only, as all of this

void write_out(std::string_view text) {
    if (failed_write != 0) return;
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), stdout) < text.size() || std::fflush(stdout) != 0) {
        failed_write = errno == 0 ? EIO : errno;
    }
}

/// Waits for bytes or the end of stdin; false when neither came.
bool wait_for_input(int milliseconds) {
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    int ready = 0;
    while ((ready = ::poll(&input, 1, milliseconds)) < 0 && errno == EINTR) {
    }
    return ready != 0;
}

}  // namespace

std::string for_terminal(std::string_view text) {
    return filtered(repair_utf8(text), [](char32_t code) {
        return is_control(code) ? std::string{} : "<" + code_point_name(code) + ">";
    });
}

void print(std::string_view text) { write_out(for_terminal(text)); }

void print_line(std::string_view text) { write_out(for_terminal(text) + "\n"); }

void print_json(const Json& value) {
    // nlohmann escapes what is below 0x20; line breaks of the indentation are the only ones left.
    write_out(filtered(value.dump(2, ' ', false, Json::error_handler_t::replace), json_escape) + "\n");
}

int output_error() { return failed_write; }

void complain(std::string_view text) {
    const std::string clean = for_terminal(log::redact(text));
    std::fwrite(clean.data(), 1, clean.size(), stderr);
}

void complain_line(std::string_view line) { complain(std::string{line} + "\n"); }

void fill_standard_streams() {
    int opened = ::open("/dev/null", O_RDWR);
    while (opened >= 0 && opened <= STDERR_FILENO) opened = ::dup(opened);
    if (opened > STDERR_FILENO) ::close(opened);
}

bool stdin_is_terminal() { return ::isatty(STDIN_FILENO) != 0; }

std::string read_line() {
    constexpr std::size_t kMostLine = 1024;
    std::string line;
    for (char c = 0;;) {
        const ssize_t got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0 || line.size() > kMostLine) return {};
        if (c == '\n') return line;
        line += c;
    }
}

Input read_stdin(std::optional<Milliseconds> patience) {
    Input input;
    if (patience && !wait_for_input(static_cast<int>(patience->count()))) {
        input.silent = true;
        return input;
    }
    char chunk[65'536];
    while (!input.too_long) {
        const ssize_t got = ::read(STDIN_FILENO, chunk, sizeof chunk);
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) {
            wait_for_input(-1);
            continue;
        }
        if (got <= 0) break;
        input.text.append(chunk, static_cast<std::size_t>(got));
        input.too_long = input.text.size() > kMostInput;
    }
    if (input.too_long) input.text.clear();
    return input;
}

}  // namespace dragoman::cli
