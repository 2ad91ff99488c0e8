// Does an error mean that a model cannot be asked by a fill route at all? What is refused so is not tried
// again for a day, so only the route's own refusals count: no wrong field, no missing money, no bad moment.
#pragma once

#include "protocol/base/error.h"

#include <string_view>

namespace dragoman::gateway {

/// `route` as fill_route() names it; never for "chat". Sources: upstream.md 6.3, 7.1, 9.1 to 9.3.
bool route_refused(const Error& error, std::string_view route);

}  // namespace dragoman::gateway
