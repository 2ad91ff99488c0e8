// What all calls of one gateway share. Loop thread; outlives them.
#pragma once

#include "server/secrets/keys.h"
#include "server/support/clock.h"
#include "server/upstream/gateway/attempt.h"
#include "server/upstream/gateway/holds.h"
#include "server/upstream/gateway/learned.h"
#include "server/upstream/http/http.h"

#include <functional>
#include <set>

namespace dragoman::gateway {

class Guard;
class Meter;
struct Receipt;

struct Context {
    Clock& clock;
    http::Client& http;
    secrets::Keys& keys;
    std::function<double()> random;  // uniform in [0, 1)
    Learned learned{clock};
    Holds holds{clock};
    Lingering lingering{clock};
    std::function<void(const Receipt&)> on_receipt{};  // may be empty
    Guard* guard = nullptr;
    std::set<const Meter*> running{};  // those with a request under way
};

}  // namespace dragoman::gateway
