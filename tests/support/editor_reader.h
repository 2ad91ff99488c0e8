// The thread that reads what the daemon writes and answers its requests.
#pragma once

#include "tests/support/child.h"
#include "tests/support/editor_log.h"
#include "tests/support/strict_frames.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace dragoman::test {

class EditorReader {
public:
    using Json = nlohmann::json;
    using Answer = std::function<Json(const Json& params)>;

    /// `send` writes one message to the daemon; called in the reader's thread.
    /// Without `errors`, what the daemon writes to stderr stays in the pipe.
    EditorReader(Child& child, EditorLog& log, bool errors, std::function<void(const Json&)> send);
    ~EditorReader();
    EditorReader(const EditorReader&) = delete;
    EditorReader& operator=(const EditorReader&) = delete;

    void answer(const std::string& method, Answer answer);
    /// Leaves requests of that method unanswered.
    void ignore(const std::string& method);
    /// After pause() returns nothing more is read from stdout until resume().
    void pause();
    void resume();
    void close_output();

private:
    void run();
    void wake();
    bool read_output();
    bool read_errors();
    void answer_request(const Json& message);

    Child& child_;
    EditorLog& log_;
    std::function<void(const Json&)> send_;
    StrictFrames frames_;
    const bool read_errors_too_;
    int wake_read_ = -1, wake_write_ = -1;

    std::mutex mutex_;
    std::condition_variable settled_;
    std::map<std::string, Answer> answers_;
    bool stop_ = false, want_pause_ = false, paused_ = false, want_close_ = false, output_open_ = true;
    std::thread thread_;
};

}  // namespace dragoman::test
