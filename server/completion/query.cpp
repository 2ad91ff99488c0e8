#include "server/completion/query.h"

#include "server/completion/text/lines.h"
#include "server/config/exclusion.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

/// What may be seen from a place; the window takes less where a line start is near.
constexpr WindowLimits kSeen{.prefix = 12'000, .suffix = 4'000, .step = 2'000};

/// The most of the text that a query of that model may show: less where its context is known to be small.
WindowLimits limits_of(const Query& query) {
    constexpr std::size_t kBytesPerToken = 3, kRules = 600;  // tokens of instructions and examples
    WindowLimits limits = kSeen;
    if (const auto length = query.model.model.context_length) {
        const auto known = static_cast<std::size_t>(std::max<std::int64_t>(*length, 0));
        const std::size_t spent =
            kRules + static_cast<std::size_t>(query.config->completion.max_tokens) + query.context_tokens();
        const std::size_t left = known > spent ? (known - spent) * kBytesPerToken : 1024;
        limits.prefix = std::min(limits.prefix, left / 4 * 3);
        limits.suffix = std::min(limits.suffix, left / 4);
    }
    limits.prefix >>= query.narrowed;
    limits.suffix >>= query.narrowed;
    limits.step = std::min(limits.step, limits.prefix / 4 + 1);
    return limits;
}

/// Everything but the text that decides about an answer.
std::uint64_t scope_of(const Query& query) {
    const config::Completion& settings = query.config->completion;
    return digest({normalise_uri(query.document.uri), query.document.language_id, query.route,
                   query.model.id(), query.model.provider->base_url, std::to_string(settings.max_tokens),
                   settings.temperature ? std::to_string(*settings.temperature) : std::string{},
                   settings.extra_body.dump(-1, ' ', false, Json::error_handler_t::replace)});
}

Place place_of(const Text& text, std::size_t cursor, std::uint64_t scope) {
    return Place{text, cursor, scope, kSeen.prefix, kSeen.suffix};
}

/// Fills in what follows from document, cursor, model and route.
std::shared_ptr<const Query> looked_at(Query query, std::string path) {
    Window window = take_window(query.document.text, query.cursor, limits_of(query));
    window.path = std::move(path);
    window.language = query.document.language_id;
    query.view = View{std::move(window)};
    query.wanted = wanted_extent(query.view, query.config->completion.multiline);
    query.place = place_of(query.document.text, query.cursor, scope_of(query));
    return std::make_shared<const Query>(std::move(query));
}

/// `text`, which has \n line ends, with those of the document.
std::string with_line_ends(const std::string& text, const Text& document) {
    const std::size_t end = document.line_end(0);
    if (document.slice(end, end + 2) != "\r\n") return text;
    std::string out;
    for (const char c : text) {
        if (c == '\n') out += '\r';
        out += c;
    }
    return out;
}

}  // namespace

std::size_t Query::context_tokens() const {
    auto tokens = static_cast<std::size_t>(std::max(config->completion.context_tokens, 0));
    if (model.model.context_length) {
        tokens = std::min(
            tokens, static_cast<std::size_t>(std::max<std::int64_t>(*model.model.context_length, 0)) / 4);
    }
    return tokens >> (2 * narrowed);
}

std::optional<std::string> closed_gate(const InlineRequest& request) {
    const config::Effective& config = *request.config;
    if (!config.completion.enabled) return "completion is switched off";
    const auto& off = config.completion.disabled_languages;
    if (std::find(off.begin(), off.end(), request.document.language_id) != off.end()) {
        return "completion is switched off for " + request.document.language_id;
    }
    if (config::document_stays_here(config, request.document.uri))
        return "privacy.exclude keeps this file here";
    if (request.selected) {
        const std::string there = request.document.text.slice(request.selected->begin, request.offset);
        const bool fits = request.selected->begin <= request.offset &&
                          normalise_line_ends(request.selected->text).starts_with(there) &&
                          there.find_first_of("\r\n") == std::string::npos;
        if (!fits) return "the selected entry does not begin with what is typed";
    }
    return std::nullopt;
}

Result<std::shared_ptr<const Query>> make_query(const InlineRequest& request, const gateway::Gateway& gateway,
                                                const std::map<std::string, int>& narrowed) {
    auto model = request.config->resolve(config::Role::completion);
    if (!model) return std::move(model.error());
    Query query;
    query.document = request.document;
    query.cursor = request.offset;
    query.config = request.config;
    query.folders = request.folders;
    query.model = std::move(*model);
    query.automatic = request.automatic;
    query.route = gateway.fill_route(query.model);
    const auto known = narrowed.find(query.model.id());
    query.narrowed = known == narrowed.end() ? 0 : known->second;
    if (request.selected) {
        const std::string entry =
            with_line_ends(normalise_line_ends(request.selected->text), request.document.text);
        query.document.text = request.document.text.replace(request.selected->begin, request.offset, entry);
        query.cursor = request.selected->begin + entry.size();
    }
    return looked_at(std::move(query), request.relative_path);
}

std::shared_ptr<const Query> after_accepting(const Query& query, const std::string& text) {
    Query next = query;
    const std::string inserted = with_line_ends(text, query.document.text);
    next.document.text = query.document.text.replace(query.cursor, query.cursor, inserted);
    next.cursor += inserted.size();
    next.automatic = true;
    return looked_at(std::move(next), query.view.window().path);
}

Place place_after_change(const Query& query, const DocumentSnapshot& now, std::size_t cursor) {
    return place_of(now.text, cursor, query.place.anchor().scope);
}

}  // namespace dragoman::completion
