# The libraries we stand on, each for one job. Nothing here knows a distribution: scripts/setup does.

find_package(Threads REQUIRED)
find_package(CURL 7.88 REQUIRED)                                # HTTP and TLS
find_package(nlohmann_json 3.11 REQUIRED)                       # JSON
find_package(spdlog REQUIRED)                                   # logs
find_package(CLI11 REQUIRED)                                    # command line
find_package(Boost 1.81 REQUIRED)                               # Asio (loop), Process v2 (children); headers only
find_package(SQLite3 3.37 REQUIRED)                             # conversations, usage ledger
find_package(OpenSSL REQUIRED)                                  # SHA-256 for key fingerprints and approvals; libcurl brings it anyway

if(CMAKE_BUILD_TYPE STREQUAL "Release" AND TARGET fmt::fmt-header-only)
  # A shared libfmt would bring the shared C++ library back, see Toolchain.cmake.
  set_property(TARGET spdlog::spdlog_header_only PROPERTY INTERFACE_LINK_LIBRARIES
               fmt::fmt-header-only Threads::Threads)
endif()

add_library(dragoman_boost INTERFACE)
target_link_libraries(dragoman_boost INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(dragoman_boost INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_PROCESS_V2_SEPARATE_COMPILATION
  BOOST_PROCESS_USE_STD_FS BOOST_ERROR_CODE_HEADER_ONLY)

if(DRAGOMAN_TESTS)
  find_package(Catch2 3 REQUIRED)
endif()
