#include "server/chat/context_items.h"

#include "server/support/paths.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace dragoman::chat {
namespace {

constexpr std::size_t kMostFileBytes = 8U << 20U;
constexpr std::size_t kMostItemBytes = 200'000;
constexpr std::size_t kMostNameBytes = 400;

using Written = Result<std::string, std::string>;

struct Loaded {
    Text text;
    std::string name;  // as the model gets to see it
    std::string language;
};

std::string shown_name(const std::string& uri, const config::Effective& config) {
    const auto path = path_of_uri(uri);
    return one_line(path ? shown_path(*path, config) : uri, kMostNameBytes);
}

/// A language's name as it may follow a fence; nothing where it could end the line or the fence.
std::string fence_word(const std::string& language) {
    const bool plain = std::all_of(language.begin(), language.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '#' || c == '_' || c == '.';
    });
    return plain ? language : std::string{};
}

std::string why(FileProblem problem) {
    switch (problem) {
        case FileProblem::missing: return "does not exist";
        case FileProblem::not_regular: return "is not a regular file";
        case FileProblem::too_large: return "is larger than 8 MiB; open it and attach the lines that matter";
        case FileProblem::unreadable: return "cannot be read";
    }
    return "cannot be read";
}

class Writer {
public:
    Writer(const config::Effective& config, const Documents& documents, Files& files)
        : config_{config}, documents_{documents}, files_{files} {}

    Written operator()(const FileItem& item) const {
        const auto loaded = load(item.uri);
        if (!loaded) return Written::failure(loaded.error());
        return "File " + loaded->name + ":\n" + body(loaded->text, 0, loaded->text.size(), loaded->language);
    }

    Written operator()(const RangeItem& item) const {
        const auto loaded = load(item.uri);
        if (!loaded) return Written::failure(loaded.error());
        const std::size_t begin = loaded->text.offset_of(item.range.start, documents_.encoding());
        const std::size_t end =
            std::max(begin, loaded->text.offset_of(item.range.end, documents_.encoding()));
        // A range that ends at the start of a line holds nothing of that line.
        const auto first = loaded->text.line_of(begin) + 1,
                   last = loaded->text.line_of(end > begin ? end - 1 : begin) + 1;
        return "File " + loaded->name + ", lines " + std::to_string(first) + " to " + std::to_string(last) +
               ":\n" + body(loaded->text, begin, end, loaded->language);
    }

    Written operator()(const TextItem& item) const {
        const std::string label = one_line(item.label, 200);
        return (label.empty() ? "Text" : label) + ":\n" + body(item.text, item.text.size(), {});
    }

    Written operator()(const DiagnosticsItem& item) const {
        if (const auto path = path_of_uri(item.uri); path && excluded(*path))
            return Written::failure(refusal(item.uri));
        constexpr std::string_view kSeverities[] = {"error", "error", "warning", "information", "hint"};
        const std::string name = shown_name(item.uri, config_);
        std::string list;
        for (const Diagnostic& one : item.diagnostics) {
            const auto severity = static_cast<std::size_t>(std::clamp(one.severity, 1, 4));
            list += name + ":" + std::to_string(one.range.start.line + 1) + ":" +
                    std::to_string(one.range.start.character + 1) + ": " +
                    std::string{kSeverities[severity]} + ": " + one_line(one.message, 2000);
            if (!one.source.empty() || !one.code.empty()) {
                list += " [" + one_line(one.source + " " + one.code, 200) + "]";
            }
            list += '\n';
        }
        return "Diagnostics of " + name + ":\n" + body(list, list.size(), {});
    }

private:
    /// By its name, or by the name of the file it is a link to.
    bool excluded(const std::filesystem::path& path) const {
        if (config_.excluded(path)) return true;
        std::error_code error;
        const auto real = std::filesystem::canonical(path, error);
        return !error && config_.excluded(real);
    }

    std::string refusal(const std::string& uri) const {
        return shown_name(uri, config_) + " is kept on this machine by privacy.exclude";
    }

    Result<Loaded, std::string> load(const std::string& uri) const {
        const auto path = path_of_uri(uri);
        if (path && excluded(*path)) return refusal(uri);
        const std::string name = shown_name(uri, config_);
        if (const auto open = documents_.find(uri))
            return Loaded{open->text, name, fence_word(open->language_id)};
        if (documents_.is_open(uri))
            return name + " is open, but its text got lost in an impossible edit; open it again";
        if (!path) return name + " is not open and names no file";
        const auto content = files_.read(*path, kMostFileBytes);
        if (!content) return name + " " + why(content.error());
        if (content->bytes.find('\0') != std::string::npos) return name + " is not a text file";
        const std::string extension = path->extension().string();
        return Loaded{Text{content->bytes}, name, extension.empty() ? "" : fence_word(extension.substr(1))};
    }

    static std::string body(const Text& text, std::size_t begin, std::size_t end,
                            const std::string& language) {
        return body(text.slice(begin, std::min(end, begin + kMostItemBytes + 1)), end - begin, language);
    }

    /// `text` is a whole of `size` bytes, or more of its beginning than is sent.
    static std::string body(const std::string& text, std::size_t size, const std::string& language) {
        const std::string_view kept = truncate_utf8(text, kMostItemBytes);
        const std::string block = fenced(repair_utf8(kept), language);
        if (size <= kMostItemBytes) return block;
        return block + "(cut here: " + std::to_string(size - kept.size()) + " more bytes were left out)\n";
    }

    const config::Effective& config_;
    const Documents& documents_;
    Files& files_;
};

}  // namespace

std::string shown_path(const std::filesystem::path& path, const config::Effective& config) {
    const auto relative = path.lexically_normal().lexically_relative(config.project);
    const bool inside = !config.project.empty() && !relative.empty() && *relative.begin() != "..";
    return inside ? relative.generic_string() : path.filename().string();
}

std::string fenced(const std::string& text, const std::string& language) {
    std::size_t longest = 2, run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    return fence + language + "\n" + text + (text.empty() || text.back() == '\n' ? "" : "\n") + fence + "\n";
}

Result<std::string, std::string> write_question(const std::string& prompt,
                                                const std::vector<ContextItem>& items,
                                                const config::Effective& config, const Documents& documents,
                                                Files& files) {
    const Writer writer{config, documents, files};
    std::string question;
    for (const ContextItem& item : items) {
        auto written = std::visit(writer, item);
        if (!written) return written;
        question += *written + "\n";
    }
    return question + repair_utf8(prompt);
}

}  // namespace dragoman::chat
