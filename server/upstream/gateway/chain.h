// Which models are tried for a question, in order.
#pragma once

#include "server/config/config.h"

#include <vector>

namespace dragoman::gateway {

/// `first`, then the models of chat.fallback that can be had, each once. One that cannot is logged.
std::vector<config::ModelRef> with_fallback(config::ModelRef first, const config::Effective& config);

}  // namespace dragoman::gateway
