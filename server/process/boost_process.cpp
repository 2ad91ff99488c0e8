// The one compilation of Boost.Process v2's non-inline parts (BOOST_PROCESS_V2_SEPARATE_COMPILATION).
#include "server/process/boost_process.h"

#include <boost/process/v2/src.hpp>
