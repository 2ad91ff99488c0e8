--- Models, balance, usage and trust, as they are shown and chosen.

local scenes = {}

--- An editor whose menus choose the items that hold the texts of `choices`, one after the other;
--- and what the daemon is asked, since not every daemon knows every method: `answers` are given in
--- its place.
local function start(t, choices, answers)
  local gateway = t:gateway()
  t:write('project/a.txt', 'one\n')
  local e = t:editor({
    file = 'a.txt',
    after = ([[
      vim.g.choices, vim.g.asked, vim.g.prompts = %s, {}, {}
      vim.ui.select = function(items, opts, choose)
        local wanted, rest = vim.g.choices[1], vim.list_slice(vim.g.choices, 2)
        vim.g.choices = rest
        vim.g.prompts = vim.list_extend(vim.g.prompts, { opts.prompt })
        for i, item in ipairs(items) do
          local text = (opts.format_item or tostring)(item)
          if text:find(wanted, 1, true) then return choose(item, i) end
        end
        choose(nil)
      end
      local answers = vim.json.decode(%q)
      local client = require('dragoman.client')
      local request = client.request
      client.request = function(method, params, opts, cb)
        vim.g.asked = vim.list_extend(vim.g.asked, { { method, params } })
        local answer = answers[method]
        if not answer then
          return request(method, params, opts, cb)
        end
        vim.schedule(function() cb(answer.error, answer.result) end)
        return { cancel = function() end }
      end
    ]]):format(vim.inspect(choices or {}), vim.json.encode(answers or vim.empty_dict())),
  })
  e:wait_daemon()
  return e, gateway
end

local function wait_sheet(e)
  e:wait('a sheet', [[return vim.bo.filetype == 'dragoman-sheet']])
  return e:lines()
end

--- The parameters of the only request of `method`.
local function asked(t, e, method)
  local found = {}
  for _, request in ipairs(e:lua('return vim.g.asked')) do
    found[#found + 1] = request[1] == method and request[2] or nil
  end
  t:equal(#found, 1, 'requests of ' .. method)
  return found[1]
end

scenes['models are listed in columns, with what each is used for'] = function(t)
  local e = start(t)
  e:keys(':Dragoman models<CR>')
  local lines = wait_sheet(e)
  t:contains(lines[1], 'model')
  local text = table.concat(lines, '\n')
  t:contains(text, 'gw/large')
  t:equal(text:match('gw/test[^\n]*completion, chat') ~= nil, true, text)
  e:keys('q')
  e:wait('the sheet to be closed', [[return #vim.api.nvim_list_wins() == 1]])
end

scenes['a gateway that fails is named below the others'] = function(t)
  local e = start(t, {}, {
    ['dragoman/models'] = {
      result = {
        models = {
          {
            id = 'a/one',
            provider = 'a',
            contextLength = 131072,
            price = { input = 0.5, output = 12, currency = 'USD' },
          },
        },
        selected = vim.empty_dict(),
        errors = { { provider = 'b', message = 'the name b.example was not found' } },
      },
    },
  })
  e:keys(':Dragoman models<CR>')
  t:equal(wait_sheet(e), {
    'model  context  output  in / out per million  used for',
    'a/one  131 072              0.50 / 12.00 USD',
    '',
    'b: the name b.example was not found',
  })
end

scenes['the balance is shown'] = function(t)
  local e = start(t, {}, {
    ['dragoman/balance'] = {
      result = {
        balances = {
          { provider = 'work', amount = 482.5, unit = 'USD', raw = {} },
          { provider = 'home', amount = 3, unit = 'credits', raw = {} },
        },
        errors = {},
      },
    },
  })
  e:keys(':Dragoman balance<CR>')
  t:equal(wait_sheet(e), {
    'provider    left  unit',
    'work      482.50  USD',
    'home        3.00  credits',
  })
end

scenes['where no gateway tells a balance, that is said'] = function(t)
  local e = start(t, {}, { ['dragoman/balance'] = { result = { balances = {}, errors = {} } } })
  e:keys(':Dragoman balance<CR>')
  t:equal(wait_sheet(e), { 'No configured gateway tells its balance.' })
end

scenes['the daemon asks the gateway for the balance'] = function(t)
  local e = start(t)
  e:keys(':Dragoman balance<CR>')
  t:equal(wait_sheet(e), { 'provider   left  unit', 'gw        12.50  credits' })
end

scenes['usage is summed up, small amounts stay readable'] = function(t)
  local e = start(t, {}, {
    ['dragoman/usage'] = {
      result = {
        rows = {
          {
            key = '2026-01-31',
            requests = 1200,
            inputTokens = 1234567,
            outputTokens = 89,
            cost = 0.00042,
            currency = 'USD',
          },
          { key = '2026-02-01', requests = 1, inputTokens = 10, outputTokens = 5, unmetered = 1 },
        },
      },
    },
  })
  e:keys(':Dragoman usage day 2026-01-31<CR>')
  t:equal(wait_sheet(e), {
    'day         requests  tokens in  tokens out         cost',
    '2026-01-31     1 200  1 234 567          89  0.00042 USD',
    '2026-02-01         1         10           5',
    'total          1 201  1 234 577          94  0.00042 USD',
    '',
    'For 1 of the requests the gateway told no usage.',
  })
  t:equal(asked(t, e, 'dragoman/usage'), { groupBy = 'day', since = '2026-01-31' })
end

scenes['what a question cost is in the usage'] = function(t)
  local e, gateway = start(t)
  t:configure({
    providers = {
      gw = { models = { test = { price = { input = 1, output = 2.5, currency = 'USD' } } } },
    },
  })
  gateway.on_request = function(request)
    request:text('Hello.')
    request:finish(
      'stop',
      { prompt_tokens = 500000, completion_tokens = 100000, total_tokens = 600000 }
    )
  end
  e:lua([[
    require('dragoman.client').request('dragoman/chat/send', { prompt = 'Hello?' }, {}, function()
      _G.done = true
    end)
  ]])
  e:wait('the answer', 'return done')
  e:keys(':Dragoman usage<CR>')
  t:equal(wait_sheet(e), {
    'model    requests  tokens in  tokens out      cost',
    'gw/test         1    500 000     100 000  0.75 USD',
  })
end

scenes['a model that was chosen for the session answers the next question'] = function(t)
  t:expect_message('dragoman: ')
  local e, gateway = start(t)
  e:keys(':Dragoman model chat gw/large session<CR>')
  e:wait('the choice', [[return vim.fn.execute('messages'):find('chat uses gw/large now') ~= nil]])
  e:lua([[
    require('dragoman.client').request('dragoman/chat/send', { prompt = 'Hello?' }, {}, function()
    end)
  ]])
  t:equal(gateway:wait_request().json.model, 'large')
end

scenes['a method that the daemon does not know is told plainly'] = function(t)
  t:expect_message('too old')
  local e = start(t, {}, {
    ['dragoman/usage'] = { error = { code = -32601, message = 'unknown method' } },
  })
  e:keys(':Dragoman usage<CR>')
  e:wait('a word about it', [[return vim.fn.execute('messages'):find('too old') ~= nil]])
end

scenes['a model is chosen by role, name and scope'] = function(t)
  t:expect_message('dragoman: chat uses')
  local e = start(t, { 'chat', 'gw/large', 'everywhere' }, {
    ['dragoman/selectModel'] = { result = { selected = { chat = 'gw/large' } } },
  })
  e:keys(':Dragoman model<CR>')
  e:wait('the choice', [[return vim.fn.execute('messages'):find('chat uses gw/large now') ~= nil]])
  local params = asked(t, e, 'dragoman/selectModel')
  t:equal({ params.role, params.model, params.scope }, { 'chat', 'gw/large', 'user' })
  t:contains(params.textDocument.uri, 'a.txt')
end

scenes['what the command line says is not asked again'] = function(t)
  t:expect_message('dragoman: edit uses')
  local e = start(t, {}, {
    ['dragoman/selectModel'] = {
      result = { selected = { edit = 'gw/other' }, file = '/srv/site/.dragoman.json' },
    },
  })
  e:keys(':Dragoman model edit gw/other session<CR>')
  e:wait('the choice', [[return vim.fn.execute('messages'):find('edit uses gw/other now') ~= nil]])
  t:contains(e:messages(), '/srv/site/.dragoman.json')
  t:equal(e:lua('return vim.g.prompts'), {})
end

scenes['a choice that something else outranks is told so'] = function(t)
  t:expect_message('still counts')
  local e = start(t, {}, {
    ['dragoman/selectModel'] = {
      result = { selected = { chat = 'gw/test' }, outrankedBy = 'the editor' },
    },
  })
  e:keys(':Dragoman model chat default user<CR>')
  e:wait('the choice', [[return vim.fn.execute('messages'):find('the editor still counts') ~= nil]])
  t:equal(asked(t, e, 'dragoman/selectModel').model, vim.NIL)
end

scenes['a closed question chooses nothing'] = function(t)
  local e = start(t, { 'chat', 'none of these' })
  e:keys(':Dragoman model<CR>')
  e:wait('the second question', [[return #vim.g.prompts == 2]])
  e:settle()
  for _, request in ipairs(e:lua('return vim.g.asked')) do
    t:equal(request[1] ~= 'dragoman/selectModel', true)
  end
end

scenes['a word that is nothing is named'] = function(t)
  t:expect_message('neither a model')
  local e = start(t)
  e:keys(':Dragoman model chta<CR>')
  e:wait('a word about it', [[return vim.fn.execute('messages'):find('`chta`') ~= nil]])
end

scenes['the command line completes roles, scopes and models'] = function(t)
  local e = start(t)
  e:lua([[vim.fn.getcompletion('Dragoman model ', 'cmdline')]])
  e:wait(
    'the models',
    [[
    return vim.list_contains(vim.fn.getcompletion('Dragoman model gw/', 'cmdline'), 'gw/large')
  ]]
  )
  t:equal(
    e:lua([[return vim.fn.getcompletion('Dragoman model c', 'cmdline')]]),
    { 'completion', 'chat' }
  )
end

local wish = {
  folder = '/srv/site',
  workspace = '/srv/site',
  record = 'abc',
  decision = 'none',
  asks = { 'provider "client" at https://llm.client.example' },
}

scenes['trust shows what is asked for, and tells the daemon the answer about just that'] = function(
  t
)
  t:expect_message('is trusted')
  local e = start(t, { 'Trust' }, {
    ['dragoman/config'] = { result = { trust = wish } },
    ['dragoman/trust'] = { result = { trusted = true } },
  })
  e:keys(':Dragoman trust<CR>')
  e:wait('the decision', [[return vim.fn.execute('messages'):find('is trusted') ~= nil]])
  t:equal(asked(t, e, 'dragoman/trust'), { folder = '/srv/site', trust = true, record = 'abc' })
  e:wait('the sheet to be closed', [[return #vim.api.nvim_list_wins() == 1]])
end

scenes['a project whose wish is granted may have it'] = function(t)
  t:expect_message('dragoman: ')
  t:write('project/.git/HEAD', 'ref: refs/heads/main\n')
  t:write(
    'project/.dragoman.json',
    vim.json.encode({
      providers = {
        team = { preset = 'openai-compatible', baseUrl = 'http://127.0.0.1:9/v1', key = 'none' },
      },
    })
  )
  local e = start(t, { 'Not now', 'Trust' })
  e:wait('the buffer to be open', [[return require('dragoman.client').attached(0) ~= nil]])
  e:keys(':Dragoman trust<CR>')
  e:wait('the decision', [[return vim.fn.execute('messages'):find('is trusted') ~= nil]])
  t:equal(asked(t, e, 'dragoman/trust').folder, t.dir .. '/project')
  e:keys(':Dragoman models<CR>')
  t:contains(table.concat(wait_sheet(e), '\n'), 'team')
end

scenes['what can never be approved is shown and not asked about'] = function(t)
  local e = start(t, {}, {
    ['dragoman/config'] = {
      result = {
        trust = vim.tbl_extend('force', wish, { barred = 'the file can be written by others' }),
      },
    },
  })
  e:keys(':Dragoman trust<CR>')
  t:equal(wait_sheet(e), {
    'Its configuration asks for:',
    'provider "client" at https://llm.client.example',
    '',
    'the file can be written by others',
  })
  t:equal(e:lua('return vim.g.prompts'), {})
end

scenes['a project that asks for nothing says so'] = function(t)
  t:expect_message('asks for nothing')
  local e = start(t)
  e:keys(':Dragoman trust<CR>')
  e:wait('a word about it', [[return vim.fn.execute('messages'):find('asks for nothing') ~= nil]])
end

return scenes
