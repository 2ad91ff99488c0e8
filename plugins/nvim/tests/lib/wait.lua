--- Waiting for something to become true, with a bound. Scenes never sleep.

local M = {}

--- Long enough for a loaded machine; nothing waits this long unless it fails.
M.bound_ms = 10000

--- Polls `condition` until it returns something true and returns that.
---@generic T
---@param what string names the condition in the failure
---@param condition fun(): T?
---@param detail? fun(): string said along with a failure
---@return T
function M.till(what, condition, detail)
  -- Not vim.wait() with a condition: one that talks to another process makes it lose count of the
  -- time.
  local deadline = vim.uv.hrtime() + M.bound_ms * 1e6
  while true do
    local value = condition()
    if value then
      return value
    end
    if vim.uv.hrtime() > deadline then
      local more = detail and ('\n' .. detail()) or ''
      error(('waited %d s for: %s%s'):format(M.bound_ms / 1000, what, more), 0)
    end
    vim.wait(4)
  end
end

return M
