---@meta
--- Shapes that more than one module knows. Annotations only; nothing loads this file.

---@class dragoman.Error An error of a request, as JSON-RPC has it.
---@field code integer
---@field message string
---@field data? dragoman.ErrorData

---@class dragoman.ErrorData
---@field kind string
---@field hint? string
---@field provider? string
---@field model? string
---@field httpStatus? integer
---@field retryAfterMs? integer
---@field partialText? string

---@class dragoman.Request A request under way.
---@field cancel fun() ends it; its callback hears -32800. After the end it does nothing.

---@class dragoman.Status What `dragoman/status` says.
---@field state 'idle'|'busy'|'limited'|'error'
---@field message string
---@field completion {enabled: boolean, model?: string}
---@field chat {model?: string}
---@field inFlight integer
---@field limitedUntil? string
---@field error? table

---@class dragoman.Item One suggestion of `textDocument/inlineCompletion`.
---@field insertText string
---@field range lsp.Range
---@field command? lsp.Command
