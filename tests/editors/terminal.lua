--- A terminal that a scene types into and reads: Neovim's own terminal emulator, without a window.
--- It answers the queries that full-screen programs send, and needs nothing besides the editor that
--- runs the scenes.

local wait = require('lib.wait')

---@class test.Terminal
---@field job integer
---@field buffer integer
---@field code? integer the exit code, once the program has ended
local Terminal = {}
Terminal.__index = Terminal

--- What stands on the screen, a line to a row, without the blanks at the ends.
---@return string
function Terminal:screen()
  local rows = vim.api.nvim_buf_get_lines(self.buffer, 0, -1, false)
  for i, row in ipairs(rows) do
    rows[i] = row:gsub('%s+$', '')
  end
  return table.concat(rows, '\n')
end

---@param text string
---@return boolean
function Terminal:has(text)
  return self:screen():find(text, 1, true) ~= nil
end

local named = { CR = '\r', Esc = '\27', Tab = '\t', Space = ' ', lt = '<' }

--- Types keys: `<C-x>`, `<M-x>`, `<CR>`, `<Esc>`, `<Tab>`, `<Space>`, `<lt>`, and what stands for
--- itself. As in any terminal, a key right after `<Esc>` is `<M-key>`: wait first for what `<Esc>`
--- does.
---@param keys string
---@return test.Terminal self
function Terminal:type(keys)
  local bytes = keys
    :gsub('<C%-(.)>', function(key)
      return string.char(key:byte() % 32)
    end)
    :gsub('<M%-(.-)>', function(key)
      return '\27' .. (named[key] or key)
    end)
    :gsub('<(%a+)>', function(name)
      return named[name] or error(('no key <%s>'):format(name))
    end)
  vim.fn.chansend(self.job, bytes)
  return self
end

---@param what string
---@param condition fun(): any
---@return test.Terminal self
function Terminal:wait(what, condition)
  wait.till(what, condition, function()
    return self:screen()
  end)
  return self
end

--- Waits until the screen holds each of the texts.
---@param ... string
---@return test.Terminal self
function Terminal:shows(...)
  for _, text in ipairs({ ... }) do
    self:wait(('%q on the screen'):format(text), function()
      return self:has(text)
    end)
  end
  return self
end

--- Waits until the screen holds none of the texts.
---@param ... string
---@return test.Terminal self
function Terminal:hides(...)
  for _, text in ipairs({ ... }) do
    self:wait(('%q to leave the screen'):format(text), function()
      return not self:has(text)
    end)
  end
  return self
end

--- Waits until the program has ended.
---@return integer code
function Terminal:ended()
  self:wait('the program to end', function()
    return self.code
  end)
  return self.code
end

local M = {}

---@param command string[]
---@param opts {cwd: string, env: table<string, string>} `env` is all the program gets
---@return test.Terminal
function M.start(command, opts)
  local self = setmetatable({ buffer = vim.api.nvim_create_buf(false, true) }, Terminal)
  vim.api.nvim_buf_call(self.buffer, function()
    self.job = vim.fn.jobstart(command, {
      term = true,
      cwd = opts.cwd,
      env = opts.env,
      clear_env = true,
      width = 90,
      height = 24,
      on_exit = function(_, code)
        self.code = code
      end,
    })
  end)
  return self
end

return M
