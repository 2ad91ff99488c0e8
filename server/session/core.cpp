#include "server/session/core.h"

#include "server/support/log.h"

#include <exception>

namespace dragoman::session {

Core::Core(Environment from)
    : environment{std::move(from)},
      paths{find_paths(environment)},
      clock{loop},
      shelf{disk, paths.data_dir.empty() ? paths.data_dir : paths.data_dir / "dragoman.db"},
      ledger{clock, shelf},
      book{clock, ledger},
      sent{clock, shelf},
      runner{loop, clock},
      git{runner, environment},
      curl{loop, clock, environment},
      http{clock, curl, [this](const http::Sent& one) { sent.add(one); }},
      store{files, paths, environment},
      keys{clock, files, environment, runner, paths},
      gateway{clock, http, keys},
      sources{clock, files, worker, documents},
      completion{clock, gateway, sources},
      chat{clock, gateway, documents, files, &shelf},
      edit{gateway, documents} {
    gateway.on_receipt([this](const gateway::Receipt& receipt) {
        ledger.add(receipt);
        book.add(receipt);
    });
    gateway.guard_with(book);
    book.under_way = [this] { return gateway.under_way(); };
    sent.recorded_outside = [this] { return store.effective()->record_usage; };
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
