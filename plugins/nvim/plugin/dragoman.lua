-- What exists before anything is used: one command, the <Plug> keys, and the events that start the
-- rest. Loads nothing.
if vim.g.loaded_dragoman then
  return
end
vim.g.loaded_dragoman = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.api.nvim_echo({ { 'dragoman needs Neovim 0.10 or newer', 'WarningMsg' } }, true, {})
  return
end

vim.api.nvim_create_user_command('Dragoman', function(cmd)
  require('dragoman.commands').run(cmd)
end, {
  nargs = '*',
  range = true,
  bang = true,
  desc = 'Ghost text, chat and edits by dragoman',
  complete = function(lead, line)
    return require('dragoman.commands').complete(lead, line)
  end,
})

for name, act in pairs({
  accept = 'accept',
  ['accept-word'] = 'accept_word',
  ['accept-line'] = 'accept_line',
  next = 'next',
  prev = 'prev',
  dismiss = 'dismiss',
  trigger = 'trigger',
}) do
  vim.keymap.set('i', ('<Plug>(dragoman-%s)'):format(name), function()
    require('dragoman.ghost')[act]()
  end, { desc = 'dragoman: ' .. name:gsub('-', ' ') })
end

local decisions = { 'accept', 'accept_all', 'reject', 'reject_all', 'next', 'prev', 'cancel' }
for _, act in ipairs(decisions) do
  vim.keymap.set('n', ('<Plug>(dragoman-edit-%s)'):format(act:gsub('_', '-')), function()
    require('dragoman.edit')[act]()
  end, { desc = 'dragoman: edit, ' .. act:gsub('_', ' ') })
end
vim.keymap.set(
  { 'n', 'x' },
  '<Plug>(dragoman-edit)',
  ':Dragoman edit<CR>',
  { desc = 'dragoman: edit by instruction', silent = true }
)

for _, name in ipairs({
  'send',
  'submit',
  'stop',
  'regenerate',
  'continue',
  'fork',
  'yank',
  'insert',
  'replace',
  'diff',
  'next',
  'prev',
}) do
  vim.keymap.set({ 'n', 'i' }, ('<Plug>(dragoman-chat-%s)'):format(name), function()
    require('dragoman.chat')[name]()
  end, { desc = 'dragoman chat: ' .. name })
end

-- `:edit` brings conversations back by their name; a session only gives windows the names.
local chats = vim.api.nvim_create_augroup('dragoman.chat.read', {})
vim.api.nvim_create_autocmd('BufReadCmd', {
  group = chats,
  pattern = 'dragoman://chat/*',
  nested = true,
  callback = function(event)
    require('dragoman.chat.view').read(event.buf)
  end,
})
vim.api.nvim_create_autocmd('SessionLoadPost', {
  group = chats,
  nested = true,
  callback = function()
    for _, win in ipairs(vim.api.nvim_list_wins()) do
      local buf = vim.api.nvim_win_get_buf(win)
      local is_chat = vim.startswith(vim.api.nvim_buf_get_name(buf), 'dragoman://chat/')
      if is_chat and vim.bo[buf].buftype == '' then
        require('dragoman.chat.view').read(buf)
      end
    end
  end,
})

-- The first file that is read and the first Insert mode start the daemon, from where its modules
-- take over.
local group = vim.api.nvim_create_augroup('dragoman.start', {})
vim.api.nvim_create_autocmd({ 'FileType', 'BufReadPost', 'BufNewFile', 'InsertEnter' }, {
  group = group,
  callback = function(event)
    if vim.bo[event.buf].buftype ~= '' then
      return
    end
    vim.api.nvim_del_augroup_by_id(group)
    vim.schedule(function()
      require('dragoman').start(event.buf)
    end)
  end,
})
