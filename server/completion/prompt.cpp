#include "server/completion/prompt.h"

#include "server/completion/text/lines.h"
#include "server/completion/text/syntax.h"
#include "server/privacy/secret_text.h"

#include <algorithm>

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
    "- RELATED parts come from elsewhere in the project: use their names and habits, do not continue them.\n"
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

std::string related(const std::vector<Piece>& pieces) {
    std::string text;
    for (const Piece& piece : pieces) text += "RELATED " + piece.path + ":\n" + piece.text + "\n\n";
    return text;
}

/// As a comment of the file's language; nothing where it has none.
std::string as_comment(const std::vector<Piece>& pieces, const Syntax& syntax) {
    const std::string_view mark = syntax.line_comments.front();
    std::string text;
    if (mark.empty() || syntax.blocks == Syntax::Blocks::prose) return text;
    for (const Piece& piece : pieces) {
        text.append(mark).append(" Path: ").append(piece.path).append("\n");
        for (const std::string_view line : split_lines(piece.text)) {
            text.append(mark).append(line.empty() ? "" : " ").append(line).append("\n");
        }
    }
    return text;
}

/// The pieces by file, in the order of their last one.
std::vector<wire::FillRequest::File> as_files(const std::vector<Piece>& pieces) {
    std::vector<wire::FillRequest::File> files;
    for (const Piece& piece : pieces) {
        const auto same = std::find_if(files.begin(), files.end(),
                                       [&](const auto& file) { return file.path == piece.path; });
        std::string text = piece.text;
        if (same != files.end()) {
            text = same->text + "\n" + text;
            files.erase(same);
        }
        files.push_back({piece.path, std::move(text)});
    }
    return files;
}

Window masked(Window window) {
    privacy::MaskedParts parts = privacy::mask_secrets(window.prefix, window.suffix);
    window.prefix = std::move(parts.before);
    window.suffix = std::move(parts.after);
    return window;
}

}  // namespace

std::vector<wire::Message> chat_infill_messages(const Window& seen, const std::vector<Piece>& pieces) {
    using enum wire::MessageRole;
    const Window window = masked(seen);
    return {
        wire::message(system, std::string{kRules}),
        wire::message(user,
                      question("shapes.py", "python", "import math\n\ndef circle_area(radius):\n    return ",
                               "\n\ndef square_area(side):\n")),
        wire::message(assistant, "math.pi * radius ** 2"),
        wire::message(user,
                      question("list.ts", "typescript",
                               "export function sum(values: number[]): number {\n  let total = 0;\n  for "
                               "(const v of values) {",
                               "\n  return total;\n}\n")),
        wire::message(assistant, "\n    total += v;\n  }"),
        wire::message(user,
                      related(pieces) + question(window.path, window.language, window.prefix, window.suffix)),
    };
}

wire::FillRequest fill_request(const Window& seen, const std::vector<Piece>& pieces, const std::string& route,
                               const std::string& model) {
    const Window window = masked(seen);
    wire::FillRequest request;
    request.path = window.path;
    request.suffix = window.suffix;
    if (wire::takes_files(route, model)) {
        request.files = as_files(pieces);
        request.prefix = window.prefix;
    } else {
        request.prefix = as_comment(pieces, syntax_of(window.language)) + window.prefix;
    }
    return request;
}

}  // namespace dragoman::completion
