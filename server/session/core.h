// The daemon without an editor: every room built once and wired to the rooms it uses.
//
// The server puts a Session on it, the command line uses it directly. Loop thread; destroyed before the
// loop's context.
#pragma once

#include "server/budget/book.h"
#include "server/chat/engine.h"
#include "server/completion/engine.h"
#include "server/config/store.h"
#include "server/documents/documents.h"
#include "server/edit/engine.h"
#include "server/git/git.h"
#include "server/ledger/ledger.h"
#include "server/process/boost_runner.h"
#include "server/secrets/keys.h"
#include "server/sent/sent.h"
#include "server/store/shelf.h"
#include "server/support/files.h"
#include "server/support/loop_clock.h"
#include "server/support/paths.h"
#include "server/support/thread_worker.h"
#include "server/upstream/gateway/gateway.h"
#include "server/upstream/http/curl_client.h"
#include "server/upstream/http/watched_client.h"

#include <boost/asio/io_context.hpp>

#include <functional>

namespace dragoman::session {

struct Core {
    explicit Core(Environment environment);

    /// Runs the loop until it is stopped. A callback that throws does not end it: what was thrown is
    /// logged without its text, which may quote the editor's, and `after_failure` is called.
    void run(const std::function<void()>& after_failure);

    boost::asio::io_context loop{1};
    Environment environment;
    Paths paths;
    LoopClock clock;
    DiskFiles files;
    ThreadWorker worker{loop};
    ThreadWorker disk{loop};  // for the database alone: what is written last is written before the end
    store::Shelf shelf;
    ledger::Ledger ledger;  // before whatever calls gateways: its last rows come from the end of those
    budget::Book book;      // and whom they ask before
    sent::List sent;        // for the same reason before whatever asks
    process::BoostRunner runner;
    git::Git git;
    http::CurlClient curl;
    http::WatchedClient http;  // the only way out
    config::Store store;
    secrets::Keys keys;
    gateway::Gateway gateway;
    Documents documents;
    completion::Sources sources;
    completion::Engine completion;
    chat::Engine chat;
    edit::Engine edit;
};

}  // namespace dragoman::session
