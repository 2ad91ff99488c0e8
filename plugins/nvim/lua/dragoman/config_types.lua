---@meta
--- The settings as types, made by scripts/help.lua from the table in config.lua.

---@class dragoman.Config
---@field cmd? string|string[]
---@field enabled boolean
---@field settings table
---@field ghost dragoman.Config.Ghost
---@field keys dragoman.Config.Keys
---@field edit dragoman.Config.Edit
---@field chat dragoman.Config.Chat

---@class dragoman.Config.Ghost
---@field enabled boolean
---@field renderer 'auto'|'own'|'builtin'
---@field max_bytes integer

---@class dragoman.Config.Keys
---@field accept string|false
---@field accept_word string|false
---@field accept_line string|false
---@field next string|false
---@field prev string|false
---@field dismiss string|false
---@field trigger string|false

---@class dragoman.Config.Edit.Keys
---@field accept string|false
---@field reject string|false
---@field accept_all string|false
---@field reject_all string|false
---@field next string|false
---@field prev string|false
---@field cancel string|false

---@class dragoman.Config.Edit
---@field keys dragoman.Config.Edit.Keys

---@class dragoman.Config.Chat
---@field window 'vsplit'|'split'|'float'|'tab'
---@field trigger boolean
---@field highlight_max_bytes integer
---@field keys dragoman.Config.Chat.Keys

---@class dragoman.Config.Chat.Keys
---@field send string|false
---@field submit string|false
---@field stop string|false
---@field regenerate string|false
---@field continue string|false
---@field fork string|false
---@field yank string|false
---@field insert string|false
---@field replace string|false
---@field diff string|false
---@field next string|false
---@field prev string|false

---@class dragoman.Config.Partial
---@field cmd? string|string[]
---@field enabled? boolean
---@field settings? table
---@field ghost? dragoman.Config.Ghost.Partial
---@field keys? dragoman.Config.Keys.Partial
---@field edit? dragoman.Config.Edit.Partial
---@field chat? dragoman.Config.Chat.Partial

---@class dragoman.Config.Ghost.Partial
---@field enabled? boolean
---@field renderer? 'auto'|'own'|'builtin'
---@field max_bytes? integer

---@class dragoman.Config.Keys.Partial
---@field accept? string|false
---@field accept_word? string|false
---@field accept_line? string|false
---@field next? string|false
---@field prev? string|false
---@field dismiss? string|false
---@field trigger? string|false

---@class dragoman.Config.Edit.Keys.Partial
---@field accept? string|false
---@field reject? string|false
---@field accept_all? string|false
---@field reject_all? string|false
---@field next? string|false
---@field prev? string|false
---@field cancel? string|false

---@class dragoman.Config.Edit.Partial
---@field keys? dragoman.Config.Edit.Keys.Partial

---@class dragoman.Config.Chat.Partial
---@field window? 'vsplit'|'split'|'float'|'tab'
---@field trigger? boolean
---@field highlight_max_bytes? integer
---@field keys? dragoman.Config.Chat.Keys.Partial

---@class dragoman.Config.Chat.Keys.Partial
---@field send? string|false
---@field submit? string|false
---@field stop? string|false
---@field regenerate? string|false
---@field continue? string|false
---@field fork? string|false
---@field yank? string|false
---@field insert? string|false
---@field replace? string|false
---@field diff? string|false
---@field next? string|false
---@field prev? string|false
