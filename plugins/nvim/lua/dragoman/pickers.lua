--- What is asked of the daemon and shown at once: models and the choice among them, balances,
--- usage, and what a project wants approval for.

local client = require('dragoman.client')
local sheet = require('dragoman.sheet')
local ui = require('dragoman.ui')

local M = {}

local method_not_found = -32601

local roles = { 'completion', 'chat', 'edit', 'embedding' }
local no_choice = 'default' -- takes a choice back
local groupings = { 'model', 'project', 'day', 'role' }
local scopes = {
  { name = 'session', desc = 'until this editor is closed' },
  { name = 'project', desc = "in this project's configuration file" },
  { name = 'user', desc = 'everywhere, in your configuration file' },
}

--- Asks the daemon; errors are told and end it.
---@param method string
---@param params table
---@param done fun(result: table)
local function ask(method, params, done)
  client.request(method, params, {}, function(err, result)
    if not err then
      done(result)
    elseif err.code == method_not_found then
      ui.error(('this daemon is too old for that: it does not know `%s`'):format(method))
    else
      ui.failed(err)
    end
  end)
end

--- The document whose project counts.
---@return table params
local function here()
  local bufnr = vim.api.nvim_get_current_buf()
  local buffers = require('dragoman.buffers')
  if buffers.is_document(bufnr) and vim.api.nvim_buf_get_name(bufnr) ~= '' then
    return { textDocument = { uri = vim.uri_from_bufnr(bufnr) } }
  end
  return {}
end

---@param errors table[]
---@return string[]
local function in_words(errors)
  return vim.tbl_map(function(err)
    return ('%s: %s'):format(err.provider, err.message)
  end, errors or {})
end

--- 131072 as "131 072": groups of three, from the right.
---@param number integer?
---@return string
local function grouped(number)
  if not number then
    return ''
  end
  local digits = ('%d'):format(number)
  return (digits:reverse():gsub('(%d%d%d)', '%1 '):reverse():gsub('^ ', ''))
end

--- As many decimals as it takes to tell small amounts apart, but never more than six.
---@param amount number?
---@return string
local function money(amount)
  if not amount then
    return ''
  end
  local decimals = 2
  while decimals < 6 and amount ~= 0 and math.abs(amount) * 10 ^ decimals < 10 do
    decimals = decimals + 1
  end
  return ('%.' .. decimals .. 'f'):format(amount)
end

local known_models = {} ---@type string[] the last list, for completing on the command line

---@param done fun(result: table)
local function with_models(done)
  ask('dragoman/models', here(), function(result)
    known_models = vim.tbl_map(function(model)
      return model.id
    end, result.models)
    table.sort(known_models)
    done(result)
  end)
end

---@param result table of `dragoman/models`
---@return table<string, string> the roles of a model, joined
local function roles_of(result)
  local uses = {}
  for _, role in ipairs(roles) do
    local id = (result.selected or {})[role]
    if id then
      uses[id] = (uses[id] and uses[id] .. ', ' or '') .. role
    end
  end
  return uses
end

---@param model table
---@return string
local function price(model)
  if not model.price then
    return ''
  end
  local p = model.price
  return ('%s / %s %s'):format(money(p.input), money(p.output), p.currency)
end

--- `:Dragoman models`
function M.models()
  with_models(function(result)
    local uses, rows, marked = roles_of(result), {}, {}
    table.sort(result.models, function(a, b)
      return a.id < b.id
    end)
    for i, model in ipairs(result.models) do
      rows[i] = {
        model.id,
        grouped(model.contextLength),
        grouped(model.maxOutput),
        price(model),
        uses[model.id] or '',
      }
      marked[i] = uses[model.id] ~= nil or nil
    end
    sheet.open({
      title = 'Models',
      columns = {
        { name = 'model' },
        { name = 'context', right = true },
        { name = 'output', right = true },
        { name = 'in / out per million', right = true },
        { name = 'used for' },
      },
      rows = rows,
      marked = marked,
      notes = #rows == 0 and { 'No gateway lists a model.' } or nil,
      errors = in_words(result.errors),
    })
  end)
end

---@param list string[]
---@param word string
---@return boolean
local function among(list, word)
  return vim.list_contains(list, word)
end

---@return string[]
local function scope_names()
  return vim.tbl_map(function(scope)
    return scope.name
  end, scopes)
end

--- Reads `[role] [provider/model] [scope]`, in any order.
---@param args string[]
---@return {role?: string, model?: string, scope?: string}? choice
---@return string? problem
local function read_choice(args)
  local choice = {}
  for _, word in ipairs(args) do
    local kind = (word:find('/', 1, true) or word == no_choice) and 'model'
      or among(roles, word) and 'role'
      or among(scope_names(), word) and 'scope'
    if not kind then
      local all = table.concat(vim.list_extend(vim.list_extend({}, roles), scope_names()), ', ')
      return nil,
        ('`%s` is neither a model (provider/name, or `%s`) nor one of %s'):format(
          word,
          no_choice,
          all
        )
    elseif choice[kind] then
      return nil, ('`%s` and `%s`: one %s at a time'):format(choice[kind], word, kind)
    end
    choice[kind] = word
  end
  return choice
end

---@param choice {role: string, model: string, scope?: string}
---@param params table
local function select_model(choice, params)
  local wish = vim.tbl_extend('force', params, choice)
  if choice.model == no_choice then
    wish.model = vim.NIL
  end
  ask('dragoman/selectModel', wish, function(result)
    local model = (result.selected or {})[choice.role] or 'no model'
    local where = result.file and (' (%s)'):format(vim.fn.fnamemodify(result.file, ':~')) or ''
    if result.outrankedBy then
      ui.warn(
        ('that is kept%s, but %s still counts: %s uses %s'):format(
          where,
          result.outrankedBy,
          choice.role,
          model
        )
      )
    else
      ui.info(('%s uses %s now%s'):format(choice.role, model, where))
    end
  end)
end

--- Puts the questions that `choice` leaves open, one after the other, and selects.
---@param choice {role?: string, model?: string, scope?: string}
---@param result table of `dragoman/models`
---@param params table
local function complete_choice(choice, result, params)
  local selected = result.selected or {}
  if not choice.role then
    return ui.select(roles, {
      prompt = 'Model for:',
      format_item = function(role)
        return selected[role] and ('%s (%s)'):format(role, selected[role]) or role
      end,
    }, function(role)
      if role then
        choice.role = role
        complete_choice(choice, result, params)
      end
    end)
  elseif not choice.model then
    if #known_models == 0 then
      return ui.error(in_words(result.errors)[1] or 'no gateway lists a model')
    end
    return ui.search(vim.list_extend({ no_choice }, known_models), {
      prompt = ('Model for %s:'):format(choice.role),
      format_item = function(id)
        if id == no_choice then
          return 'take the choice back'
        end
        return id == selected[choice.role] and id .. ' (in use)' or id
      end,
    }, function(id)
      if id then
        choice.model = id
        complete_choice(choice, result, params)
      end
    end)
  elseif not choice.scope then
    return ui.select(scopes, {
      prompt = ('%s for %s:'):format(choice.model, choice.role),
      format_item = function(scope)
        return scope.desc
      end,
    }, function(scope)
      if scope then
        choice.scope = scope.name
        select_model(choice, params)
      end
    end)
  end
  select_model(choice, params)
end

--- `:Dragoman model [role] [provider/model|default] [session|project|user]`
---@param args string[]
function M.model(args)
  local choice, problem = read_choice(args)
  if not choice then
    return ui.error(problem --[[@as string]])
  end
  local params = here()
  if choice.role and choice.model then
    return complete_choice(choice, {}, params)
  end
  with_models(function(result)
    complete_choice(choice, result, params)
  end)
end

--- `:Dragoman balance`
function M.balance()
  ask('dragoman/balance', here(), function(result)
    local rows = vim.tbl_map(function(balance)
      return { balance.provider, money(balance.amount), balance.unit or '' }
    end, result.balances)
    local errors = in_words(result.errors)
    sheet.open({
      title = 'Balance',
      columns = { { name = 'provider' }, { name = 'left', right = true }, { name = 'unit' } },
      rows = rows,
      notes = #rows + #errors == 0 and { 'No configured gateway tells its balance.' } or nil,
      errors = errors,
    })
  end)
end

--- The sums of `rows`; no cost where they are in several currencies.
---@param rows table[] of `dragoman/usage`
---@return string[]
local function total(rows)
  local sum = { requests = 0, inputTokens = 0, outputTokens = 0 }
  local cost, currency = 0, nil
  for _, row in ipairs(rows) do
    for key, value in pairs(sum) do
      sum[key] = value + row[key]
    end
    if row.cost then
      cost = currency and currency ~= row.currency and math.huge or cost + row.cost
      currency = row.currency
    end
  end
  return {
    'total',
    grouped(sum.requests),
    grouped(sum.inputTokens),
    grouped(sum.outputTokens),
    currency and cost < math.huge and money(cost) .. ' ' .. currency or '',
  }
end

--- `:Dragoman usage [model|project|day|role] [since]`
---@param args string[]
function M.usage(args)
  local params = { groupBy = 'model' }
  for _, word in ipairs(args) do
    params[among(groupings, word) and 'groupBy' or 'since'] = word
  end
  ask('dragoman/usage', params, function(result)
    local rows, marked, unmetered = {}, {}, 0
    for i, row in ipairs(result.rows) do
      rows[i] = {
        row.key,
        grouped(row.requests),
        grouped(row.inputTokens),
        grouped(row.outputTokens),
        row.cost and money(row.cost) .. ' ' .. row.currency or '',
      }
      unmetered = unmetered + (row.unmetered or 0)
    end
    if #rows > 1 then
      rows[#rows + 1] = total(result.rows)
      marked[#rows] = true
    end
    local notes = {}
    if #rows == 0 then
      notes[1] = 'Nothing has been used yet.'
    elseif unmetered > 0 then
      notes[1] = ('For %d of the requests the gateway told no usage.'):format(unmetered)
    end
    sheet.open({
      title = 'Usage by ' .. params.groupBy .. (params.since and ' since ' .. params.since or ''),
      columns = {
        { name = params.groupBy },
        { name = 'requests', right = true },
        { name = 'tokens in', right = true },
        { name = 'tokens out', right = true },
        { name = 'cost', right = true },
      },
      rows = rows,
      marked = marked,
      notes = notes,
    })
  end)
end

---@param folder string
---@param trust boolean
---@param record? string what was shown; anything else is not decided on
local function decide(folder, trust, record)
  ask('dragoman/trust', { folder = folder, trust = trust, record = record }, function(result)
    ui.info(('%s is %s'):format(folder, trust and 'trusted' or 'not trusted'))
    if result and result.warning then
      ui.warn(result.warning)
    end
  end)
end

local decisions = {
  none = 'Nobody has decided about it yet.',
  allowed = 'You trust it.',
  denied = 'You do not trust it.',
}

--- `:Dragoman trust`: shows what this project's configuration asks for, then asks whether it may
--- have it.
function M.trust()
  ask('dragoman/config', here(), function(result)
    local wish = result.trust
    if not wish then
      return ui.info("this project's configuration asks for nothing that needs your approval")
    end
    local window = sheet.open({
      title = wish.folder,
      notes = vim.list_extend({ 'Its configuration asks for:' }, wish.asks),
      errors = { wish.barred or decisions[wish.decision] },
    })
    if wish.barred then
      return
    end
    vim.cmd.redraw()
    ui.select({ 'Trust', 'Do not trust', 'Decide later' }, {
      prompt = ('May %s have that?'):format(wish.folder),
    }, function(answer)
      if vim.api.nvim_win_is_valid(window) then
        vim.api.nvim_win_close(window, true)
      end
      if answer == 'Trust' or answer == 'Do not trust' then
        decide(wish.folder, answer == 'Trust', wish.record)
      end
    end)
  end)
end

--- Completion of the command line.
---@param name string the subcommand
---@return string[]
function M.complete(name)
  if name == 'usage' then
    return groupings
  elseif name ~= 'model' then
    return {}
  end
  if #known_models == 0 and client.attached() then
    client.request('dragoman/models', here(), {}, function(_, result)
      known_models = vim.tbl_map(function(model)
        return model.id
      end, result and result.models or {})
    end)
  end
  local words = vim.list_extend(vim.list_extend({}, roles), known_models)
  return vim.list_extend(vim.list_extend(words, { no_choice }), scope_names())
end

return M
