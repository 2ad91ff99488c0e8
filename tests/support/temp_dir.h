// A folder of its own for one test, gone with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace dragoman::test {

class TempDir {
public:
    TempDir() {
        std::string name = (std::filesystem::temp_directory_path() / "dragoman-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"cannot create " + name};
        // The real path: a project's folder is compared by it, and /tmp may be a link.
        path_ = std::filesystem::canonical(name);
    }
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

    /// Writes `text` to `relative` with the permission bits `mode`, creating the folders on the way; the
    /// absolute path.
    std::filesystem::path write(const std::filesystem::path& relative, std::string_view text,
                                unsigned mode = 0600) const {
        const auto path = path_ / relative;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream out{path, std::ios::binary | std::ios::trunc};
        out << text;
        out.close();
        if (!out) throw std::runtime_error{"cannot write " + path.string()};
        std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
        return path;
    }

    std::string read(const std::filesystem::path& relative) const {
        std::ifstream in{path_ / relative, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

private:
    std::filesystem::path path_;
};

}  // namespace dragoman::test
