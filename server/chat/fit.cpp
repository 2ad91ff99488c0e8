#include "server/chat/fit.h"

#include <algorithm>
#include <limits>

namespace dragoman::chat {
namespace {

constexpr std::string_view kContinue =
    "Continue exactly where your last message ended. Repeat nothing of it and add no introduction.";

/// A turn that left nothing to refer to (failed or cancelled before any text) is not sent again.
bool worth_sending(const Turn& turn) { return !turn.text.empty(); }

std::string note_on(std::size_t turns) {
    const std::string which =
        turns == 1 ? "The oldest turn" : "The " + std::to_string(turns) + " oldest turns";
    return "(" + which + " of this conversation did not fit and " + (turns == 1 ? "is" : "are") +
           " left out here; what was attached to " + (turns == 1 ? "it" : "them") +
           " follows as far as it fits.)\n\n";
}

/// What of the turns that are left out stays: attached texts, and images.
struct Carried {
    std::vector<const Attachment*> attached;
    std::vector<const Image*> images;
};

class Fit {
public:
    Fit(const std::vector<Turn>& turns, const Fitting& fitting, const TokenCounter& counter)
        : last_{turns.back()}, fitting_{fitting}, counter_{counter}, attached_{last_.attached} {
        std::for_each(turns.begin(), turns.end() - 1, [&](const Turn& turn) {
            if (worth_sending(turn)) earlier_.push_back(&turn);
        });
    }

    Fitted run() {
        const std::size_t fixed = tokens_of_frame();
        const std::size_t most = fitting_.tokens.value_or(std::numeric_limits<std::size_t>::max());
        out_.fits = fixed <= most;
        std::size_t left = out_.fits ? most - fixed : 0;
        cut_to(attached_, left - std::min(left, tokens_of_note()), counter_);
        for (const Attachment& one : attached_) {
            left -= std::min(left, tokens_of(one));
            if (one.left_out > 0) out_.left_out.items.push_back(one.title);
        }
        choose(left);
        write();
        out_.attached = std::move(attached_);
        return std::move(out_);
    }

private:
    std::size_t tokens_of(const Attachment& one) const { return counter_.count(written(one)); }

    /// At most, and nothing where there are no turns to be left out.
    std::size_t tokens_of_note() const {
        return earlier_.empty() ? 0 : counter_.count(note_on(earlier_.size() + 1));
    }

    /// All that stays at any price.
    std::size_t tokens_of_frame() const {
        std::size_t sum = tokens_of_prompt(last_, counter_);
        if (!fitting_.system.empty()) sum += counter_.count(fitting_.system) + kMessageTokens;
        if (worth_sending(last_))
            sum += counter_.count(last_.text) + counter_.count(kContinue) + 2 * kMessageTokens;
        return sum;
    }

    std::size_t tokens_of_turn(const Turn& turn) const {
        std::size_t sum = tokens_of_prompt(turn, counter_) + counter_.count(turn.text) + kMessageTokens;
        for (const Attachment& one : turn.attached) sum += tokens_of(one);
        return sum;
    }

    /// It was attached again later: the newer state of the same piece of a file, or the very same text.
    bool superseded(const Attachment& attachment, std::size_t turn) const {
        const auto same = [&](const Attachment& one) {
            return one.title == attachment.title && one.line == attachment.line &&
                   (one.line > 0 || one.text == attachment.text);
        };
        if (std::any_of(attached_.begin(), attached_.end(), same)) return true;
        return std::any_of(earlier_.begin() + static_cast<std::ptrdiff_t>(turn) + 1, earlier_.end(),
                           [&](const Turn* later) {
                               return std::any_of(later->attached.begin(), later->attached.end(), same);
                           });
    }

    std::size_t tokens_of_carried(std::size_t turn) const {
        std::size_t sum = earlier_[turn]->images.size() * counter_.image();
        for (const Attachment& one : earlier_[turn]->attached)
            if (!superseded(one, turn)) sum += tokens_of(one);
        return sum;
    }

    /// Decides how many of the oldest turns go, and what of theirs stays.
    void choose(std::size_t left) {
        // Old attachments never crowd out all of the conversation.
        const std::size_t most_carried = left / 2;
        const std::size_t note = tokens_of_note();
        std::size_t kept = 0, carried = 0, dropped = 0;
        std::vector<std::size_t> costs;
        for (const Turn* turn : earlier_) costs.push_back(tokens_of_turn(*turn));
        for (const std::size_t cost : costs) kept += cost;
        while (dropped < earlier_.size() && kept + carried + (dropped > 0 ? note : 0) > left) {
            kept -= costs[dropped];
            carried = std::min(carried + tokens_of_carried(dropped), most_carried);
            ++dropped;
        }
        out_.left_out.turns = dropped;
        const std::size_t used = kept + (dropped > 0 ? note : 0);
        carry(dropped, std::min(most_carried, left > used ? left - used : 0));
        earlier_.erase(earlier_.begin(), earlier_.begin() + static_cast<std::ptrdiff_t>(dropped));
    }

    /// What was attached to the first `dropped` turns, the newest first, as far as `left` goes.
    void carry(std::size_t dropped, std::size_t left) {
        for (std::size_t turn = dropped; turn-- > 0;) {
            for (const Attachment& one : earlier_[turn]->attached) {
                if (superseded(one, turn)) continue;
                const std::size_t cost = tokens_of(one);
                if (cost > left) {
                    out_.left_out.items.push_back(one.title);
                    continue;
                }
                left -= cost;
                carried_.attached.push_back(&one);
            }
            for (const Image& one : earlier_[turn]->images) {
                if (counter_.image() > left) {
                    out_.left_out.items.push_back(one.mime_type);
                    continue;
                }
                left -= counter_.image();
                carried_.images.push_back(&one);
            }
        }
        std::reverse(carried_.attached.begin(), carried_.attached.end());
        std::reverse(carried_.images.begin(), carried_.images.end());
    }

    void write() {
        if (!fitting_.system.empty()) add(wire::message(wire::MessageRole::system, fitting_.system));
        for (const Turn* turn : earlier_) {
            add_question(*turn, turn->attached);
            add_answer(*turn);
        }
        add_question(last_, attached_);
        if (!worth_sending(last_)) return;
        add_answer(last_);
        add(wire::message(wire::MessageRole::user, std::string{kContinue}));
    }

    void add(wire::Message message) {
        out_.tokens +=
            counter_.count(message.text) + kMessageTokens + message.images.size() * counter_.image();
        out_.messages.push_back(std::move(message));
    }

    void add_question(const Turn& turn, const std::vector<Attachment>& attached) {
        wire::Message message = wire::message(wire::MessageRole::user, {});
        // In front of the first question, not in a message of their own: many chat templates want the roles
        // to take turns.
        if (out_.left_out.turns > 0 && !std::exchange(noted_, true)) {
            message.text = note_on(out_.left_out.turns);
            for (const Attachment* one : carried_.attached) message.text += written(*one) + "\n";
            for (const Image* one : carried_.images) message.images.push_back({data_url(*one)});
        }
        for (const Attachment& one : attached) message.text += written(one) + "\n";
        message.text += turn.prompt;
        for (const Image& one : turn.images) message.images.push_back({data_url(one)});
        add(std::move(message));
    }

    void add_answer(const Turn& turn) {
        wire::Message message = wire::message(wire::MessageRole::assistant, turn.text);
        if (fitting_.with_reasoning(turn)) message.reasoning_items = turn.reasoning_items;
        add(std::move(message));
    }

    const Turn& last_;
    const Fitting& fitting_;
    const TokenCounter& counter_;
    std::vector<const Turn*> earlier_;  // those that are worth sending
    std::vector<Attachment> attached_;  // of the last turn
    Carried carried_;
    bool noted_ = false;
    Fitted out_;
};

}  // namespace

std::size_t tokens_of_prompt(const Turn& turn, const TokenCounter& counter) {
    return counter.count(turn.prompt) + turn.images.size() * counter.image() + kMessageTokens;
}

Fitted fit(const std::vector<Turn>& turns, const Fitting& fitting, const TokenCounter& counter) {
    return Fit{turns, fitting, counter}.run();
}

}  // namespace dragoman::chat
