--- The screen of an editor as an SVG: its cells with their colours, in a terminal's type.

local M = {}

local cell_width, cell_height, margin = 8.4, 18, 12

---@param colour integer?
---@param default string
---@return string
local function hex(colour, default)
  return colour and ('#%06x'):format(colour) or default
end

---@param text string
---@return string
local function escaped(text)
  return (text:gsub('[&<>]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;' }))
end

---@class test.Run Cells of a row that look alike.
---@field col integer
---@field cells integer
---@field text string
---@field look table

--- What is on the screen, row by row.
---@param editor test.Editor
---@return {rows: test.Run[][], fg: integer?, bg: integer?, columns: integer}
local function screen_of(editor)
  -- Cells have no valid looks before there is a screen to draw them on: a terminal of our own.
  local columns, lines = unpack(editor:lua('return { vim.o.columns, vim.o.lines }'))
  -- What the terminal is asked for at its start may be answered after its end.
  vim.api.nvim_clear_autocmds({ event = 'TermRequest' })
  local address = editor:lua('return vim.fn.serverstart()')
  local buffer = vim.api.nvim_create_buf(false, true)
  local job
  vim.api.nvim_buf_call(buffer, function()
    job = vim.fn.jobstart({ vim.v.progpath, '--server', address, '--remote-ui' }, {
      term = true,
      width = columns,
      height = lines,
      env = { COLORTERM = 'truecolor' },
    })
  end)
  -- Looks are dealt anew once the screen is there; then the status line has its own.
  editor:wait(
    'the screen',
    [[
    vim.cmd('redraw!')
    local cell = vim.api.nvim__inspect_cell(1, vim.o.lines - 2, 0)
    local source = #vim.api.nvim_list_uis() == 1 and cell[3] and cell[3][1]
    return source and vim.startswith(source.ui_name or '', 'StatusLine')
  ]]
  )
  local screen = editor:lua([[
    local rows = {}
    for row = 0, vim.o.lines - 1 do
      local runs = {}
      for col = 0, vim.o.columns - 1 do
        local cell = vim.api.nvim__inspect_cell(1, row, col)
        local text, look = cell[1], cell[2] or {}
        local last = runs[#runs]
        if text == '' and last then
          last.cells = last.cells + 1 -- the second half of a wide character
        elseif last and vim.deep_equal(last.look, look) then
          last.text, last.cells = last.text .. text, last.cells + 1
        else
          runs[#runs + 1] = { col = col, cells = 1, text = text, look = look }
        end
      end
      rows[#rows + 1] = runs
    end
    local normal = vim.api.nvim_get_hl(0, { name = 'Normal', link = false })
    return { rows = rows, fg = normal.fg, bg = normal.bg, columns = vim.o.columns }
  ]])
  vim.fn.jobstop(job)
  return screen
end

--- The SVG.
---@param editor test.Editor
---@param title string what the picture shows, for those who do not see it
---@return string
function M.svg(editor, title)
  local screen = screen_of(editor)
  local fg, bg = hex(screen.fg, '#e0e2ea'), hex(screen.bg, '#14161b')
  local out = {
    ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" '):format(
      screen.columns * cell_width + 2 * margin,
      #screen.rows * cell_height + 2 * margin
    ) .. 'font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="14">',
    ('<title>%s</title><rect width="100%%" height="100%%" rx="8" fill="%s"/>'):format(
      escaped(title),
      bg
    ),
  }
  for row, runs in ipairs(screen.rows) do
    for _, run in ipairs(runs) do
      local look = run.look
      local run_fg, run_bg = hex(look.foreground, fg), hex(look.background, bg)
      if look.reverse then
        run_fg, run_bg = run_bg, run_fg
      end
      local x, y = margin + run.col * cell_width, margin + (row - 1) * cell_height
      if run_bg ~= bg then
        out[#out + 1] = ('<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>'):format(
          x,
          y,
          run.cells * cell_width,
          cell_height,
          run_bg
        )
      end
      local text = run.text:gsub('%s+$', '')
      if text ~= '' then
        local cells = run.cells - (#run.text - #text)
        local tag =
          '<text x="%.1f" y="%d" fill="%s" textLength="%.1f"%s xml:space="preserve">%s</text>'
        out[#out + 1] = tag:format(
          x,
          y + 13,
          run_fg,
          cells * cell_width,
          (look.bold and ' font-weight="bold"' or '')
            .. (look.italic and ' font-style="italic"' or ''),
          escaped(text)
        )
      end
    end
  end
  out[#out + 1] = '</svg>\n'
  return table.concat(out, '\n')
end

return M
