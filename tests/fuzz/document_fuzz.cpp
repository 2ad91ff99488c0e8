// A document under the edits of an editor, in each encoding: its text, lines and positions are those of a
// plain string that is scanned from the start each time.
#include "protocol/base/utf.h"
#include "server/documents/documents.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/documents/reference_text.h"

#include <algorithm>

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

constexpr std::size_t kMostEdits = 12;
const std::string kUri = "file:///a.c";

void check_positions(const Text& text, const std::string& expected, PositionEncoding encoding,
                     fuzz::Dice& dice) {
    const ReferenceText reference{expected};
    claim(text.to_string() == expected, "the text is what the edits make of it");
    claim(text.line_count() == reference.lines().size(), "lines are counted as the specification says");
    for (int i = 0; i < 8; ++i) {
        const std::size_t offset = dice.upto(expected.size());
        claim(text.position_of(offset, encoding) == reference.position_of(offset, encoding),
              "an offset has the position that counting gives");
        const Position position{static_cast<std::int64_t>(dice.upto(reference.lines().size())),
                                static_cast<std::int64_t>(dice.upto(40))};
        claim(text.offset_of(position, encoding) == reference.offset_of(position, encoding),
              "a position has the offset that counting gives");
    }
}

Json change(Position start, Position end, const std::string& with) {
    return {{"range", {{"start", lsp::to_json(start)}, {"end", lsp::to_json(end)}}}, {"text", with}};
}

/// Each of `edits` takes the place of a range that the dice choose.
void run(std::string_view first, const std::vector<std::string_view>& edits, PositionEncoding encoding) {
    Documents documents{encoding};
    std::string expected = repair_utf8(first);
    const std::string opened = expected;
    documents.did_open(
        {{"textDocument", {{"uri", kUri}, {"languageId", "c"}, {"version", 1}, {"text", opened}}}});
    fuzz::Dice dice{first};
    std::int64_t version = 1;
    for (const std::string_view edit : edits) {
        const std::string with = repair_utf8(edit);
        const ReferenceText reference{expected};
        Position start{static_cast<std::int64_t>(dice.upto(reference.lines().size())),
                       static_cast<std::int64_t>(dice.upto(24))};
        Position end{static_cast<std::int64_t>(dice.upto(reference.lines().size())),
                     static_cast<std::int64_t>(dice.upto(24))};
        if (end < start) std::swap(start, end);
        const std::size_t from = reference.offset_of(start, encoding),
                          to = reference.offset_of(end, encoding);
        if (to < from) continue;
        expected.replace(from, to - from, with);
        documents.did_change({{"textDocument", {{"uri", kUri}, {"version", ++version}}},
                              {"contentChanges", Json::array({change(start, end, with)})}});
        const auto snapshot = documents.find(kUri);
        claim(snapshot.has_value(), "an edit that can be understood leaves the text known");
        check_positions(snapshot->text, expected, encoding, dice);
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    auto edits = fuzz::parts(input, kMostEdits + 1);
    const std::string_view first = edits.front();
    edits.erase(edits.begin());
    edits.resize(static_cast<std::size_t>(std::min<std::ptrdiff_t>(
        std::count(input.begin(), input.end(), fuzz::kSeparator), static_cast<std::ptrdiff_t>(kMostEdits))));
    for (const auto encoding : {PositionEncoding::utf8, PositionEncoding::utf16, PositionEncoding::utf32})
        run(first, edits, encoding);
    // The same bytes as what an editor sends instead.
    if (const auto params = parse_json(input, {.depth = 16, .values = 1000, .bytes = 1U << 16U})) {
        Documents documents;
        documents.did_open({{"textDocument", {{"uri", kUri}, {"version", 1}, {"text", "a\nb"}}}});
        documents.did_open(*params);
        documents.did_change(*params);
        documents.did_close(*params);
        for (const DocumentSnapshot& one : documents.all())
            claim(is_valid_utf8(one.text.to_string()), "texts are valid UTF-8");
    }
    const std::string uri = normalise_uri("file:///" + std::string{input});
    claim(normalise_uri(uri) == uri, "a URI in the form of comparison stays as it is");
    return 0;
}
