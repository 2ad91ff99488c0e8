--- Ghost text, chat and edits by the dragoman daemon.
---
--- Calling |dragoman.setup()| is optional: the plugin works with its defaults as soon as it is on
--- 'runtimepath'.

local M = {}

local enabled ---@type boolean?
local told = {} ---@type table<string, true>

--- Changes settings; see |dragoman-settings|. Everything not given is at its default. May be called
--- again at any time.
---@param opts? dragoman.Config.Partial
function M.setup(opts)
  local problems = require('dragoman.config').set(opts)
  if #problems > 0 then
    local ui = require('dragoman.ui')
    vim.schedule(function()
      ui.warn('setup(): ' .. table.concat(problems, '; '))
    end)
  end
  enabled = nil
  if package.loaded['dragoman.ghost'] then
    -- Keys and renderer may be other ones now.
    local ghost = require('dragoman.ghost')
    ghost.stop()
    if M.is_enabled() then
      ghost.start()
    end
  end
  if package.loaded['dragoman.client'] then
    require('dragoman.client').settings_changed()
  end
end

--- Starts the daemon for `bufnr` unless `enabled` is false. Called by the first event that matters.
---@package
---@param bufnr integer
function M.start(bufnr)
  local config = require('dragoman.config').get()
  if not config.enabled or not vim.api.nvim_buf_is_valid(bufnr) then
    return
  end
  if config.ghost.enabled then
    require('dragoman.ghost').start()
  end
  if not require('dragoman.buffers').is_automatic(bufnr) then
    bufnr = nil
  end
  require('dragoman.client').start(bufnr, function(err)
    if err and not told[err.message] then
      told[err.message] = true
      require('dragoman.ui').failed(err)
    end
  end)
end

--- Switches ghost text on, for this session.
function M.enable()
  enabled = true
  require('dragoman.ghost').start()
  require('dragoman.client').start(vim.api.nvim_get_current_buf(), function(err)
    if err then
      require('dragoman.ui').failed(err)
    end
  end)
end

--- Switches ghost text off, for this session. Chat and edits go on working.
function M.disable()
  enabled = false
  require('dragoman.ghost').stop()
end

--- Is ghost text wanted?
---@return boolean
function M.is_enabled()
  if enabled ~= nil then
    return enabled
  end
  local config = require('dragoman.config').get()
  return config.enabled and config.ghost.enabled
end

--- A short text for a statusline: what the daemon does, and what today has cost where that is
--- known.
---@return string
function M.statusline()
  return require('dragoman.status').text()
end

return M
