std = 'luajit'
globals = { 'vim' }
codes = true
-- Handlers and callbacks have the arguments that Neovim gives them.
unused_args = false
max_line_length = 100
-- An annotation is one line, however much it says.
max_comment_line_length = 125
-- A scene holds the Lua of its editor in a string.
files['tests'] = { max_line_length = false }
