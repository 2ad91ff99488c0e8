--- Code actions through Neovim's own menu, and commit messages.

local scenes = {}

local function start(t, text)
  local gateway = t:gateway()
  t:write('project/a.txt', text)
  local e = t:editor({
    file = 'a.txt',
    after = [[
      vim.o.shortmess = vim.o.shortmess .. 'F'
      vim.ui.select = function(items, opts, choose)
        vim.g.offered = vim.tbl_map(opts.format_item or tostring, items)
        for i, text in ipairs(vim.g.offered) do
          if text:find(vim.g.wanted, 1, true) then return choose(items[i], i) end
        end
        choose(nil)
      end
    ]],
  })
  e:wait_daemon()
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  return e, gateway
end

local function act(e, wanted)
  e:lua([[vim.g.wanted = ...]], wanted)
  e:keys('ggVG<Cmd>lua vim.lsp.buf.code_action()<CR><Esc>')
end

scenes['the menu lists the actions, and the change of one is shown, made, and undone'] = function(t)
  local e, gateway = start(t, 'one\ntwo\n')
  act(e, 'Document')
  gateway:wait_request():answer('-- counts\none\ntwo\n')
  e:wait('changes to decide on', [[return require('dragoman.edit').state() == 'deciding']])
  t:equal(e:lines(), { 'one', 'two' })
  e:keys('gA')
  e:wait_lines({ '-- counts', 'one', 'two' })
  local offered = table.concat(e:lua('return vim.g.offered'), '\n')
  for _, title in ipairs({ 'Explain', 'Document', 'Write tests', 'Rewrite' }) do
    t:contains(offered, title)
  end
  e:keys('u')
  e:wait_lines({ 'one', 'two' })
end

scenes['Explain is told'] = function(t)
  t:expect_message('It counts')
  local e, gateway = start(t, 'one\ntwo\n')
  act(e, 'Explain')
  gateway:wait_request():answer('It counts.')
  e:wait('the explanation', [[return vim.fn.execute('messages'):find('It counts%.') ~= nil]])
end

scenes['Rewrite asks what for'] = function(t)
  local e, gateway = start(t, 'one\ntwo\n')
  act(e, 'Rewrite')
  e:wait('the question', [[return vim.fn.mode() == 'c' ]])
  e:keys('in capitals<CR>')
  local request = gateway:wait_request()
  t:contains(request:prompt(), 'in capitals')
  request:answer('ONE\nTWO\n')
  e:wait('changes to decide on', [[return require('dragoman.edit').state() == 'deciding']])
  e:keys('gA')
  e:wait_lines({ 'ONE', 'TWO' })
end

scenes['an action that fails is told in words'] = function(t)
  t:expect_message('dragoman: ')
  local e, gateway = start(t, 'one\ntwo\n')
  act(e, 'Document')
  gateway
    :wait_request()
    :refuse(401, { error = { message = 'bad key', type = 'invalid_request_error' } })
  e:wait('a word about it', [[return vim.fn.execute('messages'):find('dragoman: ') ~= nil]])
  t:equal(e:lines(), { 'one', 'two' })
end

--- An editor in a commit message of a repository with staged files.
---@param more? table<string, string> besides a.txt
local function committing(t, more)
  local gateway = t:gateway()
  local function git(...)
    local result = vim.system({ 'git', '-C', t.dir .. '/project', ... }):wait()
    assert(result.code == 0, result.stderr)
  end
  git('init', '-q')
  for name, text in pairs(vim.tbl_extend('force', { ['a.txt'] = 'hello\n' }, more or {})) do
    t:write('project/' .. name, text)
    git('add', name)
  end
  t:write('project/.git/COMMIT_EDITMSG', '\n# Please enter the commit message for your changes.\n')
  local e = t:editor({ file = '.git/COMMIT_EDITMSG', after = 'vim.cmd("filetype plugin on")' })
  e:wait('the filetype', [[return vim.bo.filetype == 'gitcommit']])
  return e, gateway
end

scenes['a commit message is written above the comments'] = function(t)
  local e, gateway = committing(t)
  e:keys(':Dragoman commit<CR>')
  local request = gateway:wait_request()
  t:contains(request:prompt(), 'hello')
  request:answer('Greet\n\nSo that nobody feels alone.')
  e:wait_lines({
    'Greet',
    '',
    'So that nobody feels alone.',
    '',
    '# Please enter the commit message for your changes.',
  })
  e:keys('u')
  e:wait_lines({ '', '# Please enter the commit message for your changes.' })
end

scenes['a commit message leaves what was written before'] = function(t)
  local e, gateway = committing(t)
  e:keys(':Dragoman commit<CR>')
  local request = gateway:wait_request()
  e:keys('ggiSigned-off<Esc>')
  request:answer('Greet')
  e:wait_lines({
    'Greet',
    '',
    'Signed-off',
    '# Please enter the commit message for your changes.',
  })
end

scenes['a commit message says what of the changes the model was not shown'] = function(t)
  t:expect_message('likely secret')
  local e, gateway =
    committing(t, { ['.env'] = 'a=1\n', ['b.txt'] = 'key = "' .. t.secret .. '"\n' })
  e:keys(':Dragoman commit<CR>')
  local request = gateway:wait_request()
  t:equal(request:prompt():find(t.secret, 1, true), nil)
  request:answer('Greet')
  e:wait_message('1 likely secret was masked; kept here by privacy.exclude: .env')
end

scenes['commit elsewhere says where it belongs'] = function(t)
  t:expect_message('gitcommit')
  local e = start(t, 'one\n')
  e:keys(':Dragoman commit<CR>')
  e:wait('a word about it', [[return vim.fn.execute('messages'):find('gitcommit') ~= nil]])
end

return scenes
