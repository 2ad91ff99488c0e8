# Warnings, hardening, sanitizers and ccache: what every target of ours gets, through dragoman_options.

find_program(CCACHE ccache)
if(CCACHE)
  # Objects built with a precompiled header are reused only with these allowances.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
find_program(MOLD mold)

add_library(dragoman_options INTERFACE)
target_compile_options(dragoman_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # ccache needs these to reuse objects that were built with a precompiled header.
  target_compile_options(dragoman_options INTERFACE -fpch-preprocess)
endif()
target_include_directories(dragoman_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(dragoman_options INTERFACE DRAGOMAN_VERSION="${PROJECT_VERSION}")

if(DRAGOMAN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # every room tells libFuzzer which of its edges were taken
endif()
if(DRAGOMAN_SANITIZE)
  add_compile_options(-fsanitize=${DRAGOMAN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DRAGOMAN_SANITIZE})
  if(DRAGOMAN_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio fences its handlers; g++ warns that the sanitizer does not see fences. What the loop is handed
    # goes through Asio's mutex, which it does see.
    add_compile_options(-Wno-tsan)
  endif()
else()
  target_compile_options(dragoman_options INTERFACE $<$<CONFIG:Release>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  add_link_options(-pie -s -Wl,-z,relro,-z,now -Wl,--gc-sections -Wl,--as-needed)
  # The C++ library inside: less to map at start, and one thing less to be missing where the binary is put.
  add_link_options(-static-libstdc++ -static-libgcc)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_link_options(-Werror=odr)  # only link-time optimisation sees two types of one name
  endif()
  add_compile_options(-ffunction-sections -fdata-sections -ftrivial-auto-var-init=zero)
elseif(MOLD AND NOT DRAGOMAN_SANITIZE MATCHES "thread")
  add_link_options(-fuse-ld=mold)
endif()
