// A settings file edited in place: the value that was set is read back, everything else stays the value it
// was, every comment stays, and taking the value out again leaves what was there. The input: the file, a key,
// a value.
#include "server/config/edit_text.h"
#include "server/config/key_path.h"
#include "tests/fuzz/fuzz.h"

using namespace dragoman;
using config::read_text;
using dragoman::fuzz::claim;

namespace {

/// The comments of a text that parses, in order.
std::vector<std::string> comments_of(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '"') {
            for (++at; text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
            ++at;
        } else if (text.substr(at).starts_with("//") || text.substr(at).starts_with("/*")) {
            const bool line = text[at + 1] == '/';
            const std::size_t end =
                line ? std::min(text.find_first_of("\r\n", at), text.size()) : text.find("*/", at + 2) + 2;
            out.emplace_back(text.substr(at, end - at));
            at = end;
        } else {
            ++at;
        }
    }
    return out;
}

/// `tree` with `value` at `path`; null where the path leads through something else.
Json* place(Json& tree, const std::vector<std::string>& path) {
    Json* at = &tree;
    for (const std::string& name : path) {
        if (at->is_null()) *at = Json::object();
        if (!at->is_object()) return nullptr;
        at = &(*at)[name];
    }
    return at;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto texts = fuzz::parts(fuzz::text_of(data, size), 3);
    const auto path = config::read_key_path(texts[1]);
    const auto value = parse_json(texts[2], {.depth = 8, .values = 200, .bytes = 4096});
    if (!path || path->empty() || !value) return 0;
    const auto before = read_text(texts[0]);
    const auto edited = config::set_value(texts[0], *path, *value);
    if (!edited) {
        claim(!edited.error().message.empty(), "a refusal says why");
        return 0;
    }
    claim(before.ok() || config::says_nothing(texts[0]), "only what parses, or says nothing, is edited");
    const auto after = read_text(*edited);
    claim(after.ok(), "an edited text parses");
    Json expected = before ? before->value : Json::object();
    Json* at = place(expected, *path);
    claim(at != nullptr, "a path leads through objects alone");
    *at = *value;
    claim(after->value == expected, "the value is the one that was set, and everything else is as it was");
    const bool holds_list = before && !before->value.empty();
    if (!holds_list) return 0;
    // Comments inside a value that is replaced go with it; where the path was not there before, all stay.
    Json was = before->value;
    const Json* old = &was;
    for (const std::string& name : *path)
        old = old != nullptr && old->is_object() && old->contains(name) ? &(*old)[name] : nullptr;
    if (old == nullptr) claim(comments_of(*edited) == comments_of(texts[0]), "every comment stays");
    const auto undone = config::unset_value(*edited, *path);
    claim(undone.ok(), "what was set can be taken out");
    const auto left = read_text(*undone);
    claim(left.ok() || config::says_nothing(*undone), "a text without the value parses");
    if (left) {
        const Json* still = &left->value;
        for (const std::string& name : *path)
            still =
                still != nullptr && still->is_object() && still->contains(name) ? &(*still)[name] : nullptr;
        claim(still == nullptr, "the value is gone");
    }
    return 0;
}
