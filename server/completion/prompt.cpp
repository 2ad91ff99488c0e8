#include "server/completion/prompt.h"

namespace dragoman::completion {
namespace {

constexpr std::string_view kRules =
    "You complete text inside an editor. The user sends a file in two parts: BEFORE is what stands before "
    "the "
    "cursor, AFTER is what stands behind it.\n"
    "Answer with exactly the characters to insert at the cursor, so that BEFORE + your answer + AFTER reads "
    "as the "
    "author would have written it.\n"
    "- No explanation, no Markdown fence, no quotation marks around the answer.\n"
    "- Do not repeat BEFORE and do not repeat AFTER. Begin with a blank or a line break if one belongs "
    "there.\n"
    "- Keep the file's language, names, indentation and style.\n"
    "- Stop where the statement or block that is being written ends.\n"
    "- If nothing belongs there, answer with nothing.";

std::string question(const std::string& path, const std::string& language, std::string_view before,
                     std::string_view after) {
    std::string text;
    if (!path.empty()) text += "Path: " + path + "\n";
    if (!language.empty()) text += "Language: " + language + "\n";
    text += "AFTER:\n";
    text += kCursorMark;
    text += after;
    text += "\nBEFORE:\n";
    text += before;
    text += kCursorMark;
    return text;
}

wire::Message message(wire::MessageRole role, std::string text) {
    wire::Message out;
    out.role = role;
    out.text = std::move(text);
    return out;
}

}  // namespace

std::vector<wire::Message> chat_infill_messages(const Window& window) {
    using enum wire::MessageRole;
    return {
        message(system, std::string{kRules}),
        message(user, question("shapes.py", "python", "import math\n\ndef circle_area(radius):\n    return ",
                               "\n\ndef square_area(side):\n")),
        message(assistant, "math.pi * radius ** 2"),
        message(user, question("list.ts", "typescript",
                               "export function sum(values: number[]): number {\n  let total = 0;\n  for "
                               "(const v of values) {",
                               "\n  return total;\n}\n")),
        message(assistant, "\n    total += v;\n  }"),
        message(user, question(window.path, window.language, window.prefix, window.suffix)),
    };
}

wire::FillRequest fill_request(const Window& window) {
    wire::FillRequest request;
    request.prefix = window.prefix;
    request.suffix = window.suffix;
    request.path = window.path;
    return request;
}

}  // namespace dragoman::completion
