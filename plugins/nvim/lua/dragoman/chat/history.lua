--- Conversations that the daemon keeps: finding, renaming, deleting, copying and exporting them.

local client = require('dragoman.client')
local conversation = require('dragoman.chat.conversation')
local text = require('dragoman.chat.text')
local ui = require('dragoman.ui')

local M = {}

local kMost = 500

---@class dragoman.chat.Head As `dragoman/chat/list` has it.
---@field id string
---@field title string
---@field created string
---@field updated string
---@field turns integer
---@field model string

---@param method string
---@param params table
---@param use fun(result: any)
local function ask(method, params, use)
  client.request('dragoman/chat/' .. method, params, {}, function(err, result)
    if err then
      return ui.failed(err)
    end
    use(result)
  end)
end

---@param head dragoman.chat.Head
---@return string
function M.line(head)
  local title = text.one_line(head.title, 80)
  local day, minute = head.updated:match('^(%d+%-%d+%-%d+)T(%d+:%d+)')
  return ('%s %s  %s  (%d %s, %s)'):format(
    day or head.updated,
    minute or '',
    title ~= '' and title or 'untitled',
    head.turns,
    head.turns == 1 and 'turn' or 'turns',
    text.one_line(head.model, 60)
  )
end

--- Lets its reader choose one of the conversations that `query` finds.
---@param query string empty: all
---@param prompt string
---@param use fun(head: dragoman.chat.Head)
function M.choose(query, prompt, use)
  local params = { limit = kMost, query = query ~= '' and query or nil }
  ask('list', params, function(result)
    if #result.conversations == 0 then
      return ui.info(
        query == '' and 'there are no conversations yet'
          or ('nothing found for “%s”'):format(query)
      )
    end
    ui.search(result.conversations, {
      prompt = prompt,
      kind = 'dragoman.chat',
      format_item = M.line,
    }, function(head)
      if head then
        use(head)
      end
    end)
  end)
end

--- The newest conversation, if there is one.
---@param use fun(head: dragoman.chat.Head?)
function M.newest(use)
  ask('list', { limit = 1 }, function(result)
    use(result.conversations[1])
  end)
end

--- Calls `use` with the conversation of this buffer, else with one that its reader chooses.
---@param prompt string
---@param use fun(id: string, title: string)
function M.here_or_chosen(prompt, use)
  local one = conversation.of()
  if one and one.id then
    return use(one.id, one.title or '')
  end
  M.choose('', prompt, function(head)
    use(head.id, head.title)
  end)
end

---@param title string empty: asks
function M.rename(title)
  M.here_or_chosen('Rename', function(id, old)
    local function rename(new)
      new = vim.trim(new or '')
      if new == '' then
        return
      end
      ask('rename', { conversation = id, title = new }, function()
        local one = conversation.by_id(id)
        if one and vim.api.nvim_buf_is_valid(one.buf) then
          one:set_title(new)
        end
      end)
    end
    if title ~= '' then
      return rename(title)
    end
    ui.input({ prompt = 'Title: ', default = old }, rename)
  end)
end

function M.delete()
  M.here_or_chosen('Delete', function(id, title)
    local name = title ~= '' and ('“%s”'):format(text.one_line(title, 60))
      or 'this conversation'
    ui.confirm(('Delete %s for good?'):format(name), function(yes)
      if not yes then
        return
      end
      ask('delete', { conversation = id }, function()
        local one = conversation.by_id(id)
        if one and vim.api.nvim_buf_is_valid(one.buf) then
          vim.api.nvim_buf_delete(one.buf, { force = true })
        end
        ui.info('deleted')
      end)
    end)
  end)
end

--- Shows a conversation as one text in a buffer of its own.
---@param format 'markdown'|'json'
function M.export(format)
  M.here_or_chosen('Export', function(id)
    ask('export', { conversation = id, format = format }, function(result)
      local buf = vim.api.nvim_create_buf(true, true)
      vim.api.nvim_buf_set_lines(buf, 0, -1, false, text.lines((result.text:gsub('\n$', ''))))
      vim.bo[buf].modeline = false
      vim.bo[buf].filetype = format
      vim.cmd('tab sbuffer ' .. buf)
    end)
  end)
end

--- Copies a conversation up to and with a turn.
---@param id string
---@param turn string
---@param use fun(id: string)
function M.fork(id, turn, use)
  ask('fork', { conversation = id, turn = turn }, function(result)
    use(result.conversation)
  end)
end

return M
