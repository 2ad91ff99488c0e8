// What a model is asked when a part of a file is to be edited or explained.
//
// Pure. Only masked text goes in: of an instruction, which is the user's own, what has the form of a secret
// is masked.
#pragma once

#include "server/edit/masking.h"
#include "server/edit/selection.h"
#include "server/upstream/wire/request.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dragoman::edit {

/// A problem that the editor knows of, inside or near the selection.
struct Diagnostic {
    std::int64_t line = 0;  // from 0, in the document
    int severity = 1;       // LSP: 1 error, 2 warning, 3 information, 4 hint
    std::string message;
};

enum class Task { rewrite, explain };

struct Question {
    Task task = Task::rewrite;
    std::string instruction;
    std::vector<Diagnostic> diagnostics{};
    std::string path{};                          // as the model may know it; may be empty
    std::optional<std::string> system_prompt{};  // in place of the daemon's own rules
};

std::vector<wire::Message> write_prompt(const Question& question, const Selection& selection,
                                        const Masking& masking);

}  // namespace dragoman::edit
