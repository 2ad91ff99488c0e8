#include "server/completion/context/document_name.h"

#include <algorithm>

namespace dragoman::completion {
namespace {

bool is_below(const std::filesystem::path& file, const std::filesystem::path& folder) {
    const auto [rest, unused] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    // A folder that is written with a slash at its end has an empty last part.
    return rest == folder.end() || (rest->empty() && std::next(rest) == folder.end());
}

}  // namespace

std::optional<DocumentName> name_document(const std::string& uri,
                                          const std::vector<std::filesystem::path>& folders) {
    constexpr std::string_view kUntitled = "untitled:";
    if (uri.compare(0, kUntitled.size(), kUntitled) == 0) {
        const std::filesystem::path name = std::filesystem::path{uri.substr(kUntitled.size())}.filename();
        return DocumentName{name, name.empty() ? "untitled" : name.generic_string()};
    }
    const auto file = path_of_uri(uri);
    if (!file) return std::nullopt;
    const std::filesystem::path* nearest = nullptr;
    for (const std::filesystem::path& folder : folders) {
        if (!folder.empty() && is_below(*file, folder) &&
            (!nearest || folder.native().size() > nearest->native().size()))
            nearest = &folder;
    }
    const std::filesystem::path shown = nearest ? file->lexically_relative(*nearest) : file->filename();
    return DocumentName{*file, shown.generic_string()};
}

}  // namespace dragoman::completion
