# Writes OUT: a C++ source that defines `const std::string_view <ROOM>_data::<NAME>` with the bytes of IN.
# The text goes in as several raw strings, since compilers limit the length of one.
file(READ ${IN} text)
string(LENGTH "${text}" length)
set(pieces "")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${text}" ${at} 8000 piece)
  string(APPEND pieces "R\"~~~(${piece})~~~\"\n")
  math(EXPR at "${at} + 8000")
endwhile()
file(WRITE ${OUT} "#include <string_view>\nnamespace ${ROOM}_data {\nextern const std::string_view ${NAME};\nconst std::string_view ${NAME} =\n${pieces};\n}\n")
