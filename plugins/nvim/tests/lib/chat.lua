--- What scenes of the chat share: opening one, asking, and reading what stands in it and beside it.

local wait = require('lib.wait')

local M = {}

--- Starts an editor with a chat in it. `ends` counts answers that are over.
---@param t test.Scene
---@param opts? table of Scene:editor()
---@return test.Editor
function M.open(t, opts)
  opts = opts or {}
  opts.after = (opts.after or '')
    .. [[

_G.begun, _G.ends = {}, {}
vim.g.maplocalleader = ','
for name, list in pairs({ DragomanChatStart = begun, DragomanChatEnd = ends }) do
  vim.api.nvim_create_autocmd('User', {
    pattern = name,
    callback = function(e)
      table.insert(list, e.data)
    end,
  })
end
]]
  local e = t:editor(opts)
  local describe = e.describe
  e.describe = function(self)
    return ('%s\nanswers %s'):format(describe(self), vim.inspect(self:lua('return ends')))
  end
  e:rpc('nvim_command', 'Dragoman chat')
  e:wait(
    'the chat',
    [[return vim.api.nvim_buf_get_name(0):find('dragoman://chat', 1, true) ~= nil
    and vim.api.nvim_buf_get_lines(0, 0, 1, false)[1] == '## You']]
  )
  return e
end

--- Types a text where the cursor is.
---@param e test.Editor
---@param text string in key-notation
function M.type(e, text)
  e:keys('A' .. text .. '<Esc>')
  e:settle()
end

--- Types a question and sends it.
---@param e test.Editor
---@param text string
function M.ask(e, text)
  M.type(e, text)
  e:keys('<CR>')
  e:settle()
end

--- Waits until `n` answers are over; the state of the last one.
---@param e test.Editor
---@param n? integer
---@return table data of DragomanChatEnd
function M.wait_end(e, n)
  n = n or 1
  e:wait(('the end of answer %d'):format(n), 'return #ends >= ...', n)
  return e:lua('return ends[...]', n)
end

--- All virtual text at a row (from 0) of the current buffer, and the virtual lines below it.
---@param e test.Editor
---@param row integer
---@return string[]
function M.rows_beside(e, row)
  return e:lua(
    [[
    local ns = vim.api.nvim_get_namespaces()['dragoman.chat.notes']
    local out = {}
    local from, to = { ..., 0 }, { ..., -1 }
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, ns, from, to, { details = true })) do
      for _, chunk in ipairs(mark[4].virt_text or {}) do
        out[#out + 1] = chunk[1]
      end
      for _, line in ipairs(mark[4].virt_lines or {}) do
        for _, chunk in ipairs(line) do
          out[#out + 1] = chunk[1]
        end
      end
    end
    return out
  ]],
    row
  )
end

--- The same as one text.
---@param e test.Editor
---@param row integer
---@return string
function M.beside(e, row)
  return table.concat(M.rows_beside(e, row), ' ')
end

--- Waits until virtual text anywhere in the current buffer holds `part`.
---@param e test.Editor
---@param part string
function M.wait_beside(e, part)
  wait.till(('virtual text with %q'):format(part), function()
    for row = 0, #e:lines() - 1 do
      if M.beside(e, row):find(part, 1, true) then
        return true
      end
    end
  end, function()
    return e:describe()
  end)
end

return M
