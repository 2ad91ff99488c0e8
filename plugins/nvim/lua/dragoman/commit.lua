--- `:Dragoman commit`: a message from what is staged, into the buffer that git opened for it.

local client = require('dragoman.client')
local text = require('dragoman.chat.text')
local ui = require('dragoman.ui')

local M = {}

local namespace = vim.api.nvim_create_namespace('dragoman.commit')
local running = {} ---@type table<integer, dragoman.Request>

--- The working tree that a commit message is for.
---@param bufnr integer
---@return string
local function folder_of(bufnr)
  local git_dir = vim.fs.dirname(vim.api.nvim_buf_get_name(bufnr))
  local link = io.open(git_dir .. '/gitdir') -- of a linked working tree
  if link then
    local dot_git = link:read('*l')
    link:close()
    return vim.fs.dirname(dot_git)
  end
  if vim.fs.basename(git_dir) == '.git' then
    return vim.fs.dirname(git_dir)
  end
  return vim.fn.getcwd()
end

--- Rows before git's comments; those at their end that are blank are not counted.
---@param bufnr integer
---@return integer
local function written_rows(bufnr)
  local lines = vim.api.nvim_buf_get_lines(bufnr, 0, -1, false)
  local rows = 0
  for row, line in ipairs(lines) do
    if line:find('^#') then
      break
    elseif line:find('%S') then
      rows = row
    end
  end
  return rows
end

--- Puts the message first. What was written already stays below it.
---@param bufnr integer
---@param message string
local function insert(bufnr, message)
  local lines = vim.split(vim.trim(message), '\n', { plain = true })
  local blank = vim.api.nvim_buf_get_lines(bufnr, 0, 1, false)[1]:find('^%s*$') ~= nil
  local replaced = written_rows(bufnr) == 0 and blank and 1 or 0
  if replaced == 0 or vim.api.nvim_buf_get_lines(bufnr, 1, 2, false)[1] ~= '' then
    lines[#lines + 1] = ''
  end
  vim.cmd('let &g:undolevels = &g:undolevels')
  vim.api.nvim_buf_set_lines(bufnr, 0, replaced, false, lines)
end

--- Says what of the changes the model was not shown.
---@param result {masked?: integer, keptHere?: string[]}
local function tell_kept(result)
  local words = { text.masked(result.masked) }
  words[#words + 1] = text.kept_here(result.keptHere)
  if #words > 0 then
    ui.info(table.concat(words, '; '))
  end
end

---@param bufnr integer
local function stop(bufnr)
  local request = running[bufnr]
  running[bufnr] = nil
  if request then
    request.cancel()
  end
  if vim.api.nvim_buf_is_loaded(bufnr) then
    vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  end
end

--- `:Dragoman commit`; with a bang it stops one that is under way.
---@param cmd table
function M.command(_, cmd)
  local bufnr = vim.api.nvim_get_current_buf()
  if cmd.bang then
    return stop(bufnr)
  elseif vim.bo[bufnr].filetype ~= 'gitcommit' then
    return ui.error("`:Dragoman commit` is for a commit message (a buffer of filetype 'gitcommit')")
  elseif running[bufnr] then
    return ui.info('the message is being written already; `:Dragoman! commit` stops it')
  end
  vim.api.nvim_buf_set_extmark(bufnr, namespace, 0, 0, {
    virt_text = { { '  writing a message', 'Comment' } },
    virt_text_pos = 'eol',
  })
  vim.api.nvim_create_autocmd('BufUnload', {
    buffer = bufnr,
    once = true,
    callback = function()
      stop(bufnr)
    end,
  })
  local request
  request = client.request('dragoman/commitMessage', {
    folder = folder_of(bufnr),
  }, {}, function(err, result)
    if request and running[bufnr] ~= request then
      return
    end
    running[bufnr] = nil
    stop(bufnr)
    if err then
      ui.failed(err)
    elseif vim.api.nvim_buf_is_loaded(bufnr) then
      insert(bufnr, result.message)
      tell_kept(result)
    end
  end)
  running[bufnr] = request
end

return M
