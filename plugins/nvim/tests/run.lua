--- Runs the scenes: real Neovim against the real daemon against a scripted gateway.
---
---     nvim -l tests/run.lua [-v] [topic|part of a sentence]...
---
--- Environment: NVIM_UNDER_TEST (default: the Neovim that runs this), DRAGOMAN_BIN (default:
--- build/dev/bin/dragoman of the checkout), DRAGOMAN_GATEWAY (beside it), DRAGOMAN_SCENES (another
--- folder of scenes). A scene is a sentence and a function in tests/scenes/<topic>.lua.

local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
package.path = here .. '/?.lua;' .. package.path
local Scene = require('lib.scene')

local verbose = false
local filters = {} ---@type string[]
for _, word in ipairs(_G.arg) do
  if word == '-v' then
    verbose = true
  else
    filters[#filters + 1] = word
  end
end

local folder = vim.env.DRAGOMAN_SCENES or here .. '/scenes'

--- A word that is a topic means that topic; any other is looked for in sentences.
---@param topic string
---@param sentence string
---@return boolean
local function wanted(topic, sentence)
  for _, filter in ipairs(filters) do
    local is_topic = vim.uv.fs_stat(('%s/%s.lua'):format(folder, filter)) ~= nil
    if topic == filter or (not is_topic and sentence:find(filter, 1, true)) then
      return true
    end
  end
  return #filters == 0
end

local files = vim.fn.glob(folder .. '/*.lua', true, true)
table.sort(files)
local passed, skipped, failed = 0, 0, {}
for _, file in ipairs(files) do
  local topic = vim.fn.fnamemodify(file, ':t:r')
  local scenes = dofile(file)
  local sentences = vim.tbl_keys(scenes)
  table.sort(sentences)
  for _, sentence in ipairs(sentences) do
    if wanted(topic, sentence) then
      local began = vim.uv.hrtime()
      local result, why = Scene.run(scenes[sentence], verbose)
      local ms = (vim.uv.hrtime() - began) / 1e6
      if result == 'passed' then
        passed = passed + 1
      elseif result == 'skipped' then
        skipped = skipped + 1
      else
        failed[#failed + 1] = topic .. ': ' .. sentence
      end
      io.stdout:write(('%-7s %s: %s (%d ms)\n'):format(result, topic, sentence, ms))
      if why then
        io.stdout:write('        ' .. why:gsub('\n', '\n        ') .. '\n')
      end
      io.stdout:flush()
    end
  end
end
io.stdout:write(
  ('%d passed, %d skipped, %d failed (Neovim %s)\n'):format(
    passed,
    skipped,
    #failed,
    Scene.version()
  )
)
for _, name in ipairs(failed) do
  io.stdout:write('  ' .. name .. '\n')
end
-- 4: every scene was skipped
os.exit(#failed > 0 and 1 or passed > 0 and 0 or skipped > 0 and 4 or 1)
