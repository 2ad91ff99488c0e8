// The demonstration: an editor without a window. It opens a file, types into it at a person's pace, takes
// the ghost text that comes, and asks a question; everything between it and the daemon is what any editor
// sends. Exits 0 when the whole session went well, else 1 with the reason on stderr.
#include "tests/demo/provider.h"
#include "tests/demo/screen.h"
#include "tests/support/test_editor.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <thread>

namespace dragoman::demo {
namespace {

using Json = nlohmann::json;
using test::TestEditor;
using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLimit{20'000};  // for each answer
constexpr milliseconds kGlance{2};
constexpr int kAutomatic = 2;

const std::string kSource =
    "#include <string>\n"
    "#include <vector>\n"
    "\n"
    "\n"
    "\n"
    "int main() {\n"
    "    return is_even(2) ? 0 : 1;\n"
    "}\n";
constexpr std::size_t kStart = 37;  // the empty line in the middle

long long elapsed_ms(SteadyClock::time_point since) {
    return std::chrono::duration_cast<milliseconds>(SteadyClock::now() - since).count();
}

struct Figures {
    long long ready_ms = 0, ghost_ms = 0, first_token_ms = 0;
};

class Player {
public:
    Player(const Provider& provider, milliseconds pace, Screen& screen)
        : editor_{{.binary = {}, .environment = provider.environment, .config = provider.config}},
          pace_{pace},
          screen_{screen} {}

    Figures play() {
        const auto started = SteadyClock::now();
        editor_.initialize();
        figures_.ready_ms = elapsed_ms(started);
        uri_ = editor_.uri("average.cpp");
        editor_.open(uri_, "cpp", text_);
        screen_.say("\nTyping; what is dim is a suggestion:\n");
        screen_.show(text_, cursor_);
        type("bool is_even(int n) {");
        open_block();
        type("return ");
        figures_.ghost_ms = take_suggestion("n % 2 == 0;");
        leave_block();
        type("double average(const std::vector<double>& values) {");
        open_block();
        take_suggestion("return 0;");
        screen_.keep();
        ask("What does this file do?");
        editor_.quit();
        return figures_;
    }

private:
    struct Suggestion {
        Json item;
        std::string ghost;
    };

    void rest(int beats) const { std::this_thread::sleep_for(pace_ * beats); }

    Json position(std::size_t offset) const {
        const auto line =
            std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
        const auto begin = text_.rfind('\n', offset - 1);
        return {{"line", line}, {"character", offset - (begin == std::string::npos ? 0 : begin + 1)}};
    }

    void replace(std::size_t from, const std::string& inserted) {
        const Json change{{"range", {{"start", position(from)}, {"end", position(cursor_)}}},
                          {"text", inserted}};
        text_.replace(from, cursor_ - from, inserted);
        cursor_ = from + inserted.size();
        editor_.notify("textDocument/didChange", {{"textDocument", {{"uri", uri_}, {"version", ++version_}}},
                                                  {"contentChanges", Json::array({change})}});
    }

    /// One keystroke, and the request that an editor sends after it.
    void key(const std::string& inserted) {
        replace(cursor_, inserted);
        typed_at_ = SteadyClock::now();
        const Json at = position(cursor_);
        asked_ = editor_.inline_completion(uri_, at["line"], at["character"], kAutomatic);
        screen_.show(text_, cursor_);
    }

    void type(std::string_view letters) {
        for (const char letter : letters) {
            rest(1);
            if (editor_.has_response(asked_)) screen_.show(text_, cursor_, suggestion().ghost);
            key(std::string(1, letter));
        }
    }

    /// Return after an opening brace: editors put the closing one on a line of its own.
    void open_block() {
        rest(2);
        replace(cursor_, "\n    \n}");
        cursor_ -= 2;
        key("");
    }
    void leave_block() {
        cursor_ = text_.find("}\n", cursor_) + 1;
        key("\n\n");
    }

    Suggestion suggestion() {
        const Json answer = editor_.response(asked_);
        if (!answer.contains("result") || answer["result"]["items"].empty()) return {};
        const Json item = answer["result"]["items"][0];
        const auto from = item["range"]["start"]["character"].get<std::size_t>();
        const auto to = item["range"]["end"]["character"].get<std::size_t>();
        return {item, item["insertText"].get<std::string>().substr(to - from)};
    }

    /// Waits for the suggestion at the cursor, shows it and takes it; types `otherwise` where there is none.
    /// The milliseconds from the last keystroke until it was there.
    long long take_suggestion(const std::string& otherwise) {
        const Suggestion found = suggestion();
        const long long waited = elapsed_ms(typed_at_);
        if (found.ghost.empty()) {
            fail_if_upstream_failed();
            screen_.say("(the model suggests nothing here)");
            type(otherwise);
            return waited;
        }
        screen_.show(text_, cursor_, found.ghost);
        editor_.notify("textDocument/didShowCompletion", {{"item", found.item}});
        rest(30);
        const auto text = found.item["insertText"].get<std::string>();
        replace(cursor_ - (text.size() - found.ghost.size()), text);
        const Json& command = found.item["command"];
        editor_.call("workspace/executeCommand",
                     {{"command", command["command"]}, {"arguments", command["arguments"]}});
        screen_.show(text_, cursor_);
        rest(8);
        return waited;
    }

    /// An automatic request that failed answers with no items; the reason is in the status.
    void fail_if_upstream_failed() const {
        const auto messages = editor_.received();
        for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
            if (message->value("method", "") != "dragoman/status") continue;
            const Json& status = message->at("params");
            if (status.value("state", "") == "error" || status.value("state", "") == "limited")
                throw std::runtime_error{status.value("message", "the gateway failed")};
            return;
        }
    }

    void ask(const std::string& question) {
        screen_.say("\n> " + question);
        const auto asked_at = SteadyClock::now();
        const int id =
            editor_.chat(question, "demo", {{"context", Json::array({{{"kind", "file"}, {"uri", uri_}}})}});
        std::size_t seen = 0;
        bool began = false;
        for (bool over = false; !over;) {
            over = editor_.has_response(id);  // looked at first: the events before it are there by then
            const auto events = editor_.progress_so_far("demo");
            for (; seen < events.size(); ++seen) {
                if (events[seen].value("kind", "") != "text") continue;
                if (!began) figures_.first_token_ms = elapsed_ms(asked_at);
                began = true;
                screen_.piece(events[seen].value("text", ""));
            }
            if (elapsed_ms(asked_at) > kLimit.count()) throw std::runtime_error{"the answer takes too long"};
            if (!over) std::this_thread::sleep_for(kGlance);
        }
        screen_.say("");
        const Json answer = editor_.response(id);
        if (!answer.contains("error")) return;
        const Json& error = answer["error"];
        throw std::runtime_error{error.value("message", "") + "\n" +
                                 error.value("data", Json::object()).value("hint", "")};
    }

    TestEditor editor_;
    const milliseconds pace_;
    Screen& screen_;
    std::string uri_, text_ = kSource;
    std::size_t cursor_ = kStart;
    int version_ = 1, asked_ = -1;
    SteadyClock::time_point typed_at_{};
    Figures figures_;
};

int run(int argc, char** argv) {
    std::string gateway, presets;
    int pace = 40;
    CLI::App app{"Plays an editing session with the daemon and shows it."};
    app.add_option("--gateway", gateway, "URL of the embedded gateway")->required();
    app.add_option("--presets", presets, "Presets file: use a gateway whose key is in the environment");
    app.add_option("--pace", pace, "Milliseconds between two keystrokes")->check(CLI::Range(0, 200));
    CLI11_PARSE(app, argc, argv);

    const Provider provider = presets.empty() ? embedded(gateway) : choose(presets, gateway);
    Screen screen{Screen::usual_mode()};
    screen.say("dragoman: ghost text and chat for any editor.");
    screen.say(provider.introduction);
    const Figures figures = Player{provider, milliseconds{pace}, screen}.play();
    screen.say("daemon ready after " + std::to_string(figures.ready_ms) + " ms, ghost text after " +
               std::to_string(figures.ghost_ms) +
               " ms (debounce included), first token of the answer after " +
               std::to_string(figures.first_token_ms) + " ms");
    return 0;
}

}  // namespace
}  // namespace dragoman::demo

int main(int argc, char** argv) try {
    return dragoman::demo::run(argc, argv);
} catch (const std::exception& error) {
    std::fprintf(stderr, "dragoman-player: %s\n", error.what());
    return 1;
}
