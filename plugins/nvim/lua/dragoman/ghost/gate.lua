--- Where and when ghost text stays away: whatever else Insert mode is being used for comes first.

local M = {}

--- Is a completion menu open, Neovim's own or a plugin's?
---@return boolean
function M.menu_is_open()
  if vim.fn.pumvisible() ~= 0 then
    return true
  end
  local cmp = package.loaded['cmp']
  if type(cmp) == 'table' and cmp.visible and cmp.visible() then
    return true
  end
  local blink = package.loaded['blink.cmp']
  if type(blink) == 'table' then
    local is_open = blink.is_menu_visible or blink.is_visible
    return is_open ~= nil and is_open() or false
  end
  return false
end

--- Is a snippet being filled in, so that keys and text belong to it?
---@return boolean
local function in_snippet()
  -- vim.snippet loads when it is indexed; nobody has a snippet open that never used it.
  local snippet = rawget(vim, 'snippet') or package.loaded['vim.snippet']
  if snippet and snippet.active() then
    return true
  end
  local luasnip = package.loaded['luasnip']
  return type(luasnip) == 'table'
    and luasnip.locally_jumpable ~= nil
    and luasnip.locally_jumpable(1)
end

--- May a suggestion be shown in the current buffer, in the present state of the editor?
---@return boolean
function M.is_open()
  -- "ic" and "ix" are the sub-modes of completion, "R" and "Rv" replace.
  return vim.api.nvim_get_mode().mode == 'i'
    and vim.fn.reg_recording() == ''
    and vim.fn.reg_executing() == ''
    and not M.menu_is_open()
    and not in_snippet()
end

--- Is `bufnr` a text that suggestions are made for?
---@param bufnr integer
---@return boolean
function M.takes(bufnr)
  local bo = vim.bo[bufnr]
  return bo.modifiable
    and not bo.readonly
    and vim.b[bufnr].dragoman_ghost ~= false
    and require('dragoman.buffers').is_automatic(bufnr)
end

return M
