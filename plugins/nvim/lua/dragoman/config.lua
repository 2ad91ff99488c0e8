--- The plugin's settings: one table holds key, type, default and description. `setup()` checks
--- against it, the annotations and `:help dragoman-settings` are generated from it. What concerns
--- models, providers, prompts and limits is not here: it belongs to the daemon's configuration, and
--- `settings` passes it on.

local M = {}

---@class dragoman.Setting
---@field key string dotted path into the table that setup() takes
---@field type string 'boolean', 'string', 'integer', 'table', 'key' (a mapping's left side, or false), 'string|string[]'
---@field default any
---@field choices? string[] the only values allowed
---@field desc string

---@type dragoman.Setting[]
M.schema = {
  {
    key = 'cmd',
    type = 'string|string[]',
    default = nil,
    desc = 'The daemon: a path, or a list of program and arguments. Without it `dragoman` is '
      .. 'looked for in `$PATH`, then in `bin/` of this plugin, then in `build/release/bin/` of '
      .. 'a source checkout.',
  },
  {
    key = 'enabled',
    type = 'boolean',
    default = true,
    desc = 'Start the daemon by itself with the first file or the first Insert mode. When '
      .. 'false, only commands start it, and ghost text stays off until `:Dragoman enable`.',
  },
  {
    key = 'settings',
    type = 'table',
    default = {},
    desc = 'Settings of the daemon that outrank its files, for example `{ completion = { model '
      .. "= 'work/deepseek-chat' } }`. `dragoman config schema` lists them.",
  },
  {
    key = 'ghost.enabled',
    type = 'boolean',
    default = true,
    desc = 'Show suggestions in the text while typing.',
  },
  {
    key = 'ghost.renderer',
    type = 'string',
    default = 'auto',
    choices = { 'auto', 'own', 'builtin' },
    desc = "Who draws them: 'own' is this plugin's, 'builtin' Neovim's "
      .. "|vim.lsp.inline_completion| (0.12 and newer). 'auto' is 'own' unless inline "
      .. 'completion was switched on for another language server.',
  },
  {
    key = 'ghost.max_bytes',
    type = 'integer',
    default = 1048576,
    desc = 'Buffers above this size get no ghost text, and are not sent to the daemon by '
      .. 'themselves.',
  },
  {
    key = 'keys.accept',
    type = 'key',
    default = '<Tab>',
    desc = 'Accept the suggestion. Where none is shown the key does what it did before.',
  },
  {
    key = 'keys.accept_word',
    type = 'key',
    default = '<M-Right>',
    desc = "Accept the suggestion's next word.",
  },
  {
    key = 'keys.accept_line',
    type = 'key',
    default = '<M-C-Right>',
    desc = "Accept the suggestion's next line.",
  },
  { key = 'keys.next', type = 'key', default = '<M-]>', desc = 'Show the next suggestion.' },
  { key = 'keys.prev', type = 'key', default = '<M-[>', desc = 'Show the previous suggestion.' },
  { key = 'keys.dismiss', type = 'key', default = '<C-]>', desc = 'Hide the suggestion.' },
  {
    key = 'keys.trigger',
    type = 'key',
    default = '<M-Bslash>',
    desc = 'Ask for a suggestion now, also where nothing is suggested by itself.',
  },
  {
    key = 'edit.keys.accept',
    type = 'key',
    default = 'ga',
    desc = 'Make the change at the cursor, or the next one. Like the other keys of this group it '
      .. 'is a Normal mode key that exists only while `:Dragoman edit` is at work in the buffer.',
  },
  {
    key = 'edit.keys.reject',
    type = 'key',
    default = 'gr',
    desc = 'Drop the change at the cursor, or the next one.',
  },
  {
    key = 'edit.keys.accept_all',
    type = 'key',
    default = 'gA',
    desc = 'Make all changes.',
  },
  {
    key = 'edit.keys.reject_all',
    type = 'key',
    default = 'gR',
    desc = 'Drop all changes.',
  },
  {
    key = 'edit.keys.next',
    type = 'key',
    default = ']c',
    desc = 'Go to the next change.',
  },
  {
    key = 'edit.keys.prev',
    type = 'key',
    default = '[c',
    desc = 'Go to the previous change.',
  },
  {
    key = 'edit.keys.cancel',
    type = 'key',
    default = '<C-c>',
    desc = 'Stop the edit while the model writes, or drop its changes.',
  },
  {
    key = 'chat.window',
    type = 'string',
    default = 'vsplit',
    choices = { 'vsplit', 'split', 'float', 'tab' },
    desc = 'Where a chat opens. A second chat takes the window of the first.',
  },
  {
    key = 'chat.trigger',
    type = 'boolean',
    default = true,
    desc = 'Offer `#file`, `#selection` and the like as soon as `#` is typed in a question. They '
      .. "are in 'omnifunc' too.",
  },
  {
    key = 'chat.highlight_max_bytes',
    type = 'integer',
    default = 2097152,
    desc = 'Chats above this size are shown without syntax highlighting.',
  },
  {
    key = 'chat.keys.send',
    type = 'key',
    default = '<CR>',
    desc = 'In Normal mode: send the question at the cursor. An earlier one is asked again.',
  },
  {
    key = 'chat.keys.submit',
    type = 'key',
    default = '<C-s>',
    desc = 'In Normal and Insert mode: send the question at the cursor.',
  },
  {
    key = 'chat.keys.stop',
    type = 'key',
    default = '<C-c>',
    desc = 'Stop the answer; what arrived stays.',
  },
  {
    key = 'chat.keys.regenerate',
    type = 'key',
    default = '<LocalLeader>r',
    desc = 'Ask the question of the turn at the cursor once more.',
  },
  {
    key = 'chat.keys.continue',
    type = 'key',
    default = '<LocalLeader>c',
    desc = 'Let an answer that was cut, broken or stopped go on.',
  },
  {
    key = 'chat.keys.fork',
    type = 'key',
    default = '<LocalLeader>f',
    desc = 'Open a copy of the conversation up to the turn at the cursor.',
  },
  {
    key = 'chat.keys.yank',
    type = 'key',
    default = '<LocalLeader>y',
    desc = 'Yank the code block at the cursor.',
  },
  {
    key = 'chat.keys.insert',
    type = 'key',
    default = '<LocalLeader>i',
    desc = 'Insert the code block below the cursor of the file beside the chat.',
  },
  {
    key = 'chat.keys.replace',
    type = 'key',
    default = '<LocalLeader>s',
    desc = 'Put the code block in place of what was last selected in the file beside the chat.',
  },
  {
    key = 'chat.keys.diff',
    type = 'key',
    default = '<LocalLeader>d',
    desc = 'Show what the code block would change in the file beside the chat; `:w` there takes it '
      .. 'over.',
  },
  { key = 'chat.keys.next', type = 'key', default = ']]', desc = 'Go to the next question.' },
  { key = 'chat.keys.prev', type = 'key', default = '[[', desc = 'Go to the question before.' },
}

local current ---@type table?

---@param value any
---@param setting dragoman.Setting
---@return string? what is wrong with it
local function complaint(value, setting)
  local is = type(value)
  local ok
  if setting.type == 'key' then
    ok = is == 'string' or value == false
  elseif setting.type == 'string|string[]' then
    ok = is == 'string' or (is == 'table' and vim.islist(value) and type(value[1]) == 'string')
  elseif setting.type == 'integer' then
    ok = is == 'number' and value == math.floor(value)
  else
    ok = is == setting.type
  end
  if not ok then
    local wanted = setting.type == 'key' and 'a key or false' or setting.type
    return ('must be %s, not %s'):format(wanted, vim.inspect(value, { newline = ' ', indent = '' }))
  end
  if setting.choices and not vim.list_contains(setting.choices, value) then
    return ('must be one of %s, not %q'):format(table.concat(setting.choices, ', '), value)
  end
end

--- The known key that `key` was probably meant to be.
---@param key string
---@return string?
local function nearest(key)
  local names = vim.tbl_map(function(setting)
    return setting.key
  end, M.schema)
  -- A slip is often in the last letters: what remains without them still finds the key.
  for length = #key, math.min(#key, 3), -1 do
    local found = vim.fn.matchfuzzy(names, key:sub(1, length))[1]
    if found then
      return found
    end
  end
end

--- Puts what is right in `given` into `into` and says what is not.
---@param given table
---@param into table
---@param prefix string
---@param problems string[]
local function merge(given, into, prefix, problems)
  for name, value in pairs(given) do
    local key = prefix .. tostring(name)
    local setting ---@type dragoman.Setting?
    local is_group = false
    for _, candidate in ipairs(M.schema) do
      if candidate.key == key then
        setting = candidate
      elseif vim.startswith(candidate.key, key .. '.') then
        is_group = true
      end
    end
    if setting then
      local wrong = complaint(value, setting)
      if wrong then
        problems[#problems + 1] = ('`%s` %s'):format(key, wrong)
      else
        into[name] = vim.deepcopy(value)
      end
    elseif is_group and type(value) == 'table' then
      merge(value, into[name], key .. '.', problems)
    elseif is_group then
      problems[#problems + 1] = ('`%s` must be a table'):format(key)
    else
      local meant = nearest(key)
      problems[#problems + 1] = ('`%s` is no setting%s'):format(
        key,
        meant and (' (did you mean `%s`?)'):format(meant) or ''
      )
    end
  end
end

--- A fresh table with every default.
---@return dragoman.Config
function M.defaults()
  local out = {}
  for _, setting in ipairs(M.schema) do
    local at = out
    local path = vim.split(setting.key, '.', { plain = true })
    for i = 1, #path - 1 do
      at[path[i]] = at[path[i]] or {}
      at = at[path[i]]
    end
    at[path[#path]] = vim.deepcopy(setting.default)
  end
  return out
end

--- Takes `opts` over the defaults. Wrong keys are left at their defaults; the rest counts.
---@param opts? table
---@return string[] problems one sentence each, sorted
function M.set(opts)
  local problems = {}
  local new = M.defaults()
  if opts ~= nil and type(opts) ~= 'table' then
    problems[1] = 'setup() takes a table'
  else
    merge(opts or {}, new, '', problems)
  end
  table.sort(problems)
  current = new
  return problems
end

--- The settings in force. Callers read and never write.
---@return dragoman.Config
function M.get()
  if not current then
    current = M.defaults()
  end
  return current
end

return M
