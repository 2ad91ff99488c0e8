--- `:Dragoman edit`: what is shown, what is applied, and what never is.

local scenes = {}

local five = { 'one', 'two', 'three', 'four', 'five' }

--- An editor with `lines` open, whose model answers edits by hand.
local function start(t, lines, opts)
  local gateway = t:gateway()
  t:write('project/a.txt', table.concat(lines, '\n') .. '\n')
  local e = t:editor(vim.tbl_extend('force', { file = 'a.txt' }, opts or {}))
  e:wait_daemon()
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  return e, gateway
end

--- What the preview draws, from the top down: `-` lines that would go, `+` lines that would come.
local function shown(e)
  return e:lua([[
    local rows, out = {}, {}
    local ns = vim.api.nvim_get_namespaces()['dragoman.edit']
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, ns, 0, -1, { details = true })) do
      local row, d = mark[2], mark[4]
      if d.hl_group == 'DragomanEditRemoved' then
        for r = row, d.end_row - 1 do
          rows[#rows + 1] = { r, 1, '-' .. vim.fn.getline(r + 1) }
        end
      end
      for _, line in ipairs(d.virt_lines or {}) do
        rows[#rows + 1] = { d.virt_lines_above and row - 0.5 or row, 2, '+' .. line[1][1] }
      end
    end
    for i, row in ipairs(rows) do row[4] = i end
    table.sort(rows, function(a, b)
      for i = 1, 2 do if a[i] ~= b[i] then return a[i] < b[i] end end
      return a[4] < b[4]
    end)
    for i, row in ipairs(rows) do out[i] = row[3] end
    return out
  ]])
end

local function wait_shown(t, e, wanted)
  t.till('the preview ' .. vim.inspect(wanted), function()
    return vim.deep_equal(shown(e), wanted)
  end, function()
    return vim.inspect(shown(e)) .. e:describe()
  end)
end

--- Waits until the changes are there to be decided on.
local function wait_changes(e)
  e:wait('changes to decide on', [[return require('dragoman.edit').state() == 'deciding']])
end

local function wait_over(e)
  e:wait('the edit to be over', [[return require('dragoman.edit').state() == nil]])
end

local function answers(gateway, text)
  gateway:wait_request(#gateway.requests + 1):answer(text)
end

scenes['an edit says what it masked, together with how it ended'] = function(t)
  t:expect_message('likely secret')
  local e, gateway = start(t, { 'key = "' .. t.secret .. '"', 'x = 1' })
  e:keys(':%Dragoman edit count up<CR>')
  local request = gateway:wait_request()
  t:equal(request:prompt():find(t.secret, 1, true), nil)
  request:answer('key = "********"\nx = 2\n')
  wait_shown(t, e, { '-x = 1', '+x = 2' })
  e:wait_message('1 likely secret was masked')
  e:keys('gA')
  wait_over(e)
  t:equal(e:lines(), { 'key = "' .. t.secret .. '"', 'x = 2' })
  e:keys(':%Dragoman edit leave it<CR>')
  gateway:wait_request(2):answer('key = "********"\nx = 2\n')
  e:wait_message('1 likely secret was masked; the model found nothing to change here')
end

scenes['the replacement is shown while it grows and the text is left alone'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':2,3Dragoman edit shout<CR>')
  local request = gateway:wait_request()
  t:contains(request:prompt(), 'shout')
  request:text('TWO\nTHR')
  wait_shown(t, e, { '+TWO' })
  t:equal(e:lines(), five)
  request:text('EE\n')
  request:finish()
  wait_shown(t, e, { '-two', '-three', '+TWO', '+THREE' })
  t:equal(e:lines(), five)
end

scenes['of a long replacement the end is shown while it grows'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':1Dragoman edit count<CR>')
  local request = gateway:wait_request()
  for i = 1, 100 do
    request:text(('line %d\n'):format(i))
  end
  t.till('the end of it', function()
    local lines = shown(e)
    return lines[#lines] and lines[#lines]:find('^%+line 9%d$')
  end, function()
    return vim.inspect(shown(e))
  end)
  t:equal(#shown(e), 12)
  request:finish()
  wait_changes(e)
  t:equal(#shown(e), 101)
  e:keys('gA')
  e:wait('the change', [[return vim.fn.line('$') == 104]])
end

scenes['accepting makes the change, which is one undo step, and gives the keys back'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':nnoremap <buffer> ga :let g:mine = 1<C-v><CR><CR>')
  e:keys(':2,3Dragoman edit shout<CR>')
  answers(gateway, 'TWO\nTHREE\n')
  wait_changes(e)
  e:keys('ga')
  e:wait_lines({ 'one', 'TWO', 'THREE', 'four', 'five' })
  wait_over(e)
  t:equal(shown(e), {})
  e:keys('u')
  e:wait_lines(five)
  e:keys('ga')
  e:wait('the own mapping', [[return vim.g.mine == 1]])
end

scenes['each change is decided on by itself, and each accepted one can be undone alone'] = function(
  t
)
  local e, gateway = start(t, five)
  e:keys(':%Dragoman edit shout the odd ones<CR>')
  answers(gateway, 'ONE\ntwo\nTHREE\nfour\nFIVE\n')
  wait_shown(t, e, { '-one', '+ONE', '-three', '+THREE', '-five', '+FIVE' })
  e:keys('gg]c')
  e:keys('gr')
  wait_shown(t, e, { '-one', '+ONE', '-five', '+FIVE' })
  e:keys('ggga')
  e:keys('ga')
  e:wait_lines({ 'ONE', 'two', 'three', 'four', 'FIVE' })
  wait_over(e)
  e:keys('u')
  e:wait_lines({ 'ONE', 'two', 'three', 'four', 'five' })
  e:keys('u')
  e:wait_lines(five)
end

scenes['accepting all is one undo step'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':%Dragoman edit shout the odd ones<CR>')
  answers(gateway, 'ONE\ntwo\nTHREE\nand\nfour\n')
  wait_changes(e)
  e:keys('gA')
  e:wait_lines({ 'ONE', 'two', 'THREE', 'and', 'four' })
  e:keys('u')
  e:wait_lines(five)
end

scenes['rejecting all leaves the text and nothing drawn'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':%Dragoman edit shout<CR>')
  answers(gateway, 'ONE\nTWO\nTHREE\nFOUR\nFIVE\n')
  wait_changes(e)
  e:keys('gR')
  wait_over(e)
  t:equal(shown(e), {})
  t:equal(e:lines(), five)
end

scenes['one key cancels while the model writes, and closes its connection'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':2Dragoman edit shout<CR>')
  local request = gateway:wait_request()
  request:text('TWO\nTW')
  wait_shown(t, e, { '+TWO' })
  e:keys('<C-c>')
  wait_over(e)
  t:equal(shown(e), {})
  t.till('the connection to be closed', function()
    return request.closed
  end)
  t:equal(e:lines(), five)
end

scenes['typing into the range ends the edit in words, and keeps what was typed'] = function(t)
  t:expect_message('dragoman: ')
  local e, gateway = start(t, five)
  e:keys(':2,3Dragoman edit shout<CR>')
  gateway:wait_request():text('TWO\nTH')
  wait_shown(t, e, { '+TWO' })
  e:keys('2GAx<Esc>')
  wait_over(e)
  t:equal(e:lines(), { 'one', 'twox', 'three', 'four', 'five' })
  e:wait('a word about it', [[return vim.fn.execute('messages'):find('dragoman: ') ~= nil]])
end

scenes['text typed elsewhere while the model writes moves the change along'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':3Dragoman edit shout<CR>')
  local request = gateway:wait_request()
  e:keys('ggOzero<Esc>Gosix<Esc>')
  e:wait_lines({ 'zero', 'one', 'two', 'three', 'four', 'five', 'six' })
  -- The daemon has to have heard of it: an edit made for an older text is refused.
  e:wait(
    'the text to be sent',
    [[
    vim.lsp.buf_request_sync(0, 'textDocument/codeAction', {
      textDocument = vim.lsp.util.make_text_document_params(),
      range = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } },
      context = { diagnostics = {} },
    }, 5000)
    return true
  ]]
  )
  request:answer('THREE\n')
  wait_shown(t, e, { '-three', '+THREE' })
  e:keys('ga')
  e:wait_lines({ 'zero', 'one', 'two', 'THREE', 'four', 'five', 'six' })
end

scenes['a change is dropped when its lines changed while it was shown'] = function(t)
  t:expect_message('not what the model was shown')
  local e, gateway = start(t, five)
  e:keys(':%Dragoman edit shout the odd ones<CR>')
  answers(gateway, 'ONE\ntwo\nTHREE\nfour\nfive\n')
  wait_changes(e)
  e:keys('3GAx<Esc>')
  e:keys('gA')
  e:wait_lines({ 'ONE', 'two', 'threex', 'four', 'five' })
  wait_over(e)
end

scenes['lines added above a shown change move it along'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':4,5Dragoman edit go on<CR>')
  answers(gateway, 'FOUR\nfive\nsix\n')
  wait_changes(e)
  e:keys('ggOzero<Esc>')
  e:keys('gA')
  e:wait_lines({ 'zero', 'one', 'two', 'three', 'FOUR', 'five', 'six' })
end

scenes['a blank line is a place to write at'] = function(t)
  local e, gateway = start(t, { 'def f():', '    ', 'x = 1' })
  e:keys('2G:Dragoman edit return one<CR>')
  answers(gateway, 'return 1')
  wait_changes(e)
  e:keys('ga')
  e:wait_lines({ 'def f():', '    return 1', 'x = 1' })
end

scenes['lines that would come before the first one are in sight'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':1Dragoman edit add a title<CR>')
  answers(gateway, 'zero\none\n')
  wait_shown(t, e, { '+zero' })
  e:wait(
    'the virtual line on the screen',
    [[
    vim.cmd('redraw')
    return vim.fn.screenstring(1, 1) == 'z'
  ]]
  )
  e:keys('ga')
  e:wait_lines({ 'zero', 'one', 'two', 'three', 'four', 'five' })
end

scenes['lines can be taken away, also the last one'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':4,5Dragoman edit drop five<CR>')
  answers(gateway, 'four\n')
  wait_shown(t, e, { '-five' })
  e:keys('ga')
  e:wait_lines({ 'one', 'two', 'three', 'four' })
end

scenes['CRLF, tabs and wide characters stay as they are'] = function(t)
  local e, gateway = start(t, five)
  t:write('project/dos.txt', 'eins\r\n\tzwei 😀漢\r\ndrei\r\n')
  e:keys(':edit dos.txt<CR>')
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys(':2,3Dragoman edit more<CR>')
  answers(gateway, '\tzwei 😀漢字\n\t\tzweieinhalb\ndrei\n')
  wait_shown(t, e, { '-\tzwei 😀漢', '+\tzwei 😀漢字', '+\t\tzweieinhalb' })
  e:wait(
    'a tab drawn as blanks',
    [[
    vim.cmd('redraw')
    return vim.fn.screenstring(3, 1) == ' ' and vim.fn.screenstring(3, 9) == 'z'
  ]]
  )
  e:keys('ga')
  e:wait_lines({ 'eins', '\tzwei 😀漢字', '\t\tzweieinhalb', 'drei' })
  e:keys(':write<CR>')
  t.till('the file', function()
    return t:read('project/dos.txt') == 'eins\r\n\tzwei 😀漢字\r\n\t\tzweieinhalb\r\ndrei\r\n'
  end)
end

scenes['edits in two buffers go on side by side'] = function(t)
  local e, gateway = start(t, five)
  t:write('project/b.txt', 'alpha\nbeta\n')
  e:keys(':1Dragoman edit shout<CR>')
  local first = gateway:wait_request(1)
  e:keys(':edit b.txt<CR>')
  e:keys(':1Dragoman edit shout<CR>')
  gateway:wait_request(2):answer('ALPHA\n')
  wait_changes(e)
  first:answer('ONE\n')
  e:keys('ga')
  e:wait_lines({ 'ALPHA', 'beta' })
  e:keys(':hide buffer a.txt<CR>')
  wait_changes(e)
  e:keys('ga')
  e:wait_lines({ 'ONE', 'two', 'three', 'four', 'five' })
end

scenes['a buffer that is deleted takes its edit along'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':1Dragoman edit shout<CR>')
  local request = gateway:wait_request()
  e:keys(':bwipeout!<CR>')
  t.till('the connection to be closed', function()
    return request.closed
  end)
end

scenes['a buffer that is unloaded or read anew ends its edit without a word'] = function(t)
  local e, gateway = start(t, five)
  t:write('project/b.txt', 'alpha\n')
  for i, command in ipairs({ ':edit!<CR>', ':edit b.txt | bdelete! a.txt<CR>' }) do
    e:keys(':1Dragoman edit shout<CR>')
    local request = gateway:wait_request(i)
    e:keys(command)
    t.till('the connection to be closed', function()
      return request.closed
    end)
  end
  e:wait_lines({ 'alpha' })
end

scenes['shown changes vanish when the file is read anew'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':1Dragoman edit shout<CR>')
  answers(gateway, 'ONE\n')
  wait_changes(e)
  e:keys(':edit!<CR>')
  wait_over(e)
  t:equal(shown(e), {})
  t:equal(e:lua([[return vim.fn.maparg('ga', 'n')]]), '')
end

scenes['a daemon that dies ends the edit in words'] = function(t)
  t:expect_message('dragoman: ')
  t:expect_message('quit with exit code')
  local e, gateway = start(t, five)
  e:keys(':1Dragoman edit shout<CR>')
  gateway:wait_request()
  vim.uv.kill(e:daemon_pids()[1], 9)
  wait_over(e)
  t:equal(shown(e), {})
  t:equal(e:lines(), five)
end

scenes['what cannot be edited is named'] = function(t)
  t:expect_message('dragoman: this buffer')
  local e, gateway = start(t, five)
  e:keys(':setlocal nomodifiable | 1Dragoman edit shout<CR>')
  e:wait('a word about it', [[return vim.fn.execute('messages'):find('modifiable') ~= nil]])
  e:keys(':new | setlocal buftype=nofile | 1Dragoman edit shout<CR>')
  e:wait('a word about it', [[return vim.fn.execute('messages'):find('buftype') ~= nil]])
  t:equal(#gateway.requests, 0)
end

scenes['a change out of sight is gone to'] = function(t)
  local lines = {}
  for i = 1, 200 do
    lines[i] = 'line ' .. i
  end
  local e, gateway = start(t, lines)
  e:keys(':150Dragoman edit shout<CR>')
  e:keys('gg')
  answers(gateway, 'LINE 150\n')
  wait_changes(e)
  t:equal(e:lua('return vim.fn.line(".")'), 150)
  e:keys('ga')
  e:wait('the change', [[return vim.fn.getline(150) == 'LINE 150']])
end

scenes['a file without a last line end stays one'] = function(t)
  local e, gateway = start(t, five)
  t:write('project/noeol.txt', 'alpha\nbeta')
  e:keys(':edit noeol.txt | setlocal nofixendofline<CR>')
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys(':2Dragoman edit more<CR>')
  answers(gateway, 'beta\ngamma')
  wait_shown(t, e, { '+gamma' })
  e:keys('ga')
  e:wait_lines({ 'alpha', 'beta', 'gamma' })
  e:keys(':write<CR>')
  t.till('the file', function()
    return t:read('project/noeol.txt') == 'alpha\nbeta\ngamma'
  end)
end

scenes['an empty file is written into'] = function(t)
  local e, gateway = start(t, five)
  t:write('project/empty.txt', '')
  e:keys(':edit empty.txt<CR>')
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys(':Dragoman edit greet<CR>')
  answers(gateway, 'hello')
  wait_changes(e)
  e:keys('gA')
  e:wait('the text', [[return vim.fn.getline(1) == 'hello']])
end

scenes['a closed window leaves the edit in its buffer'] = function(t)
  local e, gateway = start(t, five, { before = 'vim.o.hidden = true' })
  e:keys(':new<CR><C-w>p:1Dragoman edit shout<CR>')
  local request = gateway:wait_request()
  e:keys(':close<CR>')
  request:answer('ONE\n')
  e:keys(':buffer a.txt<CR>')
  wait_changes(e)
  e:keys('ga')
  e:wait_lines({ 'ONE', 'two', 'three', 'four', 'five' })
end

scenes['an instruction is asked for, and nothing happens where none is given'] = function(t)
  local e, gateway = start(t, five)
  e:keys(':1Dragoman edit<CR>')
  e:keys('shout<CR>')
  t:contains(gateway:wait_request():prompt(), 'shout')
  e:settle()
  e:keys('<C-c>')
  wait_over(e)
  e:keys(':1Dragoman edit<CR>')
  e:keys('<Esc>')
  e:settle()
  wait_over(e)
  t:equal(shown(e), {})
  t:equal(#gateway.requests, 1)
end

scenes['a refusal of the gateway is told in words'] = function(t)
  t:expect_message('dragoman: ')
  local e, gateway = start(t, five)
  e:keys(':1Dragoman edit shout<CR>')
  gateway
    :wait_request()
    :refuse(401, { error = { message = 'bad key', type = 'invalid_request_error' } })
  wait_over(e)
  t:equal(shown(e), {})
  t:contains(e:messages(), 'dragoman: ')
end

scenes['an answer without a change says so'] = function(t)
  t:expect_message('nothing to change')
  local e, gateway = start(t, five)
  e:keys(':1,2Dragoman edit leave it<CR>')
  answers(gateway, 'one\ntwo\n')
  wait_over(e)
  t:contains(e:messages(), 'nothing to change')
end

scenes['a second edit waits for the first to be decided on'] = function(t)
  t:expect_message('dragoman: ')
  local e, gateway = start(t, five)
  e:keys(':1Dragoman edit shout<CR>')
  local request = gateway:wait_request()
  e:keys(':2Dragoman edit whisper<CR>')
  e:settle()
  request:answer('ONE\n')
  wait_changes(e)
  e:keys(':2Dragoman edit whisper<CR>')
  e:settle()
  t:equal(#gateway.requests, 1)
  wait_shown(t, e, { '-one', '+ONE' })
end

return scenes
