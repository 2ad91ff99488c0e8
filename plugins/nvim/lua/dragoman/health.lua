--- `:checkhealth dragoman`: from the editor over the daemon and its configuration to each gateway,
--- so that the first line that is wrong is the one to mend.

local M = {}

local health = vim.health

--- Bounds for what is waited for here; a check of health may block, but not for ever.
local daemon_ms, doctor_ms = 6000, 30000

---@param done fun(): boolean
---@param ms integer
---@return boolean
local function wait(done, ms)
  return (vim.wait(ms, done, 10))
end

local function check_editor()
  health.start('Neovim')
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.10') == 0 then
    health.error(('Neovim %s is too old'):format(version), 'Install 0.10 or newer.')
    return
  end
  health.ok(('Neovim %s'):format(version))
  health.info(('ghost text is drawn by: %s'):format(require('dragoman.ghost').which()))
  if not require('dragoman').is_enabled() then
    health.info('ghost text is switched off (:Dragoman enable)')
  end
  local encoding = vim.o.encoding
  if encoding ~= 'utf-8' then
    health.warn(("'encoding' is %s"):format(encoding), 'dragoman expects utf-8.')
  end
end

--- Finds the daemon and looks at its version.
---@return string[]? argv when it can be used
local function check_program()
  health.start('Daemon')
  local daemon = require('dragoman.daemon')
  local argv = daemon.argv()
  local verdict ---@type {err?: dragoman.Error, version?: string}?
  daemon.check(argv, function(err, version)
    verdict = { err = err, version = version }
  end)
  if not wait(function()
    return verdict ~= nil
  end, daemon_ms) then
    verdict = { err = { code = 0, message = argv[1] .. ' does not answer to --version' } }
  end
  local err = verdict.err
  if err then
    local looked = { 'Looked in $PATH' }
    for _, place in ipairs(daemon.places()) do
      looked[#looked + 1] = place
    end
    health.error(err.message, { (err.data or {}).hint, table.concat(looked, ', ') })
    return nil
  end
  health.ok(('dragoman %s at %s'):format(verdict.version, vim.fn.exepath(argv[1])))
  return argv
end

--- Asks the running daemon, starting it where needed.
---@return boolean it runs
local function check_configuration()
  local answer ---@type {err?: dragoman.Error, result?: table}?
  local request = require('dragoman.client').request(
    'dragoman/config',
    {},
    {},
    function(err, result)
      answer = { err = err, result = result }
    end
  )
  if not wait(function()
    return answer ~= nil
  end, daemon_ms) then
    request.cancel()
    health.error('the daemon does not answer', '`:Dragoman log` may say why.')
    return false
  end
  if answer.err then
    health.error(answer.err.message, (answer.err.data or {}).hint)
    return false
  end
  health.ok('it runs and answers')

  health.start('Configuration')
  local result = answer.result
  for _, source in ipairs(result.sources or {}) do
    if source.path and source.path ~= 'default' then
      health.info(source.path .. (source.trusted == false and ' (not trusted)' or ''))
    end
  end
  local problems = result.problems or {}
  for _, problem in ipairs(problems) do
    local place = ('%s:%d:%d'):format(problem.path, problem.line or 0, problem.column or 0)
    health.error(('%s: %s'):format(place, problem.message))
  end
  if #problems == 0 then
    health.ok('no problems')
  end
  local effective = result.effective or {}
  for _, role in ipairs({ 'completion', 'chat' }) do
    local model = type(effective[role]) == 'table' and effective[role].model
    if type(model) == 'string' then
      health.ok(('%s: %s'):format(role, model))
    else
      health.warn(
        ('no model for %s'):format(role),
        '`:Dragoman config` opens the file; see :help dragoman-start.'
      )
    end
  end
  return true
end

--- One line of `dragoman doctor`.
---@param check {check: string, detail: string, hint: string, ok: boolean, setting: string}
local function report(check)
  local text = ('%s: %s'):format(check.check, check.detail)
  if check.ok then
    health.ok(text)
    return
  end
  local advice = {}
  if check.hint and check.hint ~= '' then
    advice[#advice + 1] = check.hint
  end
  if check.setting and check.setting ~= '' then
    advice[#advice + 1] = 'Setting: ' .. check.setting
  end
  health.error(text, advice)
end

--- Lets the daemon's program test every gateway, as `dragoman doctor` does in a terminal.
---@param argv string[]
local function check_gateways(argv)
  local ok, job = pcall(vim.system, { argv[1], 'doctor', '--json' }, {
    text = true,
    timeout = doctor_ms,
  })
  local done = ok and job:wait(doctor_ms + 1000)
  if not done or done.code == 124 or done.signal ~= 0 then
    health.start('Gateways')
    local advice = 'Run `dragoman doctor` in a terminal; a gateway may be slow.'
    health.warn(('`dragoman doctor` did not finish within %d s'):format(doctor_ms / 1000), advice)
    return
  end
  local parsed, answer = pcall(vim.json.decode, done.stdout)
  if not parsed or type(answer) ~= 'table' or type(answer.checks) ~= 'table' then
    health.start('Gateways')
    health.error('`dragoman doctor` says: ' .. vim.trim(done.stderr .. done.stdout))
    return
  end
  local provider
  for _, check in ipairs(answer.checks) do
    if check.provider ~= provider then
      provider = check.provider
      health.start(provider ~= '' and ('Gateway "%s"'):format(provider) or 'Gateways')
    end
    report(check)
  end
  if #answer.checks == 0 then
    health.start('Gateways')
    health.warn(
      'none is configured',
      '`:Dragoman config` opens the file; see :help dragoman-start.'
    )
  end
end

function M.check()
  check_editor()
  local argv = check_program()
  if argv and check_configuration() then
    check_gateways(argv)
  end
end

return M
