// What goes out on a connection, byte for byte and in which order: the rendered form of a script.
#pragma once

#include "tests/gateway/http_request.h"

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dragoman::test {

struct Send {
    std::string bytes;  // of the body; the connection adds what the framing needs
};
/// Waits for Gateway::release() of the same label.
struct Hold {
    std::string label;
};
/// Waits for a time. For people who watch, not for tests.
struct Pause {
    std::chrono::milliseconds time;
};
struct Stall {};  // nothing more, the connection stays open
struct Close {};  // ends the connection in good order, whatever was promised
struct Reset {};  // ends it with RST (SO_LINGER 0)
using Action = std::variant<Send, Hold, Pause, Stall, Close, Reset>;

enum class Framing { chunked, length, until_close };

struct Reply {
    int status = 200;
    Headers headers{};
    Framing framing = Framing::chunked;
    std::optional<std::size_t> promised{};  // Content-Length in place of the true one
    bool late_head = false;                 // the head goes out with the first byte of the body
    std::vector<Action> body{};
};

}  // namespace dragoman::test
