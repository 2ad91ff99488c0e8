--- The daemon's code actions, as Neovim's own menu runs them. The daemon does the work; here
--- *Rewrite…* asks what for, the edit is shown to be decided on, and what goes wrong is told.

local client = require('dragoman.client')
local ui = require('dragoman.ui')

local M = {}

---@param command lsp.Command
---@param bufnr? integer
local function execute(command, bufnr)
  client.request('workspace/executeCommand', {
    command = command.command,
    arguments = command.arguments,
  }, { bufnr = bufnr }, function(err)
    if err then
      ui.failed(err)
    end
  end)
end

--- Runs `dragoman.codeAction`; for `commands` of the LSP client.
---@param command lsp.Command
---@param ctx {bufnr?: integer}
function M.run(command, ctx)
  local action = command.arguments[1]
  if action.action ~= 'rewrite' or action.instruction then
    return execute(command, ctx.bufnr)
  end
  ui.input({ prompt = 'Rewrite (empty: easier to read): ' }, function(text)
    if not text then
      return
    end
    if vim.trim(text) ~= '' then
      command = vim.deepcopy(command)
      command.arguments[1].instruction = text
    end
    execute(command, ctx.bufnr)
  end)
end

--- `workspace/applyEdit`: the edit of a code action is shown in place, where Neovim would ask about
--- it unseen.
---@type lsp.Handler
function M.on_apply_edit(err, params, ctx, config)
  local changes = params.edit.documentChanges or {}
  local is_one = #changes == 1 and changes[1].edits ~= nil
  if is_one and require('dragoman.edit').review(changes[1]) then
    return { applied = true }
  end
  return vim.lsp.handlers['workspace/applyEdit'](err, params, ctx, config)
end

return M
