// The editor's pipes: a thread that reads and a thread that writes, so that neither ever waits for the
// other, and the loop for neither.
//
// At construction the real stdin and stdout move to private descriptors; descriptor 0 becomes the null
// device and descriptor 1 stderr, so that a stray print of a library or a child cannot reach the wire.
#pragma once

#include "protocol/jsonrpc/message.h"
#include "server/session/outbox.h"

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace dragoman::session {

enum class InputEnd { clean, inside_frame, broken_frame, read_error };

class Stdio {
public:
    struct Handlers {
        // Called on the reader thread, in order of arrival; they post to the loop.
        std::function<void(jsonrpc::Message)> on_message;
        std::function<void(InputEnd, std::string why)> on_input_end;
        // Called on the writer thread once, when stdout is gone (EPIPE) or broken.
        std::function<void()> on_output_end;
    };

    /// Takes over descriptors 0 and 1. Main thread, once per process.
    Stdio(Outbox& outbox, Handlers handlers);
    /// Ends the reader at once, gives the writer `patience` to send what waits.
    void stop(std::chrono::milliseconds patience);
    ~Stdio();

private:
    void read_loop();
    void write_loop();
    bool write_all(std::string_view bytes);

    Outbox& outbox_;
    Handlers handlers_;
    int in_ = -1, out_ = -1;
    int stop_reading_[2] = {-1, -1};  // a pipe: closing its write end ends the reader's poll
    int stop_writing_[2] = {-1, -1};
    std::thread reader_, writer_;
};

}  // namespace dragoman::session
