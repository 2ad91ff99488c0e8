// Answers of gateways, as each API would be read: the same events however the bytes are cut (pieces of one
// text may come in other pieces), in the order that event.h promises, with one end and nothing behind it.
#include "protocol/base/overloaded.h"
#include "protocol/base/utf.h"
#include "server/upstream/wire/decoder.h"
#include "tests/fuzz/fuzz.h"

#include <set>

using namespace dragoman;
using namespace dragoman::wire;
using dragoman::fuzz::claim;

namespace {

Events decode(const std::vector<std::string_view>& pieces, Shape shape, int status) {
    DecoderOptions options;
    options.shape = shape;
    options.stop = {"<|end|>"};
    Decoder decoder{options};
    decoder.head(status, {{"content-type", "text/event-stream"}});
    Events events;
    for (const std::string_view piece : pieces) decoder.feed(piece, events);
    decoder.end(Decoder::End::complete, events);
    claim(decoder.ended(), "a decoder that was told the end has ended");
    return events;
}

/// Neighbours of one text as one.
Events joined(const Events& events) {
    Events out;
    for (const Event& event : events) {
        const bool grew =
            !out.empty() &&
            std::visit(Overloaded{[](Text& to, const Text& more) {
                                      return to.choice == more.choice && (to.text += more.text, true);
                                  },
                                  [](Reasoning& to, const Reasoning& more) {
                                      return to.choice == more.choice && (to.text += more.text, true);
                                  },
                                  [](Refusal& to, const Refusal& more) {
                                      return to.choice == more.choice && (to.text += more.text, true);
                                  },
                                  [](ToolArguments& to, const ToolArguments& more) {
                                      return to.slot == more.slot && (to.text += more.text, true);
                                  },
                                  [](auto&, const auto&) { return false; }},
                       out.back(), event);
        if (!grew) out.push_back(event);
    }
    return out;
}

/// What event.h says of every stream.
class Order {
public:
    void operator()(const Start&) { claim(count_ == 1, "a start is the first event"); }
    void operator()(const Text& text) { check_text(text.text); }
    void operator()(const Reasoning& text) { check_text(text.text); }
    void operator()(const Refusal& text) { check_text(text.text); }
    void operator()(const ToolOpen& tool) {
        claim(tool.slot >= 0 && opened_.insert(tool.slot).second, "a tool is opened once");
        claim(!tool.id.empty(), "a tool that is opened has an id");
        open_.insert(tool.slot);
    }
    void operator()(const ToolArguments& arguments) {
        claim(open_.contains(arguments.slot), "arguments belong to a tool that is open");
    }
    void operator()(const ToolEnd& tool) {
        claim(open_.erase(tool.slot) == 1, "a tool ends once, after it was opened");
    }
    void operator()(const Usage& usage) {
        claim(!used_ && usage.input >= 0 && usage.output >= 0, "usage comes once and counts upwards");
        used_ = true;
    }
    void operator()(const Finish& finish) {
        claim(finished_.insert(finish.choice).second, "a choice finishes once");
    }
    void operator()(const Done&) { end(); }
    void operator()(const Truncated&) { end(); }
    void operator()(const Failed& failed) {
        claim(!failed.error.message.empty() && is_valid_utf8(failed.error.message),
              "a failure says something");
        end();
    }
    void operator()(const auto&) {}

    void check(const Events& events) {
        for (const Event& event : events) {
            claim(!ended_, "nothing comes after the end");
            ++count_;
            std::visit(*this, event);
        }
        claim(ended_, "every stream has an end");
    }

private:
    void check_text(const std::string& text) const {
        claim(!text.empty() && is_valid_utf8(text), "text is valid UTF-8 and holds something");
        claim(finished_.empty(), "no text comes after a finish");
    }
    void end() { ended_ = true; }

    std::set<int> open_, opened_, finished_;
    int count_ = 0;
    bool used_ = false, ended_ = false;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    for (const Shape shape :
         {Shape::chat_completions, Shape::responses, Shape::completions, Shape::llamacpp_infill}) {
        fuzz::same_for_every_cut(
            input, [shape](const auto& pieces) { return joined(decode(pieces, shape, 200)); },
            "events do not depend on how their bytes were cut");
        Order{}.check(decode({input}, shape, 200));
    }
    Order{}.check(decode({input}, Shape::chat_completions, 429));
    return 0;
}
