// Boost.Process v2, made to compile: with std::filesystem, the headers of Boost 1.81 use parts of Boost
// that only Boost.Filesystem would have brought.
#pragma once

// clang-format off
#include <algorithm>
#include <limits>
#include <boost/asio/detail/throw_error.hpp>
#include <boost/optional.hpp>
#include <boost/type_traits.hpp>

#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/start_dir.hpp>
#include <boost/process/v2/stdio.hpp>
// clang-format on
