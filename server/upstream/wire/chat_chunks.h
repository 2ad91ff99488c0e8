// Chat Completions answers: stream chunks and whole answers, and what is shaped alike: the older text
// completions, Mistral's FIM endpoint, llama.cpp's native /infill (upstream.md 4.2, 4.3, 9).
#pragma once

#include "server/upstream/wire/answer.h"

#include <string_view>

namespace dragoman::wire {

class ChatChunks {
public:
    explicit ChatChunks(Answer& answer) : answer_{answer} {}

    /// An object with `choices` or `usage`. `last`: no other object follows, so a message without a
    /// finish reason is finished.
    void read(const Json& chunk, bool last);
    /// llama.cpp's own shape: `content`, `stop`, `stop_type`.
    void read_native(const Json& chunk);

    static bool is_native(const Json& object);

private:
    void read_choice(const Json& choice, int index, bool last);
    void read_delta(const Json& delta, int index);
    void read_content(const Json& content, int index);
    void read_part(const Json& part, int index);
    void read_reasoning(const Json& delta, int index);
    void read_finish(const Json* value, int index);
    void read_finish(std::string_view reason, int index);
    void read_usage_of(const Json& chunk, const Json& usage);
    /// The choice this is about, or nothing for one that was not asked for.
    std::optional<int> index_of(const Json& choice, std::size_t place, std::size_t count);

    Answer& answer_;
};

}  // namespace dragoman::wire
