// A session whose neighbours are played: clock, disk, HTTP and programs belong to the test.
#pragma once

#include "server/session/session.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_http.h"
#include "tests/support/fake_worker.h"

#include <optional>
#include <stdexcept>
#include <string>

namespace dragoman::test {

/// Starts nothing: no test here configures a key command.
struct NoPrograms final : process::Runner {
    std::unique_ptr<process::Running> run(process::Command, std::function<void(process::Outcome)>) override {
        throw std::logic_error{"no program was expected to be started"};
    }
};

/// A disk that breaks in a way nobody foresaw.
struct BreakableFiles final : Files {
    Result<FileContent, FileProblem> read(const std::filesystem::path& path, std::size_t limit) override {
        if (broken) throw std::runtime_error{"the disk is on fire"};
        return disk.read(path, limit);
    }
    std::optional<FileStamp> stamp(const std::filesystem::path& path) override {
        if (broken) throw std::runtime_error{"the disk is on fire"};
        return disk.stamp(path);
    }
    std::optional<WriteProblem> rewrite(const std::filesystem::path& path, std::string_view bytes,
                                        const std::optional<FileStamp>& seen) override {
        return disk.rewrite(path, bytes, seen);
    }
    std::optional<std::filesystem::path> real_path(const std::filesystem::path& path) override {
        return disk.real_path(path);
    }
    std::vector<std::string> list(const std::filesystem::path& folder, std::size_t most) override {
        return disk.list(folder, most);
    }
    FakeFiles disk{};
    bool broken = false;
};

struct SessionBench {
    static inline const std::filesystem::path kUserFile = "/home/u/.config/dragoman/config.json";

    FakeClock clock{};
    BreakableFiles files{};
    FakeHttp http{};
    NoPrograms runner{};
    Environment environment = [](const std::string&) { return std::optional<std::string>{}; };
    Paths paths = [] {
        Paths out;
        out.home = "/home/u";
        out.config_file = kUserFile;
        return out;
    }();
    config::Store store{files, paths, environment};
    secrets::Keys keys{clock, files, environment, runner, paths};
    gateway::Gateway gateway{clock, http, keys};
    Documents documents{};
    FakeWorker worker{};
    completion::Sources sources{clock, files, worker, documents};
    completion::Engine completion{clock, gateway, sources};
    FakeWorker disk{};
    store::Shelf shelf{disk, {}};
    ledger::Ledger ledger{clock, shelf};
    budget::Book book{clock, ledger};
    sent::List sent_list{clock, shelf};
    chat::Engine chat{clock, gateway, documents, files};
    edit::Engine edit{gateway, documents};
    git::Git git{runner, environment};
    session::Outbox outbox{};
    std::optional<int> exit_code{};
    session::Session session{{.clock = clock,
                              .files = files,
                              .worker = worker,
                              .store = store,
                              .keys = keys,
                              .gateway = gateway,
                              .completion = completion,
                              .chat = chat,
                              .shelf = shelf,
                              .ledger = ledger,
                              .book = book,
                              .sent = sent_list,
                              .edit = edit,
                              .git = git,
                              .documents = documents,
                              .outbox = outbox},
                             [this](int code) { exit_code = code; }};

    SessionBench() {
        files.disk.write(kUserFile, R"({"providers": {"gw": {"preset": "openai-compatible",
            "baseUrl": "http://127.0.0.1:9/v1", "key": "none"}},
            "chat": {"model": "gw/m"}, "completion": {"model": "gw/m"}})");
    }

    void receive(const Json& message) { session.receive(jsonrpc::parse_message(dump_json(message))); }
    void request(const Json& id, const std::string& method, const Json& params = Json::object()) {
        receive({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}});
    }
    void notify(const std::string& method, const Json& params = Json::object()) {
        receive({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
    }
    void initialize() {
        request("init", "initialize", {{"capabilities", Json::object()}});
        notify("initialized");
        clock.settle();
        static_cast<void>(sent());
    }

    /// What waits for the editor, taken out.
    std::vector<Json> sent() {
        std::vector<Json> out;
        while (outbox.waiting_bytes() > 0) out.push_back(Json::parse(*outbox.pop()));
        return out;
    }
    /// The responses to `id` among what waits; everything that waits is taken out.
    std::vector<Json> responses(const Json& id) {
        std::vector<Json> out;
        for (Json& message : sent()) {
            if (!message.contains("method") && message["id"] == id) out.push_back(std::move(message));
        }
        return out;
    }
};

}  // namespace dragoman::test
