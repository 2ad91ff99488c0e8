--- The keys of ghost text. A key is taken over only while a suggestion is shown; otherwise it does
--- what it did before, whether that was Neovim's, the user's or another plugin's.

local M = {}

---@type {lhs: string, previous: table}[]
local taken = {}

---@param keys string
---@param flags string
local function feed(keys, flags)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, true, true), flags, false)
end

--- Does what `lhs` did before. `previous` is what maparg() said.
---@param lhs string
---@param previous table
local function fall_back(lhs, previous)
  local flags = (previous.noremap == 0 and 'm' or 'n') .. 'i'
  if previous.callback then
    local result = previous.callback()
    if previous.expr == 1 and type(result) == 'string' then
      if previous.replace_keycodes == 1 then
        feed(result, flags)
      else
        vim.api.nvim_feedkeys(result, flags, false)
      end
    end
  elseif previous.rhs and previous.expr == 1 then
    vim.api.nvim_feedkeys(vim.api.nvim_eval(previous.rhs), flags, false)
  elseif previous.rhs then
    feed(previous.rhs, flags)
  else
    -- A tab ends a word and so may end an abbreviation; one that comes from a mapping would not.
    feed(lhs:lower() == '<tab>' and '<C-]>' .. lhs or lhs, 'ni')
  end
end

--- Maps the keys of the settings, once; `act` performs one and says whether there was anything to
--- do.
---@param act fun(name: string): boolean
function M.install(act)
  if #taken > 0 then
    return
  end
  for name, lhs in pairs(require('dragoman.config').get().keys) do
    if lhs then
      local previous = vim.fn.maparg(lhs, 'i', false, true)
      if previous.buffer == 1 then
        previous = {}
      end
      taken[#taken + 1] = { lhs = lhs, previous = previous }
      vim.keymap.set('i', lhs, function()
        if not act(name) then
          fall_back(lhs, previous)
        end
      end, { desc = 'dragoman: ' .. name:gsub('_', ' ') })
    end
  end
end

--- Gives the keys back.
function M.remove()
  for _, key in ipairs(taken) do
    local now = vim.fn.maparg(key.lhs, 'i', false, true)
    if vim.startswith(now.desc or '', 'dragoman: ') then
      vim.keymap.del('i', key.lhs)
      if next(key.previous) then
        vim.fn.mapset('i', false, key.previous)
      end
    end
  end
  taken = {}
end

return M
