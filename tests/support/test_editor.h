// An editor as the daemon sees one: starts the real binary, speaks frames over its pipes, and remembers
// everything, so that a test asks for what happened instead of for how long it may take.
//
//     TestEditor editor;
//     editor.initialize();
//     const int id = editor.request("dragoman/status", {});
//     const Json result = editor.result(id);
//     editor.quit();
//
// Each waiting function has a limit (kPatience) and throws std::runtime_error with the transcript. Rules
// that hold in every test are watched all the time and reported by quit() and violations(): nothing but
// frames on stdout, one response for each request, no progress for a request that was answered.
//
// The daemon gets an environment of its own: fresh HOME and XDG folders, none of the caller's variables
// but PATH and the sanitizers' options.
#pragma once

#include "tests/support/patience.h"
#include "tests/support/temp_dir.h"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace dragoman::test {

struct EditorOptions {
    std::filesystem::path binary{};  // empty: the daemon this tree has built
    std::vector<std::string> arguments{"--stdio"};
    std::map<std::string, std::string> environment{};  // over the fresh one
    nlohmann::json config = nullptr;                   // the user's file; null: none
    bool stderr_closed = false;
    bool stderr_unread = false;
};

class TestEditor {
public:
    using Json = nlohmann::json;

    explicit TestEditor(EditorOptions options = {});
    /// Kills the daemon if it still runs.
    ~TestEditor();
    TestEditor(const TestEditor&) = delete;
    TestEditor& operator=(const TestEditor&) = delete;

    // --- Sending. Throws where the daemon does not take it.
    /// Sends a request with the next integer id and gives that.
    int request(const std::string& method, const Json& params = Json::object());
    void request_as(const Json& id, const std::string& method, const Json& params = Json::object());
    void notify(const std::string& method, const Json& params = Json::object());
    void cancel(const Json& id) { notify("$/cancelRequest", {{"id", id}}); }
    void send(const Json& message) { send_raw(frame(message.dump())); }
    void send_raw(std::string_view bytes);
    void close_stdin();
    static std::string frame(std::string_view body);

    // --- Waiting.
    /// The whole response to `id`.
    Json response(const Json& id);
    Json result(const Json& id);  // of a response that must be a success
    Json error(const Json& id);   // of a response that must be a failure
    Json call(const std::string& method, const Json& params = Json::object()) {
        return result(request(method, params));
    }
    /// The first message, of those not taken yet, for which `wanted` is true: notification, request or
    /// response with an unknown id. It is taken.
    using Wanted = std::function<bool(const Json&)>;
    Json message(const Wanted& wanted, const std::string& what);
    Json notification(const std::string& method, const Wanted& wanted = {});
    /// The ChatEvents sent for `token`, at least `count`, as soon as they are there.
    std::vector<Json> progress(const Json& token, std::size_t count);
    /// The ChatEvents sent for `token`, up to and with the first for which `wanted` is true.
    std::vector<Json> progress_until(const Json& token, const Wanted& wanted);
    /// The exit code, or minus the signal.
    int exit_code();
    /// True if the process ended within `limit`.
    bool ends_within(std::chrono::milliseconds limit);
    /// Until the daemon's stderr contains `text`.
    void wait_stderr(const std::string& text);

    // --- Looking.
    /// All messages so far, in order of arrival.
    std::vector<Json> received() const;
    std::vector<Json> progress_so_far(const Json& token) const;
    bool has_response(const Json& id) const;
    /// Where in received() the response to `id` stands.
    std::size_t position_of_response(const Json& id);
    pid_t pid() const;
    std::string stderr_text() const;
    std::vector<std::string> violations() const;
    std::string transcript() const;

    // --- Being an editor.
    /// How requests of the daemon with that method are answered; runs in the reader's thread and must not
    /// use the editor. The default answers workspace/configuration with nulls, applyEdit with applied, and
    /// everything else with null.
    void on_request(const std::string& method, std::function<Json(const Json& params)> answer);
    /// Leaves requests of that method unanswered.
    void ignore_requests(const std::string& method);
    /// Stops and resumes reading stdout, as a busy editor does.
    void pause_reading();
    void resume_reading();
    void stop_reading_for_good();  // closes our end of stdout
    void signal(int number);

    /// initialize with usual capabilities, `changes` merged over the params, then initialized; the result.
    Json initialize(const Json& changes = Json::object());
    /// shutdown, exit; checks the exit code and that no rule was broken.
    void quit();
    /// Throws when a rule was broken; `all_answered`: also when a request has no response.
    void check(bool all_answered = true);

    const TempDir& home() const;
    /// Writes the user's config.json.
    void write_config(const Json& config);
    /// A file: URI of a file below home; it need not exist.
    std::string uri(const std::string& relative) const;
    void open(const std::string& uri, const std::string& language, const std::string& text, int version = 1);
    int inline_completion(const std::string& uri, int line, int character, int trigger_kind = 1);
    /// dragoman/chat/send with `token` for progress unless it is null.
    int chat(const std::string& prompt, const Json& token = nullptr, const Json& more = Json::object());

private:
    class Impl;
    TempDir home_;
    std::unique_ptr<Impl> impl_;
};

}  // namespace dragoman::test
