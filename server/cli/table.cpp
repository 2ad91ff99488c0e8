#include "server/cli/table.h"

#include "server/cli/terminal.h"

#include <algorithm>

namespace dragoman::cli {
namespace {

/// Characters, as far as they take one column each.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

void print_columns(const std::vector<std::vector<std::string>>& rows, std::size_t left) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::size_t blanks = widths[i] - width(row[i]);
            if (i > 0) line += "  ";
            if (i >= left) line.append(blanks, ' ');
            line += row[i];
            if (i < left) line.append(blanks, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        print_line(line);
    }
}

}  // namespace dragoman::cli
