--- The commands that show what the daemon knows about itself: status, trail, what was sent,
--- configuration, log.

local Client = require('dragoman.client')
local ui = require('dragoman.ui')

local M = {}

--- Opens `lines` in a split that `q` closes.
---@param name string
---@param lines string[]
---@param filetype string
local function show(name, lines, filetype)
  local title = 'dragoman://' .. name
  local bufnr = vim.fn.bufnr('^' .. title .. '$')
  if bufnr == -1 then
    bufnr = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(bufnr, title)
    vim.bo[bufnr].bufhidden = 'wipe'
    vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = bufnr, desc = 'Close' })
  end
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = filetype
  local win = vim.fn.bufwinid(bufnr)
  if win ~= -1 then
    vim.api.nvim_set_current_win(win)
  else
    vim.cmd.split()
    vim.api.nvim_win_set_buf(0, bufnr)
  end
end

--- The daemon's folder below one of the XDG folders.
---@param variable string
---@param default string below the home folder
---@return string
local function folder(variable, default)
  local base = vim.env[variable]
  if not base or base == '' then
    base = vim.env.HOME .. '/' .. default
  end
  return base .. '/dragoman'
end

--- `:Dragoman status`
function M.status()
  Client.start(nil, function(err, client)
    if err or not client then
      return ui.failed(err or 'the daemon does not run')
    end
    local status = require('dragoman.status').get() or {}
    local version = (client.server_info or {}).version
    local lines =
      { ('dragoman%s: %s'):format(version and ' ' .. version or '', status.state or 'idle') }
    if status.message and status.message ~= '' then
      lines[#lines + 1] = '  ' .. status.message
    end
    if status.limitedUntil then
      lines[#lines + 1] = '  limited until '
        .. require('dragoman.status').clock(status.limitedUntil)
    end
    local hint = type(status.error) == 'table' and status.error.hint
    if hint then
      lines[#lines + 1] = '  ' .. hint:gsub('\n', '\n  ')
    end
    local completion = status.completion or {}
    local off = not require('dragoman').is_enabled() and 'off (:Dragoman enable)'
      or completion.enabled == false and 'off by configuration'
    lines[#lines + 1] = '  completion: ' .. (off or completion.model or 'no model')
    lines[#lines + 1] = '  chat: ' .. ((status.chat or {}).model or 'no model')
    vim.api.nvim_echo({ { table.concat(lines, '\n') } }, false, {})
  end)
end

---@param entry table one of `dragoman/trail`
---@return string[]
local function trail_lines(entry)
  local timings = entry.timings or {}
  local from = type(entry.source) == 'string' and entry.source or 'nobody was asked'
  local lines = {
    ('%s  %s:%d:%d  %s (%s%s, %d ms)'):format(
      require('dragoman.status').clock(entry.time, '%H:%M:%S'),
      vim.fn.fnamemodify(vim.uri_to_fname(entry.uri), ':t'),
      entry.position.line + 1,
      entry.position.character + 1,
      entry.outcome,
      from,
      entry.model and ', ' .. entry.model or '',
      timings.totalMs or 0
    ),
  }
  for _, step in ipairs(entry.steps or {}) do
    lines[#lines + 1] = ('    %-12s %s'):format(step.step, (step.detail:gsub('\n', ' ')))
  end
  return lines
end

--- `:Dragoman trail`
function M.trail()
  Client.request('dragoman/trail', { limit = 50 }, {}, function(err, result)
    if err then
      return ui.failed(err)
    end
    local lines = {}
    for _, entry in ipairs(result.entries) do
      vim.list_extend(lines, trail_lines(entry))
    end
    if #lines == 0 then
      lines = { 'Nothing has been asked for yet.' }
    end
    show('trail', lines, 'dragoman-trail')
  end)
end

local sent_limit = 100
local most_sent = 10000 -- the daemon tells no more at once

local sent_columns = {
  { name = 'time' },
  { name = 'for' },
  { name = 'to' },
  { name = 'model' },
  { name = 'outcome' },
  { name = 'bytes out', right = true },
  { name = 'in', right = true },
  { name = 'files', right = true },
  { name = 'masked', right = true },
}

---@param entry table one of `dragoman/sent`
---@return string[] a cell for each of `sent_columns`
local function sent_row(entry)
  local status = entry.httpStatus
  return {
    require('dragoman.status').clock(entry.time, '%Y-%m-%d %H:%M:%S'),
    entry.role ~= '' and entry.role or '-',
    entry.origin,
    entry.model or '-',
    status and ('%s %d'):format(entry.outcome, status) or entry.outcome,
    ('%d'):format(entry.bytes),
    ('%d'):format(entry.bytesIn),
    ('%d'):format(entry.files),
    ('%d'):format(entry.masked),
  }
end

---@param piece {kind: string, path?: string, bytes: integer, masked?: integer}
---@return string
local function piece_line(piece)
  local line = ('    %-12s %s%d bytes'):format(
    piece.kind,
    piece.path and piece.path .. '  ' or '',
    piece.bytes
  )
  if (piece.masked or 0) > 0 then
    line = line .. (', %d masked'):format(piece.masked)
  end
  -- The name of a file may hold anything.
  return (line:gsub('%c', ' '))
end

--- `:Dragoman sent [how many]`: a line for each request, newest first, and below it what its text
--- was made of.
---@param args string[]
function M.sent(args)
  local limit = args[1] == nil and sent_limit or tonumber(args[1])
  if not limit or limit < 1 or limit % 1 ~= 0 then
    return ui.error(('`:Dragoman sent` takes how many requests to show, not `%s`'):format(args[1]))
  end
  limit = math.min(limit, most_sent)
  Client.request('dragoman/sent', { limit = limit }, {}, function(err, result)
    if err then
      return ui.failed(err)
    end
    local entries = result.entries
    if #entries == 0 then
      return show('sent', { 'Nothing was sent.' }, 'dragoman-sent')
    end
    local rows = require('dragoman.sheet').aligned(sent_columns, vim.tbl_map(sent_row, entries))
    local lines = { rows[1] }
    for i, entry in ipairs(entries) do
      lines[#lines + 1] = rows[i + 1]
      vim.list_extend(lines, vim.tbl_map(piece_line, entry.pieces or {}))
    end
    if #entries == limit and limit < most_sent then
      local more = 'The newest %d; `:Dragoman sent %d` shows more.'
      vim.list_extend(lines, { '', more:format(limit, math.min(limit * 10, most_sent)) })
    end
    show('sent', lines, 'dragoman-sent')
  end)
end

--- `value` as JSON with two blanks a level and keys in order.
---@param value any
---@param indent string
---@return string
local function pretty(value, indent)
  if type(value) ~= 'table' or (next(value) == nil) then
    return vim.json.encode(value)
  end
  local inner, parts = indent .. '  ', {}
  if vim.islist(value) then
    for _, item in ipairs(value) do
      parts[#parts + 1] = inner .. pretty(item, inner)
    end
    return '[\n' .. table.concat(parts, ',\n') .. '\n' .. indent .. ']'
  end
  for key, item in vim.spairs(value) do
    parts[#parts + 1] = inner .. vim.json.encode(key) .. ': ' .. pretty(item, inner)
  end
  return '{\n' .. table.concat(parts, ',\n') .. '\n' .. indent .. '}'
end

--- `:Dragoman config` and `:Dragoman config show`
---@param args string[]
function M.config(args)
  if args[1] == nil then
    local path = folder('XDG_CONFIG_HOME', '.config') .. '/config.json'
    vim.fn.mkdir(vim.fs.dirname(path), 'p')
    vim.cmd.edit(vim.fn.fnameescape(path))
    -- Comments are allowed there.
    vim.bo.filetype = 'jsonc'
    return
  elseif args[1] ~= 'show' then
    return ui.error(('`:Dragoman config` knows `show`, not `%s`'):format(args[1]))
  end
  local bufnr = vim.api.nvim_get_current_buf()
  local params = {}
  if require('dragoman.buffers').is_document(bufnr) then
    params.textDocument = { uri = vim.uri_from_bufnr(bufnr) }
  end
  Client.request('dragoman/config', params, {}, function(err, result)
    if err then
      return ui.failed(err)
    end
    local lines = {}
    for _, problem in ipairs(result.problems or {}) do
      local text = '// %s:%d:%d: %s'
      lines[#lines + 1] = text:format(problem.path, problem.line, problem.column, problem.message)
    end
    for _, source in ipairs(result.sources or {}) do
      lines[#lines + 1] = ('// from %s%s'):format(
        source.path,
        source.trusted and '' or ' (untrusted)'
      )
    end
    vim.list_extend(lines, vim.split(pretty(result.effective, ''), '\n'))
    show('config', lines, 'jsonc')
  end)
end

--- How much of the log is shown.
local log_lines = 5000

--- `:Dragoman log`: a copy, because the log itself would be a document like any other, and part of
--- what models are told.
function M.log()
  local path = folder('XDG_STATE_HOME', '.local/state') .. '/dragoman.log'
  if not vim.uv.fs_stat(path) then
    return ui.warn(('there is no log at %s'):format(path))
  end
  show('log', vim.fn.readfile(path, '', -log_lines), 'dragoman-log')
  vim.cmd.normal({ 'G', bang = true })
end

return M
