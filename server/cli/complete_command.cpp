// `dragoman complete FILE:LINE:COLUMN`: the ghost text of one place, without an editor.

#include "server/chat/context_items.h"
#include "server/cli/app.h"
#include "server/cli/commands.h"
#include "server/cli/language.h"
#include "server/config/exclusion.h"

#include <charconv>

namespace dragoman::cli {
namespace {

struct Place {
    std::filesystem::path file;
    std::int64_t line = 0, column = 0;  // from 1
};

std::optional<std::int64_t> number_after_colon(std::string& text) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, value);
    if (error != std::errc{} || rest != end || value < 1) return std::nullopt;
    text.resize(colon);
    return value;
}

std::optional<Place> read_place(std::string text) {
    const auto column = number_after_colon(text);
    const auto line = column ? number_after_colon(text) : std::nullopt;
    if (!line || text.empty()) return std::nullopt;
    return Place{text, *line, *column};
}

constexpr std::size_t kMostFile = 64U << 20U;

Result<Text, std::string> read_text(Context& context, const Place& place, const config::Effective& config) {
    const std::string name = place.file.string();
    if (config::stays_here(config, absolute_path(place.file)))
        return name + " is kept on this machine by privacy.exclude";
    const auto content = context.core().files.read(place.file, kMostFile);
    if (!content) return name + " " + std::string{describe(content.error())};
    if (content->bytes.find('\0') != std::string::npos) return name + " is not a text file";
    Text text{content->bytes};
    const auto lines = text.line_count(), line = static_cast<std::size_t>(place.line);
    if (line > lines) return name + " has only " + std::to_string(lines) + " lines";
    const auto length = length_in(text.line(line - 1), PositionEncoding::utf32);
    if (static_cast<std::size_t>(place.column) > length + 1) {
        return name + ":" + std::to_string(line) + " has only " + std::to_string(length) + " characters";
    }
    return text;
}

void print_trail(completion::Engine& engine) {
    for (const auto& entry : engine.trail(std::nullopt, 1)) {
        for (const auto& step : entry.steps) complain_line(step.step + ": " + step.detail);
    }
}

int show(Context& context, const CompleteOptions& options, const completion::InlineRequest& request,
         const completion::InlineResult& result) {
    if (options.trail) print_trail(context.core().completion);
    if (result.failure) return context.report(*result.failure);
    const auto new_text = [&](const completion::Suggestion& one) {
        return one.text.substr(std::min(one.text.size(), request.offset - one.begin));
    };
    if (context.json()) {
        Json items = Json::array();
        for (const auto& one : result.items) items.push_back({{"insertText", new_text(one)}});
        print_json({{"items", std::move(items)}});
    } else if (!result.items.empty()) {
        print_line(new_text(result.items.front()));
    } else {
        complain_line("dragoman: the model had nothing to add here");
    }
    return 0;
}

}  // namespace

int complete(Context& context, const CompleteOptions& options, bool over_budget) {
    const auto place = read_place(options.place);
    if (!place) return context.refuse(options.place + " is not FILE:LINE:COLUMN with numbers from 1");
    auto config = context.config_for(place->file);
    auto text = read_text(context, *place, *config);
    if (!text) return context.refuse(text.error());
    if (!options.model.empty()) {
        auto changed = std::make_shared<config::Effective>(*config);
        changed->completion.model = options.model;
        config = std::move(changed);
    }
    completion::InlineRequest request;
    request.document.uri = uri_of_path(absolute_path(place->file));
    request.document.language_id = language_of(place->file);
    request.document.text = std::move(*text);
    const Position position{place->line - 1, place->column - 1};
    request.offset = request.document.text.offset_of(position, PositionEncoding::utf32);
    request.position = position;
    request.automatic = false;
    if (!config->project.empty()) request.folders = {config->project};
    request.relative_path = chat::shown_path(absolute_path(place->file), *config);
    request.config = std::move(config);

    context.ask_before_overspending(over_budget);
    const auto ticket =
        context.core().completion.request(request, [&](const completion::InlineResult& result) {
            context.finish(show(context, options, request, result));
        });
    return context.run_until_finished();
}

}  // namespace dragoman::cli
