// The daemon's Runner.
#pragma once

#include "server/process/runner.h"

#include <boost/asio/io_context.hpp>

namespace dragoman::process {

/// Loop thread only, and that thread must be the one that lives as long as the daemon: the kernel ends
/// the children with the thread that started them. `context` and `clock` must outlive the runner and
/// every child; children that were told to end are reaped by the loop even when the runner is gone.
class BoostRunner final : public Runner {
public:
    BoostRunner(boost::asio::io_context& context, Clock& clock);

    std::unique_ptr<Running> run(Command command, std::function<void(Outcome)> done) override;

private:
    boost::asio::io_context& context_;
    Clock& clock_;
};

}  // namespace dragoman::process
