// LSP's language identifiers by file name, for texts that no editor named.
#pragma once

#include <filesystem>
#include <string>

namespace dragoman::cli {

/// "cpp" for x.cpp, "python" for x.py, ...; "plaintext" for what is not known.
std::string language_of(const std::filesystem::path& file);

}  // namespace dragoman::cli
