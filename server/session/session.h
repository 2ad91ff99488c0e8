// One editor connection: what it may ask, what is under way, what it is told.
//
// Messages come in order on the loop; document notifications are applied at once, requests become entries
// of a pending table that are taken exactly once, by an answer, a cancel or the end. Handlers are free
// functions over a Session (methods.h); this class holds what they share.
#pragma once

#include "protocol/jsonrpc/message.h"
#include "protocol/lsp/lifecycle.h"
#include "protocol/lsp/types.h"
#include "server/budget/book.h"
#include "server/chat/engine.h"
#include "server/completion/engine.h"
#include "server/config/store.h"
#include "server/documents/documents.h"
#include "server/edit/engine.h"
#include "server/git/git.h"
#include "server/ledger/ledger.h"
#include "server/secrets/keys.h"
#include "server/sent/sent.h"
#include "server/session/budgets.h"
#include "server/session/local_servers.h"
#include "server/session/model_lists.h"
#include "server/session/outbox.h"
#include "server/session/status.h"
#include "server/session/trust_questions.h"
#include "server/store/shelf.h"
#include "server/support/clock.h"
#include "server/support/files.h"
#include "server/support/worker.h"
#include "server/upstream/gateway/gateway.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dragoman::session {

/// What a connection works with; all outlive it.
struct Services {
    Clock& clock;
    Files& files;
    Worker& worker;
    config::Store& store;
    secrets::Keys& keys;
    gateway::Gateway& gateway;
    completion::Engine& completion;
    chat::Engine& chat;
    store::Shelf& shelf;
    ledger::Ledger& ledger;
    budget::Book& book;
    sent::List& sent;
    edit::Engine& edit;
    git::Git& git;
    Documents& documents;
    Outbox& outbox;
    /// Whoever started the daemon vouches that a workspace cannot set what the editor sends as settings.
    bool editor_settings_are_the_users = false;
    /// Ends the daemon when that process ends; empty in tests.
    std::function<void(std::int64_t pid)> watch_parent{};
};

class Session;

/// The right to answer one request. Copies share it; the first answer counts, later ones do nothing, so a
/// cancelled request is never answered twice. Loop thread.
class Reply {
public:
    Reply(Session& session, std::uint64_t entry) : session_{&session}, entry_{entry} {}

    void result(const Json& result) const;
    void error(const jsonrpc::ResponseError& error) const;
    /// A failure of section 3 of the protocol: -32803 with its data.
    void fail(const Error& error) const;
    void invalid_params(std::string message) const;

    /// What is under way for this request; destroyed when it is answered or cancelled.
    void keep(std::shared_ptr<void> work) const;
    /// False once answered or cancelled.
    bool open() const;

private:
    Session* session_;
    std::uint64_t entry_;
};

class Session {
public:
    Session(Services services, std::function<void(int exit_code)> on_exit);
    ~Session();

    /// One message of the editor, in order of arrival.
    void receive(jsonrpc::Message message);
    /// The editor is gone or cannot be understood any more: what runs is told and ended. Idempotent.
    void input_ended(bool clean);
    /// SIGTERM and the like: as if the editor had said shutdown.
    void abort_all(jsonrpc::Code code, std::string_view why);

    // ---- for handlers

    Services& services() { return services_; }
    lsp::InitializeParams& client() { return client_; }
    lsp::InlineDialect& inline_dialect() { return inline_dialect_; }
    StatusBoard& status() { return status_; }
    ModelLists& model_lists() { return model_lists_; }
    TrustQuestions& trust_questions() { return trust_questions_; }

    void notify(std::string_view method, const Json& params);
    /// `answer` gets the client's result, or nothing when it refused; it may never come.
    void ask_client(std::string_view method, const Json& params,
                    std::function<void(std::optional<Json>)> answer);
    void show_message(int type, const std::string& message);  // type: LSP MessageType
    /// A piece of a streamed answer.
    void progress_piece(const Json& token, std::string_view kind, std::string_view text);
    void progress(const Json& token, const Json& value);
    /// A token for a progress of ours, used once.
    std::string new_progress_token();
    /// What window/workDoneProgress/cancel of `token` does; an empty function: nothing any more.
    void on_progress_cancel(const Json& token, std::function<void()> cancel);
    void cancel_progress(const Json& token);

    /// Where the document lies that a URI names: the path of a file, the path in a URI of another scheme
    /// (untitled:, git:) where that lies in a workspace folder; nothing else tells of a place.
    std::optional<std::filesystem::path> place_of(const std::string& uri) const;
    /// What holds for a document of a request; the first workspace folder for a URI without a place. What its
    /// project asks for, and nobody has decided about, is put to the user.
    std::shared_ptr<const config::Effective> config_for(const std::string& uri);
    /// After anything that may change the configuration: diagnostics, log level, status.
    void configuration_changed();
    /// Lays `settings` (the editor's overlay) over; null and [] are an empty overlay.
    void set_editor_settings(const Json& settings);
    void pull_configuration();
    /// A choice that holds until the daemon ends, over every file; nothing: taken back. The next config_for()
    /// sees it.
    void choose_model(config::Role role, const std::optional<std::string>& model);
    void set_folders(const std::vector<std::string>& uris);
    const std::vector<std::string>& folders() const { return folders_; }
    /// Those that lie on this machine.
    std::vector<std::filesystem::path> folder_paths() const;
    /// How every budget stands that is in force somewhere in the workspace: in its folders, and in folders
    /// below them that a request was about.
    std::vector<budget::Standing> standings();
    bool has_budgets() const;

    /// With nothing configured: looks once on the usual loopback ports, uses and tells what it found.
    void find_local_server();

    /// Cancels the request of that id, if it is under way.
    void cancel(const jsonrpc::Id& id);
    void shut_down(const Reply& reply);
    bool initialized() const { return stage_ == Stage::running; }
    void set_running() { stage_ = Stage::running; }
    void exit();

private:
    friend class Reply;
    enum class Stage { fresh, running, shut_down };

    struct Pending {
        jsonrpc::Id id;
        std::string method;
        std::shared_ptr<void> work;
    };

    void on_request(jsonrpc::Request request);
    void on_notification(const jsonrpc::Notification& notification);
    void on_response(const jsonrpc::Response& response);
    std::optional<Pending> take(std::uint64_t entry);
    void publish_problems();
    void apply_configuration();
    std::vector<std::shared_ptr<const config::Effective>> configurations();
    void remember_budgets(const config::Effective& effective, const std::filesystem::path& document);
    void tell_budgets();
    void tell_blocked();

    Services services_;
    std::function<void(int)> on_exit_;
    Stage stage_ = Stage::fresh;
    bool exited_ = false;
    lsp::InitializeParams client_;
    lsp::InlineDialect inline_dialect_ = lsp::InlineDialect::unknown;
    std::vector<std::string> folders_;

    std::map<std::uint64_t, Pending> pending_;
    std::map<jsonrpc::Id, std::uint64_t> entry_of_;
    std::uint64_t next_entry_ = 1;

    std::map<std::int64_t, std::function<void(std::optional<Json>)>> asked_;  // our requests to the client
    std::int64_t next_ask_ = 1;

    std::map<std::string, std::function<void()>> progress_cancels_;  // by token as JSON text
    std::uint64_t next_progress_ = 1;

    Json choices_ = Json::object();  // of this session, as settings
    // What the log and the status were last set to: the first workspace folder's, then those with other
    // budgets.
    std::vector<std::shared_ptr<const config::Effective>> applied_;
    std::map<std::string, std::filesystem::path> budget_places_;  // by budget: a document under it
    std::set<std::string> told_blocked_;  // why nothing is sent somewhere in the workspace, as it was said
    std::map<std::string, std::string> published_;  // URI of a configuration file -> diagnostics last sent
    StatusBoard status_;
    ModelLists model_lists_;
    TrustQuestions trust_questions_;
    BudgetQuestions budget_questions_;
    std::unique_ptr<LocalServers> local_servers_;
};

}  // namespace dragoman::session
