--- The subcommands of `:Dragoman`. A row loads its module only when it runs.

local M = {}

---@class dragoman.Command
---@field desc string one line for the help text
---@field run fun(args: string[], cmd: table) `args` are the words after the subcommand; `cmd` is what
---  nvim_create_user_command() gives: range, line1, line2, bang, ...
---@field complete? fun(lead: string, args: string[]): string[]
---@field range? boolean it makes sense with a range

--- A row that hands over to `name` of `module`.
---@param module string
---@param name string
---@return fun(args: string[], cmd: table)
local function to(module, name)
  return function(args, cmd)
    require(module)[name](args, cmd)
  end
end

--- Completion of `module`, when it has one for the subcommand.
---@param module string
---@param name string
---@return fun(lead: string, args: string[]): string[]
local function completed_by(module, name)
  return function(lead, args)
    local complete = require(module).complete
    return complete and complete(name, lead, args) or {}
  end
end

---@type table<string, dragoman.Command>
M.table = {
  chat = {
    desc = 'Open the chat, or ask at once: `:Dragoman chat why is this slow?`. With a range, '
      .. 'its lines go along.',
    run = to('dragoman.chat', 'command'),
    complete = completed_by('dragoman.chat', 'chat'),
    range = true,
  },
  edit = {
    desc = 'Change the range, or the line, as an instruction says: `:Dragoman edit add a '
      .. 'docstring`.',
    run = to('dragoman.edit', 'command'),
    complete = completed_by('dragoman.edit', 'edit'),
    range = true,
  },
  commit = {
    desc = 'Write the commit message from what is staged, in the buffer that git opened; with `!`, '
      .. 'stop.',
    run = to('dragoman.commit', 'command'),
  },
  models = {
    desc = 'List the models of the configured gateways.',
    run = to('dragoman.pickers', 'models'),
  },
  model = {
    desc = 'Choose the model of a role: `:Dragoman model chat`, or at once: '
      .. '`:Dragoman model chat work/large session`.',
    run = to('dragoman.pickers', 'model'),
    complete = completed_by('dragoman.pickers', 'model'),
  },
  balance = {
    desc = "Show what is left on the gateways' accounts.",
    run = to('dragoman.pickers', 'balance'),
  },
  usage = {
    desc = 'Show what was used and spent, by model, project, day or role: `:Dragoman usage day`; '
      .. '`:Dragoman usage 2026-01-31` since then.',
    run = to('dragoman.pickers', 'usage'),
    complete = completed_by('dragoman.pickers', 'usage'),
  },
  trust = {
    desc = "Look at what this project's configuration asks for, and approve or refuse it.",
    run = to('dragoman.pickers', 'trust'),
  },
  status = {
    desc = 'Say what the daemon is doing.',
    run = to('dragoman.reports', 'status'),
  },
  trail = {
    desc = 'Show what became of the last completion requests and why.',
    run = to('dragoman.reports', 'trail'),
  },
  sent = {
    desc = 'Show what left this machine: each request, newest first, and what it was made of; '
      .. '`:Dragoman sent 1000` shows more.',
    run = to('dragoman.reports', 'sent'),
  },
  config = {
    desc = 'Open the configuration file; `:Dragoman config show` shows the values in force for '
      .. 'this buffer.',
    run = to('dragoman.reports', 'config'),
    complete = function()
      return { 'show' }
    end,
  },
  log = { desc = "Open the daemon's log.", run = to('dragoman.reports', 'log') },
  enable = { desc = 'Switch ghost text on.', run = to('dragoman', 'enable') },
  disable = {
    desc = 'Switch ghost text off. Chat and edits go on working.',
    run = to('dragoman', 'disable'),
  },
  restart = { desc = 'Start the daemon anew.', run = to('dragoman.client', 'restart') },
}

---@param prefix string
---@return string[]
local function names(prefix)
  local found = vim.tbl_filter(function(name)
    return vim.startswith(name, prefix)
  end, vim.tbl_keys(M.table))
  table.sort(found)
  return found
end

--- Runs `:Dragoman`. No subcommand: the status.
---@param cmd table
function M.run(cmd)
  local ui = require('dragoman.ui')
  local args = vim.list_slice(cmd.fargs)
  local name = table.remove(args, 1) or 'status'
  local command = M.table[name]
  if not command then
    ui.error(('no subcommand `%s`; there are %s'):format(name, table.concat(names(''), ', ')))
  elseif cmd.range > 0 and not command.range then
    ui.error(('`:Dragoman %s` takes no range'):format(name))
  else
    command.run(args, cmd)
  end
end

--- Completion of the command line.
---@param lead string the word under way
---@param line string the whole command line
---@return string[]
function M.complete(lead, line)
  local rest = line:match('Dragoman!?%s+(.*)$') or ''
  local args = vim.split(rest, '%s+', { trimempty = false })
  if #args <= 1 then
    return names(lead)
  end
  local command = M.table[args[1]]
  if not command or not command.complete then
    return {}
  end
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, command.complete(lead, vim.list_slice(args, 2)))
end

return M
