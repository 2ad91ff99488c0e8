#include "server/chat/context_items.h"

#include "server/config/exclusion.h"
#include "server/privacy/secret_text.h"
#include "server/support/paths.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace dragoman::chat {
namespace {

constexpr std::size_t kMostNameBytes = 400;
constexpr std::string_view kKeptHere = " is kept on this machine by privacy.exclude";
constexpr std::string_view kTooLarge = "is larger than 8 MiB; attach the lines that matter";

/// Nothing for an item that is no text.
using Written = Result<std::optional<Attachment>, std::string>;

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

/// One line of what an editor wrote. Masked before it is cut: half a secret has the form of none.
std::string masked_line(std::string_view text, std::size_t most, std::size_t& masked) {
    const privacy::Masked safe = privacy::mask_secrets(text);
    masked += safe.kinds.size();
    return one_line(safe.text, most);
}

/// `value` with the likely secrets in its strings masked, in the names of members too.
Json masked_strings(const Json& value) {
    if (value.is_string()) return privacy::mask_secrets(value.get_ref<const std::string&>()).text;
    if (!value.is_structured()) return value;
    Json out = value.is_array() ? Json::array() : Json::object();
    for (const auto& [name, one] : value.items()) {
        if (value.is_array())
            out.push_back(masked_strings(one));
        else
            out[privacy::mask_secrets(name).text] = masked_strings(one);
    }
    return out;
}

std::string why(FileProblem problem) {
    switch (problem) {
        case FileProblem::missing: return "does not exist";
        case FileProblem::not_regular: return "is not a regular file";
        case FileProblem::too_large: return std::string{kTooLarge};
        case FileProblem::unreadable: return "cannot be read";
    }
    return "cannot be read";
}

class Writer {
public:
    Writer(const config::Effective& config, const Documents& documents, Files& files)
        : config_{config}, documents_{documents}, files_{files} {}

    Written operator()(const FileItem& wanted) const {
        const auto loaded = load(wanted.uri);
        if (!loaded) return Written::failure(loaded.error());
        return part_of(*loaded, 0, loaded->text.size());
    }

    Written operator()(const RangeItem& wanted) const {
        const auto loaded = load(wanted.uri);
        if (!loaded) return Written::failure(loaded.error());
        const std::size_t begin = loaded->text.offset_of(wanted.range.start, documents_.encoding());
        const std::size_t end =
            std::max(begin, loaded->text.offset_of(wanted.range.end, documents_.encoding()));
        return part_of(*loaded, begin, end);
    }

    Written operator()(const TextItem& text) const {
        std::size_t masked = text.masked;
        std::string label = masked_line(text.label, 200, masked);
        if (label.empty()) label = "Text";
        if (is_kept_here(text)) return Written::failure(label + std::string{kKeptHere});
        if (text.text.size() > kMostItemBytes)
            return Written::failure("\"" + label + "\" " + std::string{kTooLarge});
        const std::string path = text.uri.empty() ? std::string{} : shown_name(text.uri, config_);
        return item({.title = std::move(label),
                     .text = repair_utf8(text.text),
                     .kind = text.kind,
                     .path = path,
                     .masked = masked});
    }

    /// Goes beside the text, not into it.
    Written operator()(const Image& image) const {
        if (!image.uri.empty() && config::document_stays_here(config_, image.uri))
            return Written::failure(refusal(image.uri));
        return std::optional<Attachment>{};
    }

    Written operator()(const DiagnosticsItem& wanted) const {
        if (config::document_stays_here(config_, wanted.uri)) return Written::failure(refusal(wanted.uri));
        constexpr std::string_view kSeverities[] = {"error", "error", "warning", "information", "hint"};
        const std::string name = shown_name(wanted.uri, config_);
        std::string list;
        std::size_t masked = 0;
        for (const Diagnostic& one : wanted.diagnostics) {
            const auto severity = static_cast<std::size_t>(std::clamp(one.severity, 1, 4));
            list += name + ":" + std::to_string(one.range.start.line + 1) + ":" +
                    std::to_string(one.range.start.character + 1) + ": " +
                    std::string{kSeverities[severity]} + ": " + masked_line(one.message, 2000, masked);
            if (!one.source.empty() || !one.code.empty()) {
                list += " [" + masked_line(one.source + " " + one.code, 200, masked) + "]";
            }
            list += '\n';
        }
        return item({.title = "Diagnostics of " + name,
                     .text = std::move(list),
                     .kind = "diagnostics",
                     .path = name,
                     .masked = masked});
    }

private:
    std::string refusal(const std::string& uri) const {
        return shown_name(uri, config_) + std::string{kKeptHere};
    }

    /// Taken from a file that is, or called as one: "src/.env:3-8".
    bool is_kept_here(const TextItem& text) const {
        if (!text.uri.empty()) return config::document_stays_here(config_, text.uri);
        const std::string name = text.label.substr(0, text.label.find(':'));
        const bool may_be_a_file = !name.empty() && name.find(' ') == std::string::npos;
        return may_be_a_file && config::stays_here(config_, name);
    }

    Result<Loaded, std::string> load(const std::string& uri) const {
        const auto path = path_of_uri(uri);
        if (config::document_stays_here(config_, uri)) return refusal(uri);
        const std::string name = shown_name(uri, config_);
        if (const auto open = documents_.find(uri))
            return Loaded{open->text, name, fence_word(open->language_id)};
        if (documents_.is_open(uri))
            return name + " is open, but its text got lost in an impossible edit; open it again";
        if (!path) return name + " is not open and names no file";
        const auto content = files_.read(*path, kMostItemBytes);
        if (!content) return name + " " + why(content.error());
        if (content->bytes.find('\0') != std::string::npos) return name + " is not a text file";
        const std::string extension = path->extension().string();
        return Loaded{Text{content->bytes}, name, extension.empty() ? "" : fence_word(extension.substr(1))};
    }

    static Written part_of(const Loaded& loaded, std::size_t begin, std::size_t end) {
        const std::string text = loaded.text.slice(begin, std::min(end, begin + kMostItemBytes));
        const std::string_view kept = truncate_utf8(text, kMostItemBytes - 4);
        return item({.title = "File " + loaded.name,
                     .language = loaded.language,
                     .text = repair_utf8(kept),
                     .line = loaded.text.line_of(begin) + 1,
                     .left_out = end - begin - kept.size(),
                     .kind = "file",
                     .path = loaded.name});
    }

    /// The one way out of here: with the likely secrets of its head and its text masked.
    static Written item(Attachment attachment) {
        for (std::string* part : {&attachment.title, &attachment.text}) {
            privacy::Masked masked = privacy::mask_secrets(*part);
            *part = std::move(masked.text);
            attachment.masked += masked.kinds.size();
        }
        attachment.path = privacy::mask_secrets(attachment.path).text;
        return std::optional{std::move(attachment)};
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

Result<std::vector<Attachment>, std::string> write_items(const std::vector<ContextItem>& items,
                                                         const config::Effective& config,
                                                         const Documents& documents, Files& files) {
    using All = Result<std::vector<Attachment>, std::string>;
    const Writer writer{config, documents, files};
    std::vector<Attachment> out;
    for (const ContextItem& item : items) {
        auto written = std::visit(writer, item);
        if (!written) return All::failure(std::move(written.error()));
        if (*written) out.push_back(std::move(**written));
    }
    return out;
}

Json masked_context(const Json& context) {
    Json out = Json::array();
    for (const Json& item : context) {
        Json kept = masked_strings(item);
        if (const Json* uri = find(item, "uri")) kept["uri"] = *uri;
        out.push_back(std::move(kept));
    }
    return out;
}

}  // namespace dragoman::chat
