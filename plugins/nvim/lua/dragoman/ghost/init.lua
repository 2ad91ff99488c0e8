--- Ghost text: suggestions in the text while typing, and the keys that take them. Chooses who draws
--- them and does what is the same for both: accepting (all, a word, a line), telling the daemon,
--- and one step for undo.

local Client = require('dragoman.client')
local View = require('dragoman.ghost.view')
local keys = require('dragoman.ghost.keys')

local M = {}

---@class dragoman.Renderer
---@field start fun()
---@field stop fun()
---@field current fun(): dragoman.View? the suggestion at the cursor
---@field hand_over fun(cb: fun(view: dragoman.View)) calls back, now or soon, when there is one to accept
---@field cycle fun(count: integer)
---@field dismiss fun()
---@field trigger fun()
local renderer ---@type dragoman.Renderer?
local handed ---@type {view: dragoman.View, extent: 'all'|'word'|'line'}?

--- 'own' or 'builtin', as the settings and the Neovim at hand have it.
---@package
---@return 'own'|'builtin'
function M.which()
  local wanted = require('dragoman.config').get().ghost.renderer
  local builtin = vim.lsp.inline_completion
  if wanted == 'own' or not builtin then
    return 'own'
  end
  return (wanted == 'builtin' or builtin.is_enabled({ bufnr = 0 })) and 'builtin' or 'own'
end

--- Begins to show suggestions. Does nothing when it does so already.
---@package
function M.start()
  if renderer then
    return
  end
  renderer = require('dragoman.ghost.' .. M.which())
  require('dragoman.highlights').setup()
  local group = vim.api.nvim_create_augroup('dragoman.ghost.common', {})
  -- By the first Insert mode every plugin has its keys; what is there then is what these fall back
  -- to.
  if vim.api.nvim_get_mode().mode:find('^i') then
    keys.install(M.act)
  else
    vim.api.nvim_create_autocmd('InsertEnter', {
      group = group,
      once = true,
      callback = function()
        keys.install(M.act)
      end,
    })
  end
  renderer.start()
end

--- Removes what is shown and shows no more.
---@package
function M.stop()
  if not renderer then
    return
  end
  vim.api.nvim_create_augroup('dragoman.ghost.common', {})
  renderer.stop()
  renderer = nil
  keys.remove()
end

--- The suggestion at the cursor.
---@package
---@return dragoman.View?
function M.current()
  return renderer and renderer.current() or nil
end

--- Is a suggestion shown?
---@return boolean
function M.visible()
  return M.current() ~= nil
end

--- Puts in what accept() handed over. Runs between two breaks of the undo sequence.
---@package
function M._take()
  local taking = handed
  handed = nil
  local taken = taking and View.take(taking.view, taking.extent)
  if not taken then
    return
  end
  local item = taking.view.item
  if taken.whole then
    if item.command then
      Client.request('workspace/executeCommand', {
        command = item.command.command,
        arguments = item.command.arguments,
      }, {}, function() end)
    end
  else
    Client.notify('textDocument/didPartiallyAcceptCompletion', {
      item = item,
      acceptedLength = taken.length,
    })
  end
  vim.api.nvim_exec_autocmds('User', {
    pattern = 'DragomanAccepted',
    modeline = false,
    data = { extent = taking.extent, whole = taken.whole },
  })
end

local break_undo_and_take =
  vim.keycode([[<C-g>u<Cmd>lua require('dragoman.ghost')._take()<CR><C-g>u]])

---@param extent 'all'|'word'|'line'
---@return boolean there was something
local function accept(extent)
  if not M.visible() then
    return false
  end
  renderer.hand_over(function(view)
    handed = { view = view, extent = extent }
    -- Typed keys, because only those can begin a step of undo in Insert mode; at the front, before
    -- what was typed since.
    vim.api.nvim_feedkeys(break_undo_and_take, 'ni', false)
  end)
  return true
end

--- Accepts the suggestion.
---@return boolean there was one
function M.accept()
  return accept('all')
end

--- Accepts its next word.
---@return boolean there was one
function M.accept_word()
  return accept('word')
end

--- Accepts its next line.
---@return boolean there was one
function M.accept_line()
  return accept('line')
end

--- Shows the next suggestion.
---@return boolean there was one
function M.next()
  local visible = M.visible()
  if visible then
    renderer.cycle(vim.v.count1)
  end
  return visible
end

--- Shows the previous suggestion.
---@return boolean there was one
function M.prev()
  local visible = M.visible()
  if visible then
    renderer.cycle(-vim.v.count1)
  end
  return visible
end

--- Hides the suggestion until something is typed.
---@return boolean there was one
function M.dismiss()
  local visible = M.visible()
  if visible then
    renderer.dismiss()
  end
  return visible
end

--- Asks for a suggestion now, starting whatever is needed.
---@return boolean true
function M.trigger()
  M.start()
  Client.start(vim.api.nvim_get_current_buf(), function(err)
    if err then
      require('dragoman.ui').failed(err)
    elseif renderer then
      renderer.trigger()
    end
  end)
  return true
end

--- Performs the action of a key of the settings.
---@package
---@param name string
---@return boolean it had something to do
function M.act(name)
  return M[name]()
end

return M
