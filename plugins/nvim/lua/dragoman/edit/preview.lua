--- Draws changes that are not made yet: lines that would go are highlighted, lines that would come
--- stand below them as virtual lines. The marks move with the text; whether the text is still the
--- one the change is about is checked by current().

local M = {}

local namespace = vim.api.nvim_create_namespace('dragoman.edit')

---@param lines string[]
---@return table[] virt_lines
local function virtual(lines)
  return vim.tbl_map(function(line)
    return { { line == '' and ' ' or line, 'DragomanEditAdded' } }
  end, lines)
end

--- Virtual lines above the first line are out of sight until the window has room for them.
---@param bufnr integer
---@param count integer
local function show_above_top(bufnr, count)
  for _, window in ipairs(vim.fn.win_findbuf(bufnr)) do
    vim.api.nvim_win_call(window, function()
      if vim.fn.line('w0') == 1 then
        vim.fn.winrestview({ topfill = count })
      end
    end)
  end
end

--- Marks rows [first, last) as being edited; follows the text.
---@param bufnr integer
---@param first integer
---@param last integer
---@return integer mark
function M.range(bufnr, first, last)
  return vim.api.nvim_buf_set_extmark(bufnr, namespace, first, 0, {
    end_row = last,
    end_col = 0,
    hl_group = 'DragomanEditPending',
    hl_eol = true,
    strict = false,
  })
end

---@param bufnr integer
---@param mark integer of range()
function M.drop(bufnr, mark)
  vim.api.nvim_buf_del_extmark(bufnr, namespace, mark)
end

--- The rows [first, last) that a mark covers now.
---@param bufnr integer
---@param mark integer
---@return integer first
---@return integer last
function M.rows(bufnr, mark)
  local found = vim.api.nvim_buf_get_extmark_by_id(bufnr, namespace, mark, { details = true })
  return found[1], math.max(found[3].end_row, found[1])
end

--- Shows what has come so far below the range, and what is going on beside its first line.
---@param bufnr integer
---@param range integer
---@param marks {text?: integer, hint?: integer} of the call before
---@param lines string[]
---@param hint string
function M.progress(bufnr, range, marks, lines, hint)
  local first, last = M.rows(bufnr, range)
  marks.hint = vim.api.nvim_buf_set_extmark(bufnr, namespace, first, 0, {
    id = marks.hint,
    virt_text = { { '  ' .. hint, 'DragomanEditHint' } },
    virt_text_pos = 'eol',
  })
  marks.text = vim.api.nvim_buf_set_extmark(bufnr, namespace, math.max(first, last - 1), 0, {
    id = marks.text,
    virt_lines = virtual(lines),
  })
end

---@class dragoman.ShownHunk: dragoman.Hunk
---@field mark? integer
---@field beside string[] the lines that the mark covers: those that go, or the one beside which lines come
---@field above boolean lines come before the one that the mark covers

--- Draws a hunk.
---@param bufnr integer
---@param hunk dragoman.ShownHunk
---@param hint string stands at the end of its first line
function M.hunk(bufnr, hunk, hint)
  local row, count = hunk.row, #hunk.old
  if hunk.mark then
    row = M.rows(bufnr, hunk.mark)
  else
    hunk.above = count == 0 and row == 0
    if count == 0 and row > 0 then
      row = row - 1
    end
    hunk.beside = vim.api.nvim_buf_get_lines(bufnr, row, row + math.max(count, 1), false)
  end
  local removed = count > 0
  hunk.mark = vim.api.nvim_buf_set_extmark(bufnr, namespace, row, 0, {
    id = hunk.mark,
    end_row = row + #hunk.beside,
    end_col = 0,
    hl_group = removed and 'DragomanEditRemoved' or nil,
    hl_eol = removed or nil,
    virt_text = { { '  ' .. hint, 'DragomanEditHint' } },
    virt_text_pos = 'eol',
    invalidate = true,
    strict = false,
  })
  hunk.text = vim.api.nvim_buf_set_extmark(bufnr, namespace, row + math.max(count, 1) - 1, 0, {
    id = hunk.text,
    virt_lines = virtual(hunk.new),
    virt_lines_above = hunk.above,
  })
  if hunk.above and row == 0 then
    show_above_top(bufnr, #hunk.new)
  end
end

--- Where the hunk's lines are to be replaced now.
---@param bufnr integer
---@param hunk dragoman.ShownHunk
---@return integer? row nothing where the text is another than the one the hunk was made for
function M.current(bufnr, hunk)
  local found = vim.api.nvim_buf_get_extmark_by_id(bufnr, namespace, hunk.mark, { details = true })
  if not found[1] or found[3].invalid then
    return nil
  end
  local row = found[1]
  local lines = vim.api.nvim_buf_get_lines(bufnr, row, row + #hunk.beside, false)
  if not vim.deep_equal(lines, hunk.beside) then
    return nil
  end
  if #hunk.old > 0 or hunk.above then
    return row
  end
  return row + 1
end

--- Takes a hunk's drawing away.
---@param bufnr integer
---@param hunk dragoman.ShownHunk
function M.forget(bufnr, hunk)
  for _, mark in ipairs({ hunk.mark, hunk.text }) do
    vim.api.nvim_buf_del_extmark(bufnr, namespace, mark)
  end
end

--- Takes every drawing away.
---@param bufnr integer
function M.clear(bufnr)
  if vim.api.nvim_buf_is_loaded(bufnr) then
    vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  end
end

return M
