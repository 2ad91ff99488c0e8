// What is asked, before it is known which model answers on which API.
#pragma once

#include "protocol/base/result.h"
#include "server/config/config.h"
#include "server/upstream/gateway/gateway.h"
#include "server/upstream/gateway/requests.h"
#include "server/upstream/wire/request.h"

#include <memory>
#include <string>

namespace dragoman::gateway {

struct Ask {
    wire::Outgoing outgoing;
    Place place = Place::below_version;
};

class Plan {
public:
    virtual ~Plan() = default;
    /// The request for one model. `api` matters to plans that can use either.
    virtual Result<Ask> ask(const config::ModelRef& model, config::Api api,
                            const wire::Dialect& dialect) const = 0;
    /// The other chat API may be tried where one does not exist.
    virtual bool either_api() const = 0;
    /// As Completed names it.
    virtual std::string route(config::Api api) const = 0;
};

std::unique_ptr<Plan> chat_plan(wire::ChatRequest request, Json extra_body);
std::unique_ptr<Plan> fill_plan(std::string route, wire::FillRequest request, Json extra_body);

}  // namespace dragoman::gateway
