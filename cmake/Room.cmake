# dragoman_room(NAME FOLDER LIBRARY...): the sources of one folder as a static library. Data files of the
# room (FOLDER/data/*.json) are compiled in as strings, see embed.cmake.

# A precompiled header of what nearly every source includes; it halves a full build.
file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "")
add_library(dragoman_pch OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
target_link_libraries(dragoman_pch PUBLIC dragoman_options nlohmann_json::nlohmann_json)
target_precompile_headers(dragoman_pch PRIVATE
  <algorithm> <chrono> <functional> <map> <memory> <optional> <string> <string_view> <variant> <vector>
  <nlohmann/json.hpp>)

function(dragoman_room name folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
  file(GLOB data CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/data/*.json)
  foreach(file ${data})
    get_filename_component(stem ${file} NAME_WE)
    set(out ${CMAKE_BINARY_DIR}/embedded/${name}/${stem}.cpp)
    add_custom_command(OUTPUT ${out}
      COMMAND ${CMAKE_COMMAND} -DIN=${file} -DOUT=${out} -DNAME=${stem} -DROOM=${name}
              -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
      DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake VERBATIM)
    list(APPEND sources ${out})
  endforeach()
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC ${ARGN} dragoman_options)
    target_precompile_headers(${name} REUSE_FROM dragoman_pch)
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${ARGN} dragoman_options)
  endif()
endfunction()
