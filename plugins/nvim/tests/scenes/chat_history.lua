--- Chat: conversations that are kept, several at once, and turns that are asked again.

local chat = require('lib.chat')

local scenes = {}

--- An editor whose vim.ui answers by itself: `pick` gets the lines offered and returns an index.
local answering = [[
_G.offered, _G.pick, _G.typed = {}, function() return 1 end, nil
vim.ui.select = function(items, opts, done)
  local lines = vim.tbl_map(opts.format_item or tostring, items)
  table.insert(offered, { prompt = opts.prompt, lines = lines })
  local index = pick(lines, opts.prompt)
  done(index and items[index], index)
end
vim.ui.input = function(opts, done)
  table.insert(offered, { prompt = opts.prompt, default = opts.default })
  done(typed)
end
]]

---@param t test.Scene
---@return test.Editor
---@return test.Gateway
local function start(t)
  local gateway = t:gateway(function(request)
    local messages = request.json.messages
    request:answer('re: ' .. messages[#messages].content:match('[^\n]*$'))
  end)
  return chat.open(t, { after = answering }), gateway
end

---@param e test.Editor
---@return string
local function all(e)
  return table.concat(e:lines(), '\n')
end

scenes['a conversation goes on after the editor was started anew'] = function(t)
  local e, gateway = start(t)
  chat.ask(e, 'the first question')
  local id = chat.wait_end(e).conversation
  local before = e:lines()
  e:quit()
  local again = t:editor({
    after = answering .. [[
    _G.ends = {}
    vim.api.nvim_create_autocmd('User', {
      pattern = 'DragomanChatEnd',
      callback = function(e)
        table.insert(ends, e.data)
      end,
    })
  ]],
  })
  again:rpc('nvim_command', 'Dragoman chat last')
  again:wait('the conversation', [[return vim.fn.search('^re: the first', 'nw') > 0]])
  t:equal(again:lines(), before)
  t:equal(again:rpc('nvim_buf_get_name', 0), 'dragoman://chat/' .. id)
  again:keys('G')
  chat.ask(again, 'the second')
  t:equal(chat.wait_end(again).conversation, id)
  t:equal(#gateway:wait_request(2).json.messages, 4)
  -- Its name alone brings it back, too: sessions keep names.
  again:quit()
  local third = t:editor({ file = 'dragoman://chat/' .. id })
  third:wait('the conversation', [[return vim.fn.search('^re: the second', 'nw') > 0]])
end

scenes['a session brings the chat back into its window'] = function(t)
  local e = start(t)
  t:write('project/a.lua', 'x = 1\n')
  chat.ask(e, 'one')
  chat.wait_end(e)
  e:rpc('nvim_command', 'wincmd p | edit a.lua | mksession session.vim')
  e:quit()
  local again = t:editor({ args = { '-S', 'session.vim' } })
  again:wait(
    'the chat',
    [[
    for _, win in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
      local buf = vim.api.nvim_win_get_buf(win)
      local text = table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\n')
      if vim.api.nvim_buf_get_name(buf):find('^dragoman://chat/') and text:find('re: one') then
        return vim.wo[win].foldmethod == 'expr'
      end
    end
  ]]
  )
end

scenes['an earlier question that is changed and sent again replaces what followed'] = function(t)
  local e, gateway = start(t)
  chat.ask(e, 'one')
  chat.wait_end(e, 1)
  chat.ask(e, 'two')
  chat.wait_end(e, 2)
  chat.type(e, 'not sent')
  e:keys('gg2j0cwuno<Esc>')
  e:settle()
  e:lua('pick = function() return 2 end')
  e:keys('<CR>')
  e:wait('the question', 'return #offered == 1')
  t:contains(all(e), 'two')
  t:equal(#gateway.requests, 2)
  e:lua('pick = function() return 1 end')
  e:keys('<CR>')
  chat.wait_end(e, 3)
  t:equal(e:lines(), {
    '## You',
    '',
    'uno',
    '',
    '## gw/test',
    '',
    're: uno',
    '',
    '## You',
    '',
    'not sent',
  })
  local before = e:lines()
  e:keys(':w|e<CR>')
  t:expect_message('dragoman: ')
  e:wait('the text to be read again', [[return vim.fn.search('^not sent$', 'nw') > 0]])
  t:equal(e:lines(), before)
end

scenes['the newest answer is asked for again without a question'] = function(t)
  local e, gateway = start(t)
  chat.ask(e, 'one')
  chat.wait_end(e, 1)
  gateway.on_request = function(request)
    request:answer('another')
  end
  e:keys(',r')
  chat.wait_end(e, 2)
  t:equal(e:lines(), { '## You', '', 'one', '', '## gw/test', '', 'another', '', '## You', '', '' })
  t:equal(e:lua('return #offered'), 0)
  t:equal(#gateway.requests[2].json.messages, 2)
end

scenes['a key pressed in an answered question spends nothing'] = function(t)
  local e, gateway = start(t)
  chat.ask(e, 'one')
  chat.wait_end(e, 1)
  t:expect_message('this question has its answer')
  e:keys('gg<CR>')
  e:settle()
  e:keys(':e<CR>')
  e:wait('the text to be read again', [[return vim.fn.search('^re: one$', 'nw') > 0]])
  e:keys('gg<CR>')
  e:settle()
  t:equal(#gateway.requests, 1)
  t:equal(e:lines()[7], 're: one')
end

scenes['a fork is a conversation of its own and leaves the other as it is'] = function(t)
  local e = start(t)
  chat.ask(e, 'one')
  local first = chat.wait_end(e, 1).conversation
  chat.ask(e, 'two')
  chat.wait_end(e, 2)
  e:keys('gg,f')
  e:wait(
    'the fork',
    [[
    local name = vim.api.nvim_buf_get_name(0)
    return not name:find(...) and name:match('chat/%x+$') and vim.fn.search('^re: one$', 'nw') > 0
  ]],
    first
  )
  assert(not all(e):find('two'))
  e:keys('G')
  chat.ask(e, 'other')
  assert(chat.wait_end(e, 3).conversation ~= first)
  e:rpc('nvim_command', 'buffer dragoman://chat/' .. first)
  t:contains(all(e), 're: two')
end

scenes['several chats are answered at once, each in its buffer'] = function(t)
  local gateway = t:gateway()
  local e = chat.open(t)
  chat.ask(e, 'one')
  local one = gateway:wait_request(1)
  e:rpc('nvim_command', 'Dragoman chat new')
  e:settle()
  chat.ask(e, 'two')
  local two = gateway:wait_request(2)
  one:text('to one')
  two:text('to two')
  e:wait('the text', [[return vim.fn.search('^to two', 'nw') > 0]])
  one:finish()
  two:finish()
  chat.wait_end(e, 2)
  local texts = e:lua([[
    local out = {}
    for _, buf in ipairs(vim.api.nvim_list_bufs()) do
      if vim.api.nvim_buf_get_name(buf):find('dragoman://', 1, true) then
        out[#out + 1] = table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\n')
      end
    end
    return out
  ]])
  t:equal(#texts, 2)
  t:contains(texts[1], 'one\n\n## gw/test\n\nto one\n')
  t:contains(texts[2], 'two\n\n## gw/test\n\nto two\n')
  t:equal(e:lua('return #vim.api.nvim_list_wins()'), 2)
end

scenes['conversations are listed and searched, and what is chosen opens'] = function(t)
  local e = start(t)
  for i, question in ipairs({ 'apples and pears', 'bananas' }) do
    e:rpc('nvim_command', 'Dragoman! chat ' .. question)
    chat.wait_end(e, i)
  end
  e:rpc('nvim_command', 'Dragoman chat list')
  e:wait('the list', 'return #offered == 1')
  local lines = e:lua('return offered[1].lines')
  t:equal(#lines, 2)
  t:contains(lines[1], 'bananas  (1 turn, gw/test)')
  e:rpc('nvim_command', 'Dragoman chat search pear')
  e:wait('the list', 'return #offered == 2')
  t:equal(e:lua('return #offered[2].lines'), 1)
  e:wait('the conversation', [[return vim.fn.search('^re: apples and pears$', 'nw') > 0]])
  t:expect_message('nothing found for')
  e:rpc('nvim_command', 'Dragoman chat search cherries')
  e:wait('the message', [[return vim.fn.execute('messages'):find('nothing found')]])
end

--- What this plugin knows of each picker: the function that takes a list, and for telescope the parts of one.
local pickers = {
  snacks = [[package.loaded['snacks'] = { picker = { select = show } }]],
  ['fzf-lua'] = [[package.loaded['fzf-lua.providers.ui_select'] = { ui_select = show }]],
  telescope = [[
    local replaced, closed
    package.loaded['telescope.pickers'] = {
      new = function(_, spec)
        return {
          find = function()
            local entries = vim.tbl_map(spec.finder.entry_maker, spec.finder.results)
            spec.attach_mappings(1)
            show(entries, {
              prompt = spec.prompt_title,
              format_item = function(entry)
                return entry.display
              end,
            }, function(entry)
              _G.entry = entry
              replaced()
            end)
          end,
        }
      end,
    }
    package.loaded['telescope.finders'] = {
      new_table = function(spec)
        return spec
      end,
    }
    package.loaded['telescope.config'] = { values = { generic_sorter = function() end } }
    package.loaded['telescope.actions.state'] = {
      get_selected_entry = function()
        return _G.entry
      end,
    }
    package.loaded['telescope.actions'] = {
      select_default = {
        replace = function(_, f)
          replaced = f
        end,
      },
      close = setmetatable({
        enhance = function(_, hooks)
          closed = hooks.post
        end,
      }, {
        __call = function()
          closed()
        end,
      }),
    }
  ]],
}

for name, picker in pairs(pickers) do
  scenes['the list of conversations opens in ' .. name .. ' where that is installed'] = function(t)
    local e = start(t)
    e:rpc('nvim_command', 'Dragoman! chat apples')
    chat.wait_end(e, 1)
    e:lua([[
      _G.shown = {}
      local function show(items, opts, done)
        local lines = vim.tbl_map(opts.format_item, items)
        table.insert(shown, { prompt = opts.prompt, lines = lines })
        done(items[1], 1)
      end
      package.loaded['vim.ui'] = nil
      vim.ui = require('vim.ui')
    ]] .. picker)
    e:rpc('nvim_command', 'enew')
    e:rpc('nvim_command', 'Dragoman chat list')
    e:wait('the list', 'return #shown == 1')
    t:contains(e:lua('return shown[1].lines')[1], 'apples')
    e:wait('the conversation', [[return vim.fn.search('^re: apples$', 'nw') > 0]])
    -- Who has replaced vim.ui.select has chosen already.
    e:lua(answering)
    e:rpc('nvim_command', 'Dragoman chat list')
    e:wait('the list', 'return #offered == 1')
    t:equal(e:lua('return #shown'), 1)
  end
end

scenes['a conversation is renamed, exported and, after asking, deleted'] = function(t)
  local e = start(t)
  chat.ask(e, 'one')
  local id = chat.wait_end(e).conversation
  e:lua([[typed = 'A better name']])
  e:rpc('nvim_command', 'Dragoman chat rename')
  e:wait('the new title', [[return vim.b.dragoman_title == 'A better name']])
  t:equal(e:lua('return offered[1].default'), 'one')
  e:rpc('nvim_command', 'Dragoman chat export')
  e:wait('the text', [[return vim.fn.getline(1) == '# A better name']])
  t:contains(all(e), '## Question\n\none\n')
  e:keys(':bwipeout!<CR>')
  e:settle()
  e:rpc('nvim_command', 'Dragoman chat export json')
  e:wait('the text', [[return vim.bo.filetype == 'json']])
  t:equal(vim.json.decode(all(e)).id, id)
  e:keys(':bwipeout!<CR>')
  e:settle()
  e:lua('pick = function() end')
  e:rpc('nvim_command', 'Dragoman chat delete')
  t:equal(e:lua('return offered[#offered].prompt'), 'Delete “A better name” for good?')
  t:contains(e:rpc('nvim_buf_get_name', 0), id)
  e:lua('pick = function() return 1 end')
  t:expect_message('deleted')
  t:expect_message('no conversations')
  e:rpc('nvim_command', 'Dragoman chat delete')
  e:wait('the buffer to be gone', [[return vim.fn.bufexists('dragoman://chat/' .. ...) == 0]], id)
  e:rpc('nvim_command', 'Dragoman chat list')
  e:wait('the message', [[return vim.fn.execute('messages'):find('no conversations')]])
end

scenes['a chat opens where the setting says'] = function(t)
  local gateway = t:gateway()
  t:write('project/a.lua', 'x = 1\n')
  local wanted = {
    vsplit = { 2, 1, '' },
    split = { 2, 1, '' },
    tab = { 1, 2, '' },
    float = { 2, 1, 'editor' },
  }
  for kind, shape in pairs(wanted) do
    local e = chat.open(t, { file = 'a.lua', setup = ('{ chat = { window = %q } }'):format(kind) })
    t:equal(
      e:lua([[
      local float = vim.api.nvim_win_get_config(0).relative
      return { #vim.api.nvim_tabpage_list_wins(0), vim.fn.tabpagenr('$'), float }
    ]]),
      shape,
      kind
    )
    local before = #gateway.requests
    chat.ask(e, 'what is #file')
    local request = gateway:wait_request(before + 1)
    t:contains(request:prompt(), 'x = 1')
    request:answer('a file')
    chat.wait_end(e)
  end
end

scenes['a buffer asks the model it has of its own'] = function(t)
  local e, gateway = start(t)
  e:lua([[vim.b.dragoman_model = 'gw/other']])
  chat.ask(e, 'one')
  chat.wait_end(e)
  t:equal(gateway.requests[1].json.model, 'other')
  t:equal(e:lines()[5], '## gw/other')
end

scenes['events tell other plugins when an answer begins and ends'] = function(t)
  local e = start(t)
  chat.ask(e, 'one')
  local ended = chat.wait_end(e)
  local begun = e:lua('return begun')
  t:equal(#begun, 1)
  t:equal(
    { begun[1].conversation, begun[1].turn, begun[1].model },
    { ended.conversation, ended.turn, 'gw/test' }
  )
  t:equal(ended.state, 'complete')
end

scenes['turns are jumped between, and unsent text holds an exit up'] = function(t)
  local e = start(t)
  chat.ask(e, 'one')
  chat.wait_end(e, 1)
  chat.ask(e, 'two')
  chat.wait_end(e, 2)
  e:keys('gg]]')
  e:settle()
  t:equal(e:rpc('nvim_win_get_cursor', 0), { 9, 0 })
  e:keys(']][[')
  e:settle()
  t:equal(e:rpc('nvim_win_get_cursor', 0), { 9, 0 })
  e:keys('G')
  chat.type(e, 'unsent')
  t:expect_message('E37')
  t:expect_message('E162')
  local ok = pcall(e.rpc, e, 'nvim_command', 'qall')
  t:equal(ok, false)
end

return scenes
