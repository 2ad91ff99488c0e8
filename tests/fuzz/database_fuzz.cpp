// The database opened over any file: it works or tells why not; a file that is no database is kept beside the
// new one, byte for byte, and one of a newer daemon stays as it is.
#include "server/store/history.h"
#include "server/store/schema.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/temp_dir.h"

#include <fstream>
#include <iterator>

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

bool kept_aside(const fs::path& folder, const fs::path& file, std::string_view bytes) {
    for (const auto& entry : fs::directory_iterator{folder})
        if (entry.path() != file && bytes_of(entry.path()) == bytes) return true;
    return false;
}

/// SQLite's header says so (fileformat2.html, 1.3): its magic, and the user version at byte 60, big endian.
bool is_newer(std::string_view bytes) {
    constexpr std::string_view kMagic{"SQLite format 3\0", 16};
    if (!bytes.starts_with(kMagic) || bytes.size() < 64) return false;
    std::uint32_t version = 0;
    for (std::size_t i = 60; i < 64; ++i) version = version << 8U | static_cast<unsigned char>(bytes[i]);
    return version > store::migrations().size() && version <= INT32_MAX;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const test::TempDir folder;
    const fs::path file = folder.path() / "dragoman.db";
    for (const auto& entry : fs::directory_iterator{folder.path()}) fs::remove_all(entry.path());
    const std::string_view input = fuzz::text_of(data, size);
    std::ofstream{file, std::ios::binary} << input;
    {
        store::History history{file, {.patience_ms = 0, .full_text = true}};
        const auto listed = history.list("a", 10, 0);
        claim(listed.ok() || !listed.error().empty(), "trouble is told in words");
        history.rename("00000000-0000-4000-8000-000000000000", "b").ok();
        if (!history.take_notice().empty())
            claim(kept_aside(folder.path(), file, input), "a file that is moved aside keeps its bytes");
        else if (is_newer(input))
            claim(bytes_of(file) == input, "a newer daemon's file stays as it is");
    }
    return 0;
}
