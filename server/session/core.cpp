#include "server/session/core.h"

#include "server/support/log.h"

#include <exception>

namespace dragoman::session {

Core::Core(Environment from)
    : environment{std::move(from)},
      paths{find_paths(environment)},
      clock{loop},
      runner{loop, clock},
      git{runner, environment},
      http{loop, clock, environment},
      store{files, paths, environment},
      keys{clock, files, environment, runner, paths},
      gateway{clock, http, keys},
      sources{clock, files, worker, documents},
      completion{clock, gateway, sources},
      chat{clock, gateway, documents, files,
           chat::Shelf{.disk = &disk,
                       .file = paths.data_dir.empty() ? paths.data_dir : paths.data_dir / "dragoman.db"}},
      edit{gateway, documents} {
    if (!paths.state_dir.empty()) gateway.remember_in(files, worker, paths.state_dir / "learned.json");
}

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
