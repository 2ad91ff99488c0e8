// `dragoman chat`: one question, its answer on stdout as it comes.

#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/config/exclusion.h"
#include "server/session/usage.h"

namespace dragoman::cli {
namespace {

/// For `producer | dragoman chat QUESTION`: how long a producer may take to its first byte.
constexpr Milliseconds kStdinPatience{1000};

Json result_json(const chat::Answer& answer) {
    Json out = {{"text", answer.turn.text},
                {"model", answer.turn.model},
                {"finishReason", session::finish_name(answer.turn.finish)}};
    if (!answer.turn.reasoning.empty()) out["reasoning"] = answer.turn.reasoning;
    if (answer.turn.usage) out["usage"] = session::usage_json(*answer.turn.usage);
    if (answer.left_out.any())
        out["leftOut"] = {{"turns", answer.left_out.turns}, {"items", answer.left_out.items}};
    if (answer.cost) out["cost"] = {{"amount", answer.cost->amount}, {"currency", answer.cost->currency}};
    return out;
}

/// Writes the events of one answer. In JSON nothing is shown before the end.
struct Printer {
    bool json, reasoning;
    bool line_open = false, reasoning_open = false;

    void operator()(const wire::Text& piece) {
        close_reasoning();
        if (json || piece.text.empty()) return;
        print(piece.text);
        line_open = piece.text.back() != '\n';
    }
    void operator()(const wire::Reasoning& piece) {
        if (!reasoning || json || piece.text.empty()) return;
        complain(piece.text);
        reasoning_open = piece.text.back() != '\n';
    }
    void operator()(const chat::Began& began) { tell(began.left_out); }
    void operator()(const chat::Shortened& shortened) {
        complain_line("dragoman: " + shortened.reason + "; trying again with less");
        tell(shortened.left_out);
    }
    void operator()(const gateway::Retry& retry) {
        complain_line("dragoman: " + retry.reason + "; trying again in " +
                      std::to_string(retry.delay.count()) + " ms");
    }
    void operator()(const gateway::Began& next) {
        complain_line("dragoman: " + next.reason + "; going on with " + next.model);
    }
    template <class Other>
    void operator()(const Other&) {}

    void tell(const chat::LeftOut& left_out) const {
        for (const std::string& item : left_out.items)
            complain_line("dragoman: " + item + " did not fit and was shortened");
    }
    void close_reasoning() {
        if (std::exchange(reasoning_open, false)) complain("\n");
    }
    void close_line() {
        close_reasoning();
        if (std::exchange(line_open, false)) print("\n");
    }
};

/// Puts what stdin holds into the question: as the question itself, or beside it. The error is a sentence.
std::optional<std::string> add_stdin(const ChatOptions& options, chat::Send& send) {
    if (stdin_is_terminal()) return std::nullopt;
    const bool wait = options.wait_for_stdin || options.prompt.empty();
    Input input = wait ? read_stdin() : read_stdin(kStdinPatience);
    if (input.too_long) return "standard input holds more than 8 MiB; give the part that matters";
    if (input.text.find('\0') != std::string::npos) return "standard input is not text";
    if (input.silent) {
        complain_line(
            "dragoman: standard input is open, but nothing comes; going on without it (--stdin waits for "
            "it)");
    } else if (options.prompt.empty()) {
        send.prompt = std::move(input.text);
    } else if (!input.text.empty()) {
        chat::TextItem item{std::move(input.text), "standard input"};
        send.context_json.push_back({{"kind", "text"}, {"text", item.text}, {"label", item.label}});
        send.context.push_back(std::move(item));
    }
    return std::nullopt;
}

/// The error is a sentence that names the file.
std::optional<std::string> add_image(Context& context, const std::string& file, chat::Send& send) {
    const auto path = absolute_path(file);
    if (config::stays_here(*send.config, path)) return file + " is kept on this machine by privacy.exclude";
    const auto read = context.core().files.read(path, chat::kMostImageBytes);
    if (!read && read.error() == FileProblem::too_large)
        return file + " is larger than 20 MiB; make it smaller or cut out what matters";
    if (!read) return file + " " + std::string{describe(read.error())};
    chat::Image image{.mime_type = chat::image_type(read->bytes),
                      .data = std::make_shared<const std::string>(chat::encode_base64(read->bytes))};
    if (image.mime_type.empty()) return file + " is no PNG, JPEG, GIF or WebP image; convert it";
    send.context_json.push_back({{"kind", "image"}, {"mimeType", image.mime_type}});
    send.context.push_back(std::move(image));
    return std::nullopt;
}

void add_file(const std::string& file, chat::Send& send) {
    const std::string uri = uri_of_path(absolute_path(file));
    send.context_json.push_back({{"kind", "file"}, {"uri", uri}});
    send.context.push_back(chat::FileItem{uri});
}

}  // namespace

int chat(Context& context, const ChatOptions& options, bool over_budget) {
    chat::Send send;
    send.prompt = options.prompt;
    send.model = options.model;
    if (!options.system.empty()) send.options.system_prompt = options.system;
    if (const auto wrong = add_stdin(options, send)) return context.refuse(*wrong);
    if (one_line(send.prompt).empty())
        return context.refuse("nothing was asked; give a question or pipe one in");
    send.config = context.config_for();
    for (const std::string& file : options.files) add_file(file, send);
    for (const std::string& image : options.images)
        if (const auto wrong = add_image(context, image, send)) return context.refuse(*wrong);

    context.ask_before_overspending(over_budget);
    Printer printer{.json = context.json(), .reasoning = options.reasoning};
    auto running = context.core().chat.send(
        std::move(send),
        [&](const chat::Event& event) {
            std::visit(printer, event);
            if (output_error() != 0) context.finish(0);  // nobody reads on: spend no more on it
        },
        [&](const Result<chat::Answer>& end) {
            printer.close_line();
            if (!end) return context.finish(context.report(end.error()));
            if (context.json()) print_json(result_json(*end));
            context.finish(0);
        });
    if (!running) {
        const chat::Refused& refused = running.error();
        return refused.invalid_params ? context.refuse(refused.message) : context.report(refused.error);
    }
    const int code = context.run_until_finished();
    printer.close_line();
    return code;
}

}  // namespace dragoman::cli
