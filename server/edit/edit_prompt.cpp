#include "server/edit/edit_prompt.h"

#include "protocol/base/utf.h"
#include "server/edit/replacement.h"
#include "server/privacy/secret_text.h"

#include <algorithm>

namespace dragoman::edit {
namespace {

constexpr std::string_view kRewriteRules =
    "You edit a part of a file inside the user's editor: the part between <selection> and </selection>.\n"
    "Answer with exactly the new text of that part, so that it can be put in its place as it is.\n"
    "- No explanation, no Markdown fence, no <selection> tags, nothing of the text around the selection.\n"
    "- Keep the indentation the lines have in the file, the file's language, names and style.\n"
    "- Change only what the instruction asks for; repeat all other lines of the selection as they are.\n"
    "- ******** stands for a value you may not see: keep it as it is.\n"
    "- An empty selection is a place: answer with what is to be inserted there.\n"
    "- If the whole selection is to be deleted, answer with an empty code block.";

constexpr std::string_view kExplainRules =
    "You explain a part of a file inside the user's editor: the part between <selection> and </selection>.\n"
    "Answer in plain text for a small message box: at most eight short sentences, no headings, no code "
    "blocks. Say what the part does, why, and what is surprising about it.";

std::string_view severity_word(int severity) {
    constexpr std::string_view kWords[] = {"error", "error", "warning", "information", "hint"};
    return kWords[static_cast<std::size_t>(std::clamp(severity, 1, 4))];
}

std::string problems(const std::vector<Diagnostic>& diagnostics) {
    if (diagnostics.empty()) return {};
    std::string text = "Problems reported there:\n";
    for (const Diagnostic& one : diagnostics) {
        text.append("- line ").append(std::to_string(one.line + 1)).append(", ");
        text.append(severity_word(one.severity)).append(": ");
        text.append(one_line(privacy::mask_secrets(one.message).text, 1000)).append("\n");
    }
    return text;
}

}  // namespace

std::vector<wire::Message> write_prompt(const Question& question, const Selection& selection,
                                        const Masking& masking) {
    // Whole lines are easier to keep the indentation of: where the selection begins behind its line's
    // indentation, that is shown as part of it.
    const std::string lead = selection.begins_a_line() ? selection.line_before() : std::string{};
    std::string text;
    if (!question.path.empty()) text += "Path: " + question.path + "\n";
    if (!selection.language.empty()) text += "Language: " + one_line(selection.language, 60) + "\n";
    text += "File:\n";
    text.append(masking.before(), 0, masking.before().size() - lead.size());
    text.append(kSelectionOpen).append("\n").append(lead).append(masking.text());
    if (!masking.text().ends_with('\n')) text += '\n';
    text.append(kSelectionClose).append(masking.after());
    text.append("\n\n").append(problems(question.diagnostics));
    text.append("Instruction: ").append(privacy::mask_typed(question.instruction).text);
    const std::string_view rules = question.task == Task::rewrite ? kRewriteRules : kExplainRules;
    return {wire::message(wire::MessageRole::system, question.system_prompt.value_or(std::string{rules})),
            wire::message(wire::MessageRole::user, std::move(text))};
}

}  // namespace dragoman::edit
