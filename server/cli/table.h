// Columns of text for people.
#pragma once

#include <string>
#include <vector>

namespace dragoman::cli {

/// One line a row, columns two blanks apart; the first `left` of them begin at the left, numbers behind them
/// end at the right. All rows have as many columns; each character counts as one wide.
void print_columns(const std::vector<std::vector<std::string>>& rows, std::size_t left);

}  // namespace dragoman::cli
