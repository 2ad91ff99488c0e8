#include "tests/support/test_editor.h"

#include "tests/support/child.h"
#include "tests/support/editor_log.h"
#include "tests/support/editor_reader.h"
#include "tests/support/fresh_environment.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

namespace dragoman::test {

using Json = nlohmann::json;

namespace {

Json usual_params() {
    return {{"processId", ::getpid()},
            {"clientInfo", {{"name", "test editor"}, {"version", "1"}}},
            {"rootUri", nullptr},
            {"capabilities",
             {{"general", {{"positionEncodings", {"utf-16"}}}},
              {"workspace", {{"configuration", true}, {"applyEdit", true}, {"workspaceFolders", true}}},
              {"window", {{"workDoneProgress", true}, {"showMessage", Json::object()}}},
              {"textDocument", {{"inlineCompletion", Json::object()}}}}}};
}

bool is_response_to(const Json& message, const Json& id) {
    return !message.contains("method") && message.contains("id") && message["id"] == id;
}

bool is_progress_of(const Json& message, const Json& token) {
    return message.value("method", "") == "$/progress" && message["params"]["token"] == token;
}

std::vector<Json> progress_in(const std::vector<Json>& messages, const Json& token) {
    std::vector<Json> out;
    for (const Json& message : messages)
        if (is_progress_of(message, token)) out.push_back(message["params"]["value"]);
    return out;
}

}  // namespace

class TestEditor::Impl {
public:
    Impl(const EditorOptions& options, std::map<std::string, std::string> environment)
        : child{{.binary = options.binary.empty() ? DRAGOMAN_BINARY : options.binary,
                 .arguments = options.arguments,
                 .environment = std::move(environment),
                 .stderr_closed = options.stderr_closed}},
          reader{child, log, !options.stderr_unread, [this](const Json& message) { send(message); }} {}

    void send(const Json& message) {
        log.sent(message);
        write(frame(message.dump()));
    }

    /// Waits while the pipe is full, but not for ever: a daemon that does not read is a finding.
    void write(std::string_view bytes) {
        const std::lock_guard lock{writing};
        while (!bytes.empty()) {
            const auto size = ::write(child.input(), bytes.data(), bytes.size());
            if (size >= 0) {
                bytes.remove_prefix(static_cast<std::size_t>(size));
                continue;
            }
            if (errno == EINTR) continue;
            if (errno != EAGAIN)
                throw std::runtime_error{std::string{"cannot write to the daemon: "} + std::strerror(errno) +
                                         "\n" + log.transcript()};
            pollfd ready{child.input(), POLLOUT, 0};
            if (::poll(&ready, 1, static_cast<int>(kPatience.count())) == 0)
                throw std::runtime_error{"the daemon does not read its input\n" + log.transcript()};
        }
    }

    EditorLog log;
    Child child;
    std::mutex writing;
    EditorReader reader;
    int next_id = 1;
};

TestEditor::TestEditor(EditorOptions options) {
    auto environment = fresh_environment(home_);
    for (const auto& [name, value] : options.environment) environment[name] = value;
    std::filesystem::create_directories(home_.path() / "tmp");
    if (!options.config.is_null()) write_config(options.config);
    impl_ = std::make_unique<Impl>(options, std::move(environment));
}

TestEditor::~TestEditor() = default;

std::string TestEditor::frame(std::string_view body) {
    return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

int TestEditor::request(const std::string& method, const Json& params) {
    const int id = impl_->next_id++;
    request_as(id, method, params);
    return id;
}

void TestEditor::request_as(const Json& id, const std::string& method, const Json& params) {
    impl_->send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
}

void TestEditor::notify(const std::string& method, const Json& params) {
    impl_->send({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

void TestEditor::send_raw(std::string_view bytes) {
    impl_->log.note("raw: " + Json(bytes.substr(0, 200)).dump(-1, ' ', true, Json::error_handler_t::replace));
    impl_->write(bytes);
}

void TestEditor::close_stdin() {
    impl_->log.note("input closed");
    const std::lock_guard lock{impl_->writing};
    impl_->child.close_input();
}

Json TestEditor::response(const Json& id) {
    Json found;
    impl_->log.wait(
        [&] {
            for (const Json& message : impl_->log.all())
                if (is_response_to(message, id)) return found = message, true;
            return false;
        },
        "the response to " + id.dump());
    return found;
}

Json TestEditor::result(const Json& id) {
    Json message = response(id);
    if (!message.contains("result"))
        throw std::runtime_error{"an error where a result was expected: " + message.dump() + "\n" +
                                 transcript()};
    return std::move(message["result"]);
}

Json TestEditor::error(const Json& id) {
    Json message = response(id);
    if (!message.contains("error"))
        throw std::runtime_error{"a result where an error was expected: " + message.dump() + "\n" +
                                 transcript()};
    return std::move(message["error"]);
}

Json TestEditor::message(const Wanted& wanted, const std::string& what) {
    Json found;
    impl_->log.wait(
        [&] {
            auto& taken = impl_->log.taken();
            for (std::size_t i = 0; i < taken.size(); ++i) {
                if (taken[i] || !wanted(impl_->log.all()[i])) continue;
                taken[i] = true;
                found = impl_->log.all()[i];
                return true;
            }
            return false;
        },
        what);
    return found;
}

Json TestEditor::notification(const std::string& method, const Wanted& wanted) {
    const auto fits = [&](const Json& message) {
        return message.value("method", "") == method && (!wanted || wanted(message["params"]));
    };
    return message(fits, method)["params"];
}

std::vector<Json> TestEditor::progress(const Json& token, std::size_t count) {
    impl_->log.wait([&] { return progress_in(impl_->log.all(), token).size() >= count; },
                    std::to_string(count) + " progress events of " + token.dump());
    return progress_so_far(token);
}

std::vector<Json> TestEditor::progress_until(const Json& token, const Wanted& wanted) {
    std::vector<Json> events;
    impl_->log.wait(
        [&] {
            events = progress_in(impl_->log.all(), token);
            for (std::size_t i = 0; i < events.size(); ++i)
                if (wanted(events[i])) return events.resize(i + 1), true;
            return false;
        },
        "a progress event of " + token.dump());
    return events;
}

std::vector<Json> TestEditor::progress_so_far(const Json& token) const {
    return progress_in(impl_->log.messages(), token);
}

int TestEditor::exit_code() {
    if (const auto code = impl_->child.wait(kPatience)) return *code;
    throw std::runtime_error{"the daemon does not end\n" + transcript()};
}

bool TestEditor::ends_within(std::chrono::milliseconds limit) { return impl_->child.wait(limit).has_value(); }

void TestEditor::wait_stderr(const std::string& text) {
    impl_->log.wait([&] { return impl_->log.error_text().find(text) != std::string::npos; },
                    "\"" + text + "\" on stderr");
}

std::vector<Json> TestEditor::received() const { return impl_->log.messages(); }

bool TestEditor::has_response(const Json& id) const {
    for (const Json& message : received())
        if (is_response_to(message, id)) return true;
    return false;
}

std::size_t TestEditor::position_of_response(const Json& id) {
    static_cast<void>(response(id));
    const auto messages = received();
    std::size_t at = 0;
    while (!is_response_to(messages[at], id)) ++at;
    return at;
}

pid_t TestEditor::pid() const { return impl_->child.pid(); }
std::string TestEditor::stderr_text() const { return impl_->log.errors(); }
std::vector<std::string> TestEditor::violations() const { return impl_->log.violations(); }
std::string TestEditor::transcript() const { return impl_->log.transcript(); }

void TestEditor::on_request(const std::string& method, std::function<Json(const Json&)> answer) {
    impl_->reader.answer(method, std::move(answer));
}
void TestEditor::ignore_requests(const std::string& method) { impl_->reader.ignore(method); }
void TestEditor::pause_reading() { impl_->reader.pause(); }
void TestEditor::resume_reading() { impl_->reader.resume(); }
void TestEditor::stop_reading_for_good() { impl_->reader.close_output(); }
void TestEditor::signal(int number) { impl_->child.signal(number); }

Json TestEditor::initialize(const Json& changes) {
    Json params = usual_params();
    params.merge_patch(changes);
    Json answer = call("initialize", params);
    notify("initialized");
    return answer;
}

void TestEditor::quit() {
    if (const Json answer = call("shutdown"); !answer.is_null())
        throw std::runtime_error{"shutdown answers " + answer.dump() + ", not null"};
    notify("exit");
    if (const int code = exit_code(); code != 0)
        throw std::runtime_error{"the daemon ended with " + std::to_string(code) + "\n" + transcript()};
    check();
}

void TestEditor::check(bool all_answered) {
    std::string broken;
    for (const std::string& rule : violations()) broken += "broken rule: " + rule + "\n";
    if (all_answered)
        for (const std::string& id : impl_->log.unanswered()) broken += "no response to " + id + "\n";
    if (!broken.empty()) throw std::runtime_error{broken + transcript()};
}

const TempDir& TestEditor::home() const { return home_; }

void TestEditor::write_config(const Json& config) {
    home_.write("config/dragoman/config.json", config.dump(2));
}

std::string TestEditor::uri(const std::string& relative) const {
    return "file://" + (home_.path() / relative).string();
}

void TestEditor::open(const std::string& uri, const std::string& language, const std::string& text,
                      int version) {
    notify(
        "textDocument/didOpen",
        {{"textDocument", {{"uri", uri}, {"languageId", language}, {"version", version}, {"text", text}}}});
}

int TestEditor::inline_completion(const std::string& uri, int line, int character, int trigger_kind) {
    return request("textDocument/inlineCompletion", {{"textDocument", {{"uri", uri}}},
                                                     {"position", {{"line", line}, {"character", character}}},
                                                     {"context", {{"triggerKind", trigger_kind}}}});
}

int TestEditor::chat(const std::string& prompt, const Json& token, const Json& more) {
    Json params{{"prompt", prompt}};
    if (!token.is_null()) params["partialResultToken"] = token;
    params.update(more);
    return request("dragoman/chat/send", params);
}

}  // namespace dragoman::test
