--- Writes doc/dragoman.txt from scripts/help.txt and what the code says about itself: the settings
--- table, the table of subcommands, the keys, the highlight groups and the annotations of public
--- functions. Writes lua/dragoman/config_types.lua from the settings table, too.
---
---     nvim -l scripts/help.lua            write both
---     nvim -l scripts/help.lua --check    fail where they have drifted, or a help tag leads nowhere

local root = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h:h')
vim.opt.runtimepath:prepend(root)

local width = 78

---@param path string
---@return string
local function read(path)
  local file = io.open(root .. '/' .. path, 'rb')
  local text = file and file:read('*a') or ''
  if file then
    file:close()
  end
  return text
end

--- `text` in lines of at most `width`, each after `indent`.
---@param text string
---@param indent string
---@return string[]
local function wrap(text, indent)
  local lines, line = {}, indent
  -- What is quoted as code stays on one line.
  text = text:gsub('`[^`]+`', function(code)
    return (code:gsub(' ', '\1'))
  end)
  for word in text:gmatch('%S+') do
    word = word:gsub('\1', ' ')
    if #line > #indent and #line + 1 + #word > width then
      lines[#lines + 1] = line
      line = indent
    end
    line = line .. (#line > #indent and ' ' or '') .. word
  end
  lines[#lines + 1] = line
  return lines
end

--- `left` with `*tag*` at the right edge; on two lines where one is too short.
---@param left string
---@param tag string
---@return string[]
local function tagged(left, tag)
  local mark = '*' .. tag .. '*'
  if #left + #mark + 1 <= width then
    return { left .. (' '):rep(width - #left - #mark) .. mark }
  end
  return { (' '):rep(width - #mark) .. mark, left }
end

---@param value any
---@return string
local function literal(value)
  if type(value) == 'string' then
    return "'" .. value:gsub('\\', '\\\\') .. "'"
  end
  return vim.inspect(value)
end

local blocks = {}

function blocks.commands()
  local lines = {}
  for name, command in vim.spairs(require('dragoman.commands').table) do
    local left = (':%sDragoman %s'):format(command.range and '[range]' or '', name)
    vim.list_extend(lines, tagged(left, ':Dragoman-' .. name))
    vim.list_extend(lines, wrap(command.desc, '        '))
    lines[#lines + 1] = ''
  end
  lines[#lines] = nil
  return lines
end

--- The keys of a group of settings with their <Plug> names.
---@param group string
---@param prefix string of the <Plug> names
---@return string[]
local function key_lines(group, prefix)
  local lines = {}
  for _, setting in ipairs(require('dragoman.config').schema) do
    local name = setting.key:match('^' .. group .. '%.(.+)$')
    if name then
      local plug = ('<Plug>(%s%s)'):format(prefix, (name:gsub('_', '-')))
      vim.list_extend(lines, tagged(('%-12s %s'):format(setting.default or '-', plug), plug))
      vim.list_extend(lines, wrap(setting.desc, '        '))
    end
  end
  return lines
end

function blocks.keys()
  return key_lines('keys', 'dragoman-')
end

function blocks.edit_keys()
  return key_lines('edit%.keys', 'dragoman-edit-')
end

function blocks.chat_keys()
  return key_lines('chat%.keys', 'dragoman-chat-')
end

--- The words that attach something to a question.
function blocks.chat_context()
  local lines = {}
  for name, desc in vim.spairs(require('dragoman.chat.context').kinds) do
    local wrapped = wrap(desc, (' '):rep(17))
    wrapped[1] = ('    %-12s %s'):format('#' .. name, vim.trim(wrapped[1]))
    vim.list_extend(lines, wrapped)
  end
  return lines
end

--- The defaults as the table that setup() takes.
---@param group string
---@param indent string
---@return string[]
local function default_lines(group, indent)
  local lines, seen = {}, {}
  for _, setting in ipairs(require('dragoman.config').schema) do
    local rest = vim.startswith(setting.key, group) and setting.key:sub(#group + 1)
    local name = rest and rest:match('^[^.]+')
    if name and not seen[name] then
      seen[name] = true
      if name == rest then
        lines[#lines + 1] = ('%s%s = %s,'):format(indent, name, literal(setting.default))
      else
        lines[#lines + 1] = ('%s%s = {'):format(indent, name)
        vim.list_extend(lines, default_lines(group .. name .. '.', indent .. '  '))
        lines[#lines + 1] = indent .. '},'
      end
    end
  end
  return lines
end

function blocks.defaults()
  local lines = { "    require('dragoman').setup({" }
  vim.list_extend(lines, default_lines('', '      '))
  lines[#lines + 1] = '    })'
  return lines
end

function blocks.settings()
  local lines = {}
  for _, setting in ipairs(require('dragoman.config').schema) do
    local kind = setting.choices and table.concat(vim.tbl_map(literal, setting.choices), ' | ')
      or setting.type == 'key' and 'key or false'
      or setting.type
    local left = ('%s (%s, default: %s)'):format(setting.key, kind, literal(setting.default))
    vim.list_extend(lines, tagged(left, 'dragoman-setting-' .. setting.key))
    vim.list_extend(lines, wrap(setting.desc, '        '))
    lines[#lines + 1] = ''
  end
  lines[#lines] = nil
  return lines
end

--- Public functions of a module, by their annotations, in the order of the file; `@package` hides
--- one.
---@param path string
---@param module string
---@return string[]
local function functions_of(path, module)
  local lines, comment = {}, {}
  for line in vim.gsplit(read(path), '\n') do
    local text = line:match('^%-%-%- ?(.*)$')
    local name, args = line:match('^function M%.(%a[%w_]*)%((.-)%)$')
    if text then
      comment[#comment + 1] = text
    else
      local internal = vim.list_contains(comment, '@package')
      if name and #comment > 0 and not internal then
        local braced = args:gsub('[%w_]+', '{%0}')
        local left = ('%s.%s(%s)'):format(module, name, braced)
        vim.list_extend(lines, tagged(left, ('%s.%s()'):format(module, name)))
        local prose, params = {}, {}
        for _, part in ipairs(comment) do
          local param, kind, desc = part:match('^@param ([%w_?]+) (%S+)%s*(.*)$')
          local result, what = part:match('^@return (%S+)%s*(.*)$')
          if param then
            local optional = param:sub(-1) == '?'
            local shown = ('{%s} (%s%s) %s'):format(
              param:gsub('%?$', ''),
              kind,
              optional and ', optional' or '',
              desc
            )
            params[#params + 1] = shown
          elseif result then
            params[#params + 1] = ('Returns: (%s) %s'):format(result, what)
          elseif not vim.startswith(part, '@') then
            prose[#prose + 1] = part
          end
        end
        vim.list_extend(lines, wrap(table.concat(prose, ' '), '        '))
        for _, param in ipairs(params) do
          vim.list_extend(lines, wrap(vim.trim(param), '          '))
        end
        lines[#lines + 1] = ''
      end
      comment = {}
    end
  end
  return lines
end

function blocks.functions()
  local lines = functions_of('lua/dragoman/init.lua', 'dragoman')
  vim.list_extend(lines, functions_of('lua/dragoman/ghost/init.lua', 'dragoman.ghost'))
  vim.list_extend(lines, functions_of('lua/dragoman/chat/init.lua', 'dragoman.chat'))
  lines[#lines] = nil
  return lines
end

function blocks.highlights()
  local lines = {}
  for name, group in vim.spairs(require('dragoman.highlights').groups) do
    local left = ('%-22s %s'):format(name, group.desc)
    vim.list_extend(lines, tagged(left, 'hl-' .. name))
    vim.list_extend(lines, wrap('Linked to ' .. table.concat(group.link, ' or '), (' '):rep(23)))
  end
  return lines
end

---@return string
local function help()
  local template = read('scripts/help.txt')
  for name in template:gmatch('{{([%w_]+)}}') do
    assert(blocks[name], 'no block ' .. name)
  end
  return (
    template:gsub('{{([%w_]+)}}', function(name)
      return table.concat(blocks[name](), '\n')
    end)
  )
end

---@return string
local function config_types()
  local kinds = { key = 'string|false', ['string|string[]'] = 'string|string[]' }
  local classes, order = { [''] = {} }, { '' }
  local function fields_of(group)
    if not classes[group] then
      classes[group] = {}
      order[#order + 1] = group
      local parent, last = group:match('^(.-)%.?([^.]+)$')
      table.insert(fields_of(parent), { name = last, kind = group, group = true })
    end
    return classes[group]
  end
  for _, setting in ipairs(require('dragoman.config').schema) do
    local group, name = setting.key:match('^(.-)%.?([^.]+)$')
    local kind = kinds[setting.type] or setting.type
    if setting.choices then
      kind = table.concat(vim.tbl_map(literal, setting.choices), '|')
    end
    local optional = setting.default == nil
    table.insert(fields_of(group), { name = name, kind = kind, optional = optional })
  end
  local function class_name(group, partial)
    local name = ('.' .. group)
      :gsub('%.(%l)', function(first)
        return '.' .. first:upper()
      end)
      :gsub('^%.$', '')
    return 'dragoman.Config' .. name .. (partial and '.Partial' or '')
  end
  local lines = {
    '---@meta',
    '--- The settings as types, made by scripts/help.lua from the table in config.lua.',
  }
  for _, partial in ipairs({ false, true }) do
    for _, group in ipairs(order) do
      lines[#lines + 1] = ''
      lines[#lines + 1] = '---@class ' .. class_name(group, partial)
      for _, field in ipairs(classes[group]) do
        local kind = field.group and class_name(field.kind, partial) or field.kind
        local mark = (partial or field.optional) and '?' or ''
        lines[#lines + 1] = ('---@field %s%s %s'):format(field.name, mark, kind)
      end
    end
  end
  return table.concat(lines, '\n') .. '\n'
end

--- Every |link| of our own has a *tag*.
---@param text string
---@return string[] problems
local function broken_links(text)
  local tags, problems = {}, {}
  for tag in text:gmatch('%*([^%s*]+)%*') do
    if tags[tag] then
      problems[#problems + 1] = ('the tag *%s* is there twice'):format(tag)
    end
    tags[tag] = true
  end
  for link in text:gmatch('|(dragoman[^%s|]*)|') do
    if not tags[link] then
      problems[#problems + 1] = ('|%s| leads nowhere'):format(link)
    end
  end
  local number = 0
  for line in vim.gsplit(text, '\n') do
    number = number + 1
    if vim.api.nvim_strwidth(line) > width + 2 then
      problems[#problems + 1] = ('line %d is too long: %s'):format(number, line)
    end
  end
  return problems
end

local made = { ['doc/dragoman.txt'] = help(), ['lua/dragoman/config_types.lua'] = config_types() }
local problems = broken_links(made['doc/dragoman.txt'])
for path, text in pairs(made) do
  if _G.arg[1] ~= '--check' then
    local file = assert(io.open(root .. '/' .. path, 'wb'))
    file:write(text)
    file:close()
  elseif read(path) ~= text then
    problems[#problems + 1] = path .. ' has drifted; run nvim -l scripts/help.lua'
  end
end
for _, problem in ipairs(problems) do
  io.stderr:write(problem .. '\n')
end
os.exit(#problems == 0 and 0 or 1)
