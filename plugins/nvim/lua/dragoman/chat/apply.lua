--- Code blocks of an answer, taken over: into a register, or into the file beside the chat.
---
--- Nothing is written over without being named: replacing needs a selection, and the comparison
--- writes on `:w` alone.

local align = require('dragoman.chat.align')
local blocks = require('dragoman.chat.blocks')
local context = require('dragoman.chat.context')
local ui = require('dragoman.ui')

local api = vim.api

local M = {}

local last_preview = 0

--- The section the cursor is in; in the question being written, the answer above is meant.
---@param one dragoman.chat.Conversation
---@return dragoman.chat.Section?
---@return integer row 0-based, in that section or behind it
function M.section(one)
  local row = api.nvim_win_get_cursor(0)[1] - 1
  local section, index, placed = one.page:at(row)
  if section == one.page:draft() and index > 1 then
    return placed[index - 1].section, placed[index].row
  end
  return section, row
end

--- The block at the cursor of the current window, in the section the cursor is in.
---@param one dragoman.chat.Conversation
---@return dragoman.chat.Block?
function M.block(one)
  local section, row = M.section(one)
  local first = section and one.page:rows(section)
  local found = first and blocks.at(blocks.find(one.page:lines(section)), row - first + 1)
  if not found then
    ui.warn('there is no code block here')
  end
  return found
end

---@param one dragoman.chat.Conversation
function M.yank(one)
  local block = M.block(one)
  if not block then
    return
  end
  local register = vim.v.register
  vim.fn.setreg(register, block.lines, 'l')
  ui.info(('%d lines yanked'):format(#block.lines))
end

--- The file beside the chat, ready to be changed.
---@param one dragoman.chat.Conversation
---@return integer? buf
local function target(one)
  local buf = one:source_buffer()
  if not buf then
    ui.warn('there is no file beside the chat; go to it and come back')
  elseif not vim.bo[buf].modifiable then
    ui.warn(('%s cannot be changed'):format(context.shown(api.nvim_buf_get_name(buf))))
  else
    return buf
  end
end

--- Where an insertion goes: behind the line of the cursor, or into it where it is blank.
---@param buf integer
---@return integer first 0-based
---@return integer behind
local function place(buf)
  local here = vim.fn.bufwinid(buf)
  local win = here ~= -1 and here or vim.fn.win_findbuf(buf)[1]
  local row = win and api.nvim_win_get_cursor(win)[1] or api.nvim_buf_get_mark(buf, '"')[1]
  row = math.max(1, math.min(row, api.nvim_buf_line_count(buf)))
  local line = api.nvim_buf_get_lines(buf, row - 1, row, false)[1] or ''
  return line:find('%S') and row or row - 1, row
end

--- The text of `buf` as a change would leave it: {first, behind, lines} replaces whole lines.
---@param buf integer
---@param block dragoman.chat.Block
---@return integer first
---@return integer behind
---@return string[] lines
local function selection_replaced(buf, block)
  local range = assert(context.selection(buf))
  if range.linewise then
    return range.first, range.last + 1, block.lines
  end
  local head = api.nvim_buf_get_text(buf, range.first, 0, range.first, range.col, {})[1]
  local tail = api.nvim_buf_get_text(buf, range.last, range.end_col, range.last, -1, {})[1]
  local lines = vim.deepcopy(block.lines)
  lines[1] = head .. (lines[1] or '')
  lines[#lines] = lines[#lines] .. tail
  return range.first, range.last + 1, lines
end

---@param one dragoman.chat.Conversation
function M.insert(one)
  local buf = target(one)
  local block = buf and M.block(one)
  if not buf or not block then
    return
  end
  local first, behind = place(buf)
  api.nvim_buf_set_lines(buf, first, behind, false, block.lines)
end

---@param one dragoman.chat.Conversation
function M.replace(one)
  local buf = target(one)
  local block = buf and M.block(one)
  if not buf or not block then
    return
  end
  local range, why = context.selection(buf)
  if not range then
    return ui.warn(why)
  end
  local first, behind, lines = selection_replaced(buf, block)
  api.nvim_buf_set_lines(buf, first, behind, false, lines)
end

--- The lines of `buf` that the turn of a block attached.
---@param one dragoman.chat.Conversation
---@param buf integer
---@return integer? first 0-based
---@return integer? behind
local function attached(one, buf)
  local section = M.section(one)
  local question = section and section.kind == 'answer' and one.page:beside(section, -1) or section
  for _, item in ipairs(question and question.context or {}) do
    if item.kind == 'range' and item.uri == vim.uri_from_bufnr(buf) then
      local ending = item.range['end']
      local behind = ending.character > 0 and ending.line + 1 or ending.line
      local count = api.nvim_buf_line_count(buf)
      if item.range.start.line < count then
        return item.range.start.line, math.min(behind, count)
      end
    end
  end
end

--- Where a block belongs: the lines its question attached, else those it is a version of, else the
--- selection, else where it would be inserted.
---@param one dragoman.chat.Conversation
---@param buf integer
---@param block dragoman.chat.Block
---@return integer first 0-based
---@return integer behind
---@return string[] lines that come there
local function home(one, buf, block)
  local first, behind = attached(one, buf)
  if first and behind then
    return first, behind, block.lines
  end
  local file = api.nvim_buf_get_lines(buf, 0, -1, false)
  local from, to = align.find(file, block.lines)
  if from and to then
    return from - 1, to, block.lines
  end
  if context.selection(buf) then
    return selection_replaced(buf, block)
  end
  first, behind = place(buf)
  return first, behind, block.lines
end

--- Shows, side by side in a tab of its own, the file and what it would be with the block where it
--- belongs. `:w` there takes it over.
---@param one dragoman.chat.Conversation
function M.diff(one)
  local buf = target(one)
  local block = buf and M.block(one)
  if not buf or not block then
    return
  end
  local first, behind, lines = home(one, buf, block)
  local all = api.nvim_buf_get_lines(buf, 0, first, false)
  vim.list_extend(all, lines)
  vim.list_extend(all, api.nvim_buf_get_lines(buf, behind, -1, false))
  M.preview(buf, all)
end

---@param lines string[]
---@return string
local function joined(lines)
  local out = {}
  for i, line in ipairs(lines) do
    out[i] = line:gsub('\n', '\0') -- a NUL of a file is a line feed inside of a line
  end
  return table.concat(out, '\n') .. '\n'
end

--- Makes the text of `buf` be `lines` and touches only lines that differ, so that marks and folds
--- elsewhere stay.
---@param buf integer
---@param lines string[]
local function set_text(buf, lines)
  local diff = vim.text and vim.text.diff or vim.diff
  local old = joined(api.nvim_buf_get_lines(buf, 0, -1, false))
  local hunks = diff(old, joined(lines), { result_type = 'indices' })
  for i = #hunks, 1, -1 do
    local first, count, new_first, new_count = unpack(hunks[i])
    first = count == 0 and first or first - 1 -- an insertion is told by the line before it
    local new = vim.list_slice(lines, new_first, new_first + new_count - 1)
    api.nvim_buf_set_lines(buf, first, first + count, false, new)
  end
end

---@param buf integer the file
---@param lines string[] what it would be
function M.preview(buf, lines)
  local tick = api.nvim_buf_get_changedtick(buf)
  last_preview = last_preview + 1
  local proposed = api.nvim_create_buf(false, true)
  local name = vim.fn.fnamemodify(api.nvim_buf_get_name(buf), ':t')
  api.nvim_buf_set_name(proposed, ('dragoman://proposed/%d/%s'):format(last_preview, name))
  api.nvim_buf_set_lines(proposed, 0, -1, false, lines)
  local bo = vim.bo[proposed]
  bo.buftype, bo.bufhidden, bo.modeline = 'acwrite', 'wipe', false
  bo.filetype, bo.modified = vim.bo[buf].filetype, false

  vim.cmd('tab sbuffer ' .. buf)
  vim.cmd('diffthis')
  vim.cmd('rightbelow vertical sbuffer ' .. proposed)
  vim.cmd('diffthis')
  vim.wo[0][0].winbar = 'Proposed: `:w` takes it over, `:q` leaves the file as it is'
  local tab = api.nvim_get_current_tabpage()
  api.nvim_create_autocmd('BufWriteCmd', {
    buffer = proposed,
    callback = function()
      if not api.nvim_buf_is_loaded(buf) or api.nvim_buf_get_changedtick(buf) ~= tick then
        vim.bo[proposed].modified = true -- so that `:wq` does not close it as if it were taken over
        return ui.warn('the file changed since this was proposed; close this and compare again')
      end
      set_text(buf, api.nvim_buf_get_lines(proposed, 0, -1, false))
      vim.bo[proposed].modified = false
      tick = api.nvim_buf_get_changedtick(buf)
    end,
  })
  api.nvim_create_autocmd('BufWipeout', {
    buffer = proposed,
    callback = vim.schedule_wrap(function()
      if api.nvim_tabpage_is_valid(tab) and #api.nvim_list_tabpages() > 1 then
        pcall(vim.cmd, 'tabclose ' .. api.nvim_tabpage_get_number(tab))
      end
    end),
  })
end

return M
