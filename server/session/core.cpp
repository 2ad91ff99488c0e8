#include "server/session/core.h"

#include "server/support/log.h"

#include <exception>

namespace dragoman::session {

Core::Core(Environment from)
    : environment{std::move(from)},
      paths{find_paths(environment)},
      clock{loop},
      runner{loop, clock},
      http{loop, clock, environment},
      store{files, paths, environment},
      keys{clock, files, environment, runner, paths},
      gateway{clock, http, keys},
      completion{clock, gateway},
      chat{clock, gateway, documents, files} {}

void Core::run(const std::function<void()>& after_failure) {
    while (!loop.stopped()) {
        try {
            loop.run();
        } catch (const std::exception&) {
            log::error("something failed inside the daemon; it goes on");
            after_failure();
        }
    }
}

}  // namespace dragoman::session
