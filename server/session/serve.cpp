#include "server/session/serve.h"

#include "server/session/core.h"
#include "server/session/session.h"
#include "server/session/stdio.h"
#include "server/support/log.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <sys/syscall.h>
#include <unistd.h>

namespace dragoman::session {
namespace {

constexpr Milliseconds kFlushPatience{500};

/// Watches one process and tells when it ends. A pid that cannot be opened at the start (another
/// container, long gone) is not watched: stdin's end is the signal that counts.
class ParentWatch {
public:
    ParentWatch(boost::asio::io_context& loop, std::function<void()> on_death)
        : descriptor_{loop}, on_death_{std::move(on_death)} {}

    void watch(std::int64_t pid) {
        if (pid <= 1 || pid == getpid() || descriptor_.is_open()) return;
        const auto descriptor = static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0));
        if (descriptor < 0) return;
        descriptor_.assign(descriptor);
        descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                               [this](const boost::system::error_code& error) {
                                   if (!error) on_death_();
                               });
    }

private:
    boost::asio::posix::stream_descriptor descriptor_;
    std::function<void()> on_death_;
};

}  // namespace

int serve(const Environment& environment, const ServeOptions& options) {
    // Outlives the loop's handlers, which the reader and writer threads post to.
    Core core{environment};
    if (!options.config_file.empty())
        core.store.use_user_file(std::filesystem::absolute(options.config_file));
    Outbox outbox;
    int exit_code = 0;
    const auto stop = [&](int code) {
        exit_code = code;
        core.loop.stop();
    };

    ParentWatch parent{core.loop, [&] { stop(0); }};
    Session session{{.clock = core.clock,
                     .files = core.files,
                     .worker = core.worker,
                     .store = core.store,
                     .keys = core.keys,
                     .gateway = core.gateway,
                     .completion = core.completion,
                     .chat = core.chat,
                     .shelf = core.shelf,
                     .ledger = core.ledger,
                     .book = core.book,
                     .sent = core.sent,
                     .edit = core.edit,
                     .git = core.git,
                     .documents = core.documents,
                     .outbox = outbox,
                     .editor_settings_are_the_users = options.trust_editor_settings,
                     .watch_parent = [&](std::int64_t pid) { parent.watch(pid); }},
                    stop};
    if (options.client_process_id) parent.watch(*options.client_process_id);

    boost::asio::signal_set signals{core.loop, SIGTERM, SIGINT, SIGHUP};
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (!error) session.input_ended(true);
    });

    const auto work = boost::asio::make_work_guard(core.loop);
    Stdio stdio{outbox,
                {.on_message =
                     [&](jsonrpc::Message message) {
                         auto shared = std::make_shared<jsonrpc::Message>(std::move(message));
                         boost::asio::post(core.loop,
                                           [&session, shared] { session.receive(std::move(*shared)); });
                     },
                 .on_input_end =
                     [&](InputEnd end, std::string why) {
                         boost::asio::post(core.loop, [&session, end, why = std::move(why)] {
                             if (end != InputEnd::clean)
                                 log::error("the editor's messages end here: {}", why);
                             session.input_ended(end == InputEnd::clean);
                         });
                     },
                 .on_output_end = [&] { boost::asio::post(core.loop, [&] { stop(0); }); }}};
    core.run([&] { session.abort_all(jsonrpc::Code::internal_error, "something failed inside the daemon"); });
    stdio.stop(kFlushPatience);
    return exit_code;
}

}  // namespace dragoman::session
