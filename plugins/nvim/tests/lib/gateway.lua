--- An OpenAI-compatible gateway inside of the test's own process. A scene decides when each piece
--- of an answer is sent, so it can stop in the middle of a stream and look at the editor:
---
---     local gateway = t:gateway(function(request) request:text('a + b') request:finish() end)
---     gateway.on_request = function(request) held = request end       -- or later
---
--- Requests that no scene asks about (the list of models, the balance, HEAD) are answered by
--- themselves.

local wait = require('lib.wait')

---@class test.Request
---@field method string
---@field path string
---@field headers table<string, string> names in lower case
---@field json table? the body
---@field closed boolean the daemon closed the connection
local Request = {}
Request.__index = Request

---@class test.Gateway
---@field url string base URL, up to and with /v1
---@field requests test.Request[] those for completions and chat, oldest first
---@field on_request fun(request: test.Request)
---@field balance number
local Gateway = {}
Gateway.__index = Gateway

---@param bytes string
function Request:write(bytes)
  if not self.closed and not self.socket:is_closing() then
    self.socket:write(bytes)
  end
end

--- A whole answer with a status, for refusals.
---@param status integer
---@param body table|string
function Request:refuse(status, body)
  local text = type(body) == 'string' and body or vim.json.encode(body)
  self:write(
    ('HTTP/1.1 %d -\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s'):format(
      status,
      #text,
      text
    )
  )
end

---@param event table|string
function Request:event(event)
  if not self.head_sent then
    self.head_sent = true
    self:write(
      'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'
    )
  end
  local text = type(event) == 'string' and event or vim.json.encode(event)
  text = 'data: ' .. text .. '\n\n'
  self:write(('%x\r\n%s\r\n'):format(#text, text))
end

---@param delta table
---@param reason? string
---@param usage? table
function Request:delta(delta, reason, usage)
  self:event({
    id = 'chatcmpl-1',
    object = 'chat.completion.chunk',
    created = 1700000000,
    model = self.json and self.json.model or 'm',
    choices = { { index = 0, delta = delta, finish_reason = reason or vim.NIL } },
    usage = usage,
  })
end

--- A piece of the answer.
---@param text string
function Request:text(text)
  self:delta({ content = text })
end

---@param text string
function Request:reasoning(text)
  self:delta({ reasoning_content = text })
end

--- The end of the answer.
---@param reason? string
---@param usage? table as the API has it: {prompt_tokens=, completion_tokens=, total_tokens=}
function Request:finish(reason, usage)
  self:delta(vim.empty_dict(), reason or 'stop', usage)
  self:event('[DONE]')
  self:write('0\r\n\r\n')
end

--- `text` in one piece and the end.
---@param text string
function Request:answer(text)
  self:text(text)
  self:finish()
end

--- Cuts the connection, as a gateway that dies does.
function Request:cut()
  if not self.socket:is_closing() then
    self.socket:close()
  end
end

--- Everything the request says in its messages.
---@return string
function Request:prompt()
  return vim.json.encode(
    self.json and (self.json.messages or self.json.input or self.json.prompt) or ''
  )
end

--- Takes one request off the front of `buffer`.
---@param buffer string
---@return {method: string, path: string, headers: table, body: string}?
---@return string rest
local function take(buffer)
  local head_end = buffer:find('\r\n\r\n', 1, true)
  if not head_end then
    return nil, buffer
  end
  local head = buffer:sub(1, head_end - 1)
  local method, path = head:match('^(%S+) (%S+)')
  local headers = {}
  for name, value in head:gmatch('\r\n([^:\r\n]+):%s*([^\r\n]*)') do
    headers[name:lower()] = value
  end
  local length = tonumber(headers['content-length']) or 0
  local body = buffer:sub(head_end + 4)
  if #body < length then
    return nil, buffer
  end
  local parsed = { method = method, path = path, headers = headers, body = body:sub(1, length) }
  return parsed, body:sub(length + 1)
end

---@param request test.Request
function Gateway:route(request)
  if request.method == 'POST' then
    self.requests[#self.requests + 1] = request
    self.on_request(request)
    return
  end
  if request.path:find('/models', 1, true) then
    local data = {}
    for _, id in ipairs(self.models) do
      data[#data + 1] = { id = id, object = 'model', created = 1700000000, owned_by = 'test' }
    end
    request:refuse(200, { object = 'list', data = data })
  elseif request.path:find('/balance', 1, true) then
    request:refuse(200, { balance = self.balance })
  elseif request.method == 'HEAD' then
    request:write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
  else
    request:refuse(404, { error = { message = 'no such route', type = 'invalid_request_error' } })
  end
end

---@param socket uv.uv_tcp_t
function Gateway:serve(socket)
  local buffer = ''
  local open = {} ---@type test.Request[]
  self.sockets[#self.sockets + 1] = socket
  socket:read_start(function(err, data)
    if err or not data then
      for _, request in ipairs(open) do
        request.closed = true
      end
      if not socket:is_closing() then
        socket:close()
      end
      return
    end
    buffer = buffer .. data
    while true do
      local parsed
      parsed, buffer = take(buffer)
      if not parsed then
        return
      end
      local request = setmetatable(parsed, Request)
      request.socket, request.closed = socket, false
      open[#open + 1] = request
      vim.schedule(function()
        local ok, json = pcall(vim.json.decode, request.body)
        request.json = ok and json or nil
        self:route(request)
      end)
    end
  end)
end

--- The `n`th request for an answer, once it has come.
---@param n? integer default: 1
---@return test.Request
function Gateway:wait_request(n)
  n = n or 1
  return wait.till(('request %d at the gateway'):format(n), function()
    return self.requests[n]
  end)
end

function Gateway:stop()
  for _, socket in ipairs(self.sockets) do
    if not socket:is_closing() then
      socket:close()
    end
  end
  if not self.server:is_closing() then
    self.server:close()
  end
end

local M = {}

--- Starts a gateway on a free port of 127.0.0.1.
---@param on_request? fun(request: test.Request) default: holds every request
---@return test.Gateway
function M.start(on_request)
  local self = setmetatable({
    requests = {},
    sockets = {},
    models = { 'test', 'other', 'large' },
    balance = 12.5,
    on_request = on_request or function() end,
  }, Gateway)
  self.server = assert(vim.uv.new_tcp())
  assert(self.server:bind('127.0.0.1', 0))
  assert(self.server:listen(64, function()
    local socket = assert(vim.uv.new_tcp())
    self.server:accept(socket)
    self:serve(socket)
  end))
  self.url = ('http://127.0.0.1:%d/v1'):format(self.server:getsockname().port)
  return self
end

return M
