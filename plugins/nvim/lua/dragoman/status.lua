--- What the daemon last said about itself, and the text that a statusline shows of it.

local M = {}

local current ---@type dragoman.Status?
local ran = false -- a daemon was there in this session
local is_drawn = false -- a statusline shows this text

---@class dragoman.Cost
---@field text string
---@field asked_at integer ms of vim.uv.now()
---@field unknown boolean the daemon keeps no ledger
local cost = { text = '', asked_at = -math.huge, unknown = false }

local cost_refresh_ms = 60000

--- Takes a `dragoman/status`; nil when the daemon has ended.
---@param status dragoman.Status?
function M.set(status)
  current = status
  ran = ran or status ~= nil
  vim.api.nvim_exec_autocmds('User', {
    pattern = 'DragomanStatus',
    modeline = false,
    data = status or {},
  })
  if is_drawn then
    vim.cmd.redrawstatus()
  end
end

--- The last `dragoman/status`; nil while no daemon runs.
---@return dragoman.Status?
function M.get()
  return current
end

--- `time` (ISO 8601, UTC) as the clocks of this place show it.
---@param time string
---@param format? string of os.date(): hours and minutes unless told
---@return string
function M.clock(time, format)
  local year, month, day, hour, minute, second = time:match('^(%d+)-(%d+)-(%d+)T(%d+):(%d+):(%d+)')
  if not year then
    return time
  end
  local as_local = os.time({
    year = year,
    month = month,
    day = day,
    hour = hour,
    min = minute,
    sec = second,
    isdst = false,
  })
  local utc = os.date('!*t', as_local) --[[@as osdateparam]]
  utc.isdst = false
  return os.date(format or '%H:%M', as_local + os.difftime(as_local, os.time(utc))) --[[@as string]]
end

--- "0.12 USD" for rows of `dragoman/usage`; '' where nothing has a price.
---@param rows {cost?: number, currency?: string}[]
---@return string
function M.sum(rows)
  local by_currency = {} ---@type table<string, number>
  for _, row in ipairs(rows) do
    if type(row.cost) == 'number' and row.cost > 0 then
      local currency = type(row.currency) == 'string' and row.currency or ''
      by_currency[currency] = (by_currency[currency] or 0) + row.cost
    end
  end
  local parts = {}
  for currency, amount in vim.spairs(by_currency) do
    parts[#parts + 1] = vim.trim(('%.2f %s'):format(amount, currency))
  end
  return table.concat(parts, ' + ')
end

--- Asks what today has cost, at most once a minute and only because somebody looks at it.
local function refresh_cost()
  local now = vim.uv.now()
  if cost.unknown or now - cost.asked_at < cost_refresh_ms then
    return
  end
  cost.asked_at = now
  local today = os.date('%Y-%m-%d')
  require('dragoman.client').request('dragoman/usage', { since = today }, {}, function(err, result)
    if err then
      cost.unknown = err.code == -32601
      return
    end
    local text = M.sum(result.rows or {})
    if text ~= cost.text then
      cost.text = text
      vim.cmd.redrawstatus()
    end
  end)
end

--- The text of |dragoman.statusline()|.
---@return string
function M.text()
  is_drawn = true
  if not require('dragoman').is_enabled() then
    return 'dragoman off'
  end
  if not current then
    return ran and 'dragoman off' or ''
  end
  local text = 'dragoman'
  if current.state == 'busy' then
    text = text .. ' …'
  elseif current.state == 'error' then
    text = text .. ' error'
  elseif current.state == 'limited' then
    local till = current.limitedUntil
    text = text .. (till and (' limited until ' .. M.clock(till)) or ' limited')
  elseif current.completion and current.completion.enabled == false then
    text = text .. ' off'
  end
  refresh_cost()
  return cost.text ~= '' and ('%s (%s)'):format(text, cost.text) or text
end

return M
