--- A small floating window with a table in it, for answers that are looked at and closed: `q` or
--- `<Esc>`.

local M = {}

local namespace = vim.api.nvim_create_namespace('dragoman.sheet')

local gap = '  '

---@class dragoman.Sheet
---@field title string
---@field columns? {name: string, right?: boolean}[] right: numbers, which end under each other
---@field rows? string[][]
---@field marked? table<integer, boolean> rows that stand out
---@field notes? string[]
---@field errors? string[]

--- Rows as lines: every column as wide as its widest cell, blanks at the ends left out.
---@param columns {name: string, right?: boolean}[]
---@param rows string[][]
---@return string[] lines the header is the first
function M.aligned(columns, rows)
  local header = vim.tbl_map(function(column)
    return column.name
  end, columns)
  local all = vim.list_extend({ header }, rows)
  local widths = {}
  for _, row in ipairs(all) do
    for i in ipairs(columns) do
      widths[i] = math.max(widths[i] or 0, vim.fn.strdisplaywidth(row[i] or ''))
    end
  end
  return vim.tbl_map(function(row)
    local cells = {}
    for i, column in ipairs(columns) do
      local cell = (row[i] or ''):gsub('%c', ' ')
      local blanks = (' '):rep(widths[i] - vim.fn.strdisplaywidth(cell))
      cells[i] = column.right and blanks .. cell or cell .. blanks
    end
    return (table.concat(cells, gap):gsub('%s+$', ''))
  end, all)
end

---@param texts string[]?
---@param group string
---@param lines string[]
---@param groups table<integer, string>
local function add(texts, group, lines, groups)
  if not texts or #texts == 0 then
    return
  end
  if #lines > 0 then
    lines[#lines + 1] = ''
  end
  for _, text in ipairs(texts) do
    for _, line in ipairs(vim.split(text, '\n', { plain = true })) do
      lines[#lines + 1] = line
      groups[#lines] = group
    end
  end
end

--- Shows a sheet and goes there.
---@param sheet dragoman.Sheet
---@return integer window
function M.open(sheet)
  require('dragoman.highlights').setup()
  local lines, groups = {}, {}
  if sheet.rows and #sheet.rows > 0 then
    lines = M.aligned(sheet.columns, sheet.rows)
    groups[1] = 'DragomanSheetHeader'
    for row in pairs(sheet.marked or {}) do
      groups[row + 1] = 'DragomanSheetMark'
    end
  end
  add(sheet.notes, 'DragomanSheetNote', lines, groups)
  add(sheet.errors, 'DragomanSheetError', lines, groups)

  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  for row, group in pairs(groups) do
    vim.api.nvim_buf_set_extmark(bufnr, namespace, row - 1, 0, {
      end_col = #lines[row],
      hl_group = group,
    })
  end
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.bo[bufnr].filetype = 'dragoman-sheet'

  local width = vim.fn.strdisplaywidth(sheet.title) + 2
  for _, line in ipairs(lines) do
    width = math.max(width, vim.fn.strdisplaywidth(line))
  end
  width = math.min(width, vim.o.columns - 4)
  local height = math.max(1, math.min(#lines, vim.o.lines - 6))
  local own_border = vim.fn.exists('+winborder') == 1 and vim.o.winborder ~= ''
  local window = vim.api.nvim_open_win(bufnr, true, {
    relative = 'editor',
    row = math.max(0, math.floor((vim.o.lines - height) / 2) - 2),
    col = math.max(0, math.floor((vim.o.columns - width) / 2) - 1),
    width = width,
    height = height,
    style = 'minimal',
    border = not own_border and 'rounded' or nil,
    title = ' ' .. sheet.title .. ' ',
    title_pos = 'center',
  })
  vim.wo[window].wrap = false
  vim.wo[window].cursorline = true
  for _, key in ipairs({ 'q', '<Esc>' }) do
    vim.keymap.set('n', key, '<Cmd>close<CR>', { buffer = bufnr, nowait = true, desc = 'Close' })
  end
  return window
end

return M
