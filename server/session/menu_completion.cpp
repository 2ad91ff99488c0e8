// textDocument/completion: the same suggestions in the completion menu, for editors that show no ghost text.
//
// Off unless completion.menu is true. An editor filters its menu by the word under way, so an item begins
// with that word; everything else is as for inline completion.

#include "protocol/base/utf.h"
#include "server/completion/text/lines.h"
#include "server/session/completion_request.h"
#include "server/session/methods.h"

#include <algorithm>

namespace dragoman::session {
namespace {

constexpr std::size_t kLabelBytes = 80;

/// Where the word that ends at `cursor` begins, on its line.
std::size_t word_begin(const Text& text, std::size_t cursor) {
    const std::size_t line = text.line_start(text.line_of(cursor));
    const std::string before = text.slice(line, cursor);
    const auto end = std::find_if_not(before.rbegin(), before.rend(), completion::is_word);
    return line + static_cast<std::size_t>(before.rend() - end);
}

/// The first line that says anything.
std::string label_of(std::string_view text) {
    text = completion::trimmed(text);
    return one_line(text.substr(0, text.find('\n')), kLabelBytes);
}

Json items_of(Session& session, const completion::InlineRequest& request,
              const std::vector<completion::Suggestion>& suggestions) {
    const Text& text = request.document.text;
    const PositionEncoding encoding = session.services().documents.encoding();
    std::vector<lsp::MenuItem> items;
    for (const auto& suggestion : suggestions) {
        const std::size_t begin = std::min(suggestion.begin, word_begin(text, request.offset));
        const std::string whole = text.slice(begin, suggestion.begin) + suggestion.text;
        items.push_back(
            {.id = suggestion.id,
             .label = label_of(whole),
             .text = whole,
             .range = {text.position_of(begin, encoding), text.position_of(request.offset, encoding)}});
    }
    return lsp::to_json(items);
}

}  // namespace

void handle_completion(Session& session, const Reply& reply, const Json& params) {
    auto read = lsp::completion_params(params);
    if (!read) return reply.invalid_params("textDocument/completion: " + read.error());
    auto request = completion_request(
        session, {.uri = std::move(read->uri), .version = read->version, .position = read->position});
    if (!request || !request->config->completion.menu) return reply.result(nullptr);
    complete(session, reply, std::move(*request), &items_of);
}

}  // namespace dragoman::session
