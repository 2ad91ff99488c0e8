--- Gathers the pieces of one answer and hands them on at the pace of a screen.
---
--- The first piece goes on in the next turn of the loop, later ones at most every 16 ms, and less
--- often where writing is dear: writing takes a quarter of the time at most, so that typing stays
--- smooth beside any stream.

local M = {}

local kLeast, kMost = 16, 250 -- milliseconds between two writes

---@class dragoman.chat.Stream
---@field push fun(kind: 'text'|'reasoning', piece: string)
---@field flush fun() writes what waits, now
---@field close fun() writes what waits; nothing is written after that

---@param write fun(runs: {kind: string, text: string}[]) gets neighbours of one kind as one text
---@return dragoman.chat.Stream
function M.new(write)
  local timer = assert(vim.uv.new_timer())
  local runs = {} ---@type {kind: string, parts: string[]}[]
  local armed, closed = false, false
  local next_at = 0

  local function flush()
    armed = false
    if #runs == 0 then
      return
    end
    local out = {}
    for i, run in ipairs(runs) do
      out[i] = { kind = run.kind, text = table.concat(run.parts) }
    end
    runs = {}
    local began = vim.uv.hrtime()
    write(out)
    local cost = (vim.uv.hrtime() - began) / 1e6
    next_at = vim.uv.hrtime() / 1e6 + math.min(kMost, math.max(kLeast, 3 * cost))
  end

  local on_timer = vim.schedule_wrap(function()
    if not closed then
      flush()
    end
  end)

  return {
    push = function(kind, piece)
      if closed or piece == '' then
        return
      end
      local last = runs[#runs]
      if last and last.kind == kind then
        last.parts[#last.parts + 1] = piece
      else
        runs[#runs + 1] = { kind = kind, parts = { piece } }
      end
      if not armed then
        armed = true
        timer:start(math.max(0, math.ceil(next_at - vim.uv.hrtime() / 1e6)), 0, on_timer)
      end
    end,
    flush = flush,
    close = function()
      if closed then
        return
      end
      flush()
      closed = true
      timer:stop()
      timer:close()
    end,
  }
end

return M
