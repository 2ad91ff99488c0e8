#include "server/cli/language.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace dragoman::cli {
namespace {

// clang-format off
constexpr auto kByExtension = std::to_array<std::pair<std::string_view, std::string_view>>({
    {".c", "c"}, {".h", "cpp"}, {".cc", "cpp"}, {".cpp", "cpp"}, {".cxx", "cpp"}, {".hpp", "cpp"}, {".hh", "cpp"},
    {".cs", "csharp"}, {".css", "css"}, {".dart", "dart"}, {".ex", "elixir"}, {".exs", "elixir"}, {".go", "go"},
    {".hs", "haskell"}, {".html", "html"}, {".java", "java"}, {".js", "javascript"}, {".mjs", "javascript"},
    {".cjs", "javascript"}, {".jsx", "javascriptreact"}, {".json", "json"}, {".kt", "kotlin"}, {".lua", "lua"},
    {".md", "markdown"}, {".php", "php"}, {".pl", "perl"}, {".py", "python"}, {".r", "r"}, {".rb", "ruby"},
    {".rs", "rust"}, {".scala", "scala"}, {".sh", "shellscript"}, {".bash", "shellscript"}, {".sql", "sql"},
    {".swift", "swift"}, {".tex", "latex"}, {".toml", "toml"}, {".ts", "typescript"}, {".tsx", "typescriptreact"},
    {".vue", "vue"}, {".xml", "xml"}, {".yaml", "yaml"}, {".yml", "yaml"}, {".zig", "zig"}, {".cmake", "cmake"},
});
constexpr auto kByName = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"CMakeLists.txt", "cmake"}, {"Dockerfile", "dockerfile"}, {"Makefile", "makefile"},
});
// clang-format on

template <class Table>
std::string_view look_up(const Table& table, std::string_view key) {
    const auto row =
        std::find_if(table.begin(), table.end(), [&](const auto& one) { return one.first == key; });
    return row == table.end() ? std::string_view{} : row->second;
}

}  // namespace

std::string language_of(const std::filesystem::path& file) {
    if (const auto named = look_up(kByName, file.filename().string()); !named.empty())
        return std::string{named};
    const auto known = look_up(kByExtension, file.extension().string());
    return known.empty() ? "plaintext" : std::string{known};
}

}  // namespace dragoman::cli
