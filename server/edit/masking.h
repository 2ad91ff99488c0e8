// Likely secrets of the selection and its surroundings: hidden from the model, and kept when it answers.
//
// Pure. A line that comes back with its mask as it was sent becomes the line it stands for. Any other line
// with a mask would overwrite a secret: it can be told, and is refused by changes.h.
#pragma once

#include "server/edit/selection.h"

#include <string>
#include <string_view>
#include <vector>

namespace dragoman::edit {

class Masking {
public:
    /// `instruction` goes to the model as privacy::mask_typed() has it: its secrets count, and are not
    /// written.
    explicit Masking(const Selection& selection, std::string_view instruction = {});

    // As they may be sent, \n line ends.
    const std::string& before() const { return before_; }
    const std::string& text() const { return text_; }
    const std::string& after() const { return after_; }
    /// How many likely secrets were masked in all of these.
    std::size_t count() const { return count_; }

    /// Lines of the selection that held a secret put back. Where alike lines hide different secrets, only if
    /// as many came back as were sent.
    std::string restore(const std::string& replacement) const;
    /// `text` holds a mask that stands for a secret.
    bool hides_secret(std::string_view text) const;

private:
    struct Line {
        std::string masked, real;  // `real` may be several lines: a private key
    };
    void keep_lines(const std::vector<std::pair<std::size_t, std::size_t>>& masks, const std::string& real);

    std::string before_, text_, after_;
    std::vector<Line> lines_;  // of the selection, with a mask or one of the user's own, in order
    std::size_t count_ = 0;
};

}  // namespace dragoman::edit
