--- A suggestion against the text: how much of it stands there already, what remains, and putting
--- that in. Pure but for reading and changing the buffer; knows nothing of drawing or requests.

local compat = require('dragoman.compat')

local M = {}

---@class dragoman.View One suggestion at its place. Rows and columns are 0-based, columns in bytes.
---@field bufnr integer
---@field item dragoman.Item
---@field text string what will stand from the start on
---@field row integer where it starts
---@field col integer
---@field before string the line left of the start
---@field after string the line right of the cursor, as the suggestion knows it

--- The view of `item` in the current text.
---@param bufnr integer
---@param item dragoman.Item
---@param encoding string
---@param after string
---@return dragoman.View
function M.new(bufnr, item, encoding, after)
  local start = item.range.start
  local line = vim.api.nvim_buf_get_lines(bufnr, start.line, start.line + 1, false)[1] or ''
  local col = compat.to_byte(line, start.character, encoding)
  return {
    bufnr = bufnr,
    item = item,
    text = item.insertText,
    row = start.line,
    col = col,
    before = line:sub(1, col),
    after = after,
  }
end

--- How many bytes of the suggestion stand between its start and the cursor; nil when something else
--- stands there, or around it.
---@param view dragoman.View
---@param row integer of the cursor
---@param col integer
---@param line string the cursor's line
---@return integer?
function M.typed(view, row, col, line)
  if line:sub(col + 1) ~= view.after then
    return nil
  end
  if row == view.row then
    local count = col - view.col
    if count < 0 or line:sub(1, view.col) ~= view.before then
      return nil
    end
    return line:sub(view.col + 1, col) == view.text:sub(1, count) and count or nil
  end
  if row < view.row then
    return nil
  end
  local ok, lines = pcall(vim.api.nvim_buf_get_text, view.bufnr, view.row, 0, row, col, {})
  if not ok then
    return nil
  end
  local there = table.concat(lines, '\n')
  local wanted = view.before .. view.text
  return wanted:sub(1, #there) == there and #there - #view.before or nil
end

--- The beginning of `rest` that "accept" takes.
---@param rest string
---@param extent 'all'|'word'|'line'
---@return string
function M.piece(rest, extent)
  if extent == 'all' then
    return rest
  elseif extent == 'line' then
    -- At the end of a line, the next one is meant, not the line break alone.
    return rest:match('^\n*[^\n]*')
  end
  -- Bytes above 127 are letters of some script; blanks and line breaks go along with the word after
  -- them.
  return rest:match('^%s*[%w_\128-\255]+') or rest:match('^%s*[^%w_%s\128-\255]+') or rest
end

--- Puts the next `extent` of the suggestion in at the cursor of the current window.
---@param view dragoman.View
---@param extent 'all'|'word'|'line'
---@return {length: integer, whole: boolean}? accepted `length` counts the UTF-16 units of the suggestion that stand now;
---  nil when the suggestion does not fit any more, and nothing was changed
function M.take(view, extent)
  local win = vim.api.nvim_get_current_win()
  if vim.api.nvim_win_get_buf(win) ~= view.bufnr or not vim.bo[view.bufnr].modifiable then
    return nil
  end
  local cursor = vim.api.nvim_win_get_cursor(win)
  local row, col = cursor[1] - 1, cursor[2]
  local typed = M.typed(view, row, col, vim.api.nvim_get_current_line())
  if not typed or typed >= #view.text then
    return nil
  end
  local piece = M.piece(view.text:sub(typed + 1), extent)
  local lines = vim.split(piece, '\n', { plain = true })
  vim.api.nvim_buf_set_text(view.bufnr, row, col, row, col, lines)
  local last = #lines[#lines]
  vim.api.nvim_win_set_cursor(win, { row + #lines, #lines == 1 and col + last or last })
  local standing = view.text:sub(1, typed + #piece)
  return {
    length = compat.to_character(standing, #standing, 'utf-16'),
    whole = #standing == #view.text,
  }
end

return M
