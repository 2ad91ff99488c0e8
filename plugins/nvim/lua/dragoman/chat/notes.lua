--- What is drawn beside the text of a chat: use and cost, what happened to a question on its way,
--- how an answer ended. Virtual text only, so that nothing of it is ever sent, yanked or folded.

local text = require('dragoman.chat.text')

local api = vim.api

local M = {}

local kNotes = api.nvim_create_namespace('dragoman.chat.notes')
local kWidest = 100 -- cells of a virtual line

--- Cells that every window of `buf` has for text.
---@param buf integer
---@return integer
local function room(buf)
  local width = math.min(kWidest, vim.o.columns)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    width = math.min(width, api.nvim_win_get_width(win) - vim.fn.getwininfo(win)[1].textoff)
  end
  return math.max(20, width - 1)
end

---@param buf integer
---@param rows {text: string, group: string}[]
---@return table[]? virt_lines
local function virtual_lines(buf, rows)
  local width = room(buf)
  local out = {}
  for _, row in ipairs(rows) do
    for _, line in ipairs(text.wrap(row.text, width)) do
      out[#out + 1] = { { line, row.group } }
    end
  end
  return #out > 0 and out or nil
end

--- What somebody needs to know in an empty chat.
---@return string
function M.first_steps()
  local send = require('dragoman.config').get().chat.keys.send
  return (send and send .. ' sends, ' or '') .. '# attaches'
end

--- Draws what is known about a section beside it: use and cost, what happened on the way, how it
--- ended.
---@param page dragoman.chat.Page
---@param section dragoman.chat.Section
function M.draw(page, section)
  local row = page:mark(section.head)
  if not row then
    return
  end
  local line = api.nvim_buf_get_lines(page.buf, row, row + 1, false)[1] or ''
  local is_answer = section.kind == 'answer'
  local notes = {}
  local said = vim.list_slice(section.notes or {})
  said[#said + 1] = text.left_out(section.left_out)
  said[#said + 1] = text.masked(section.masked)
  for _, note in ipairs(said) do
    notes[#notes + 1] = { text = note, group = 'DragomanChatNote' }
  end
  local label = is_answer and text.usage(section.usage, section.cost) or ''
  if section.state == 'running' then
    label = '…'
  elseif #page.sections == 1 then
    label = M.first_steps()
  end
  api.nvim_buf_set_extmark(page.buf, kNotes, row, 0, {
    id = section.head,
    end_col = #line,
    hl_group = is_answer and 'DragomanChatAnswer' or 'DragomanChatQuestion',
    virt_text = label ~= '' and { { '  ' .. label, 'DragomanChatUsage' } } or nil,
    virt_lines = virtual_lines(page.buf, notes),
  })

  local tail_row = section.tail and page:tail(section)
  if not tail_row then
    return
  end
  local outcome = {}
  for _, one in ipairs(text.outcome(section)) do
    outcome[#outcome + 1] =
      { text = one.text, group = one.hint and 'DragomanChatHint' or 'DragomanChatError' }
  end
  local key = require('dragoman.config').get().chat.keys.continue
  if #outcome > 0 and section.turn and key and page:answer_text(section):find('%S') then
    outcome[#outcome + 1] = { text = key .. ' goes on from here.', group = 'DragomanChatHint' }
  end
  local drawn = virtual_lines(page.buf, outcome)
  if not drawn then
    api.nvim_buf_del_extmark(page.buf, kNotes, section.tail)
    return
  end
  api.nvim_buf_set_extmark(page.buf, kNotes, tail_row, 0, {
    id = section.tail,
    virt_lines = drawn,
    right_gravity = false,
  })
end

--- Takes away what is drawn at a mark, or everything.
---@param buf integer
---@param mark? integer
function M.clear(buf, mark)
  if mark then
    api.nvim_buf_del_extmark(buf, kNotes, mark)
  else
    api.nvim_buf_clear_namespace(buf, kNotes, 0, -1)
  end
end

return M
