#include "server/session/session.h"

#include "protocol/base/error_text.h"
#include "server/session/methods.h"
#include "server/session/problems.h"
#include "server/support/log.h"
#include "server/support/paths.h"

#include <algorithm>
#include <exception>
#include <set>

namespace dragoman::session {

using jsonrpc::Code;

// ---- Reply

void Reply::result(const Json& result) const {
    if (auto pending = session_->take(entry_)) {
        session_->services_.outbox.push(jsonrpc::print_result(pending->id, result));
    }
}

void Reply::error(const jsonrpc::ResponseError& error) const {
    if (auto pending = session_->take(entry_)) {
        session_->services_.outbox.push(jsonrpc::print_error(pending->id, error));
    }
}

void Reply::fail(const Error& error) const { this->error(jsonrpc::to_response_error(error)); }

void Reply::invalid_params(std::string message) const {
    error({.code = Code::invalid_params, .message = std::move(message), .data = {}});
}

void Reply::keep(std::shared_ptr<void> work) const {
    if (const auto found = session_->pending_.find(entry_); found != session_->pending_.end()) {
        found->second.work = std::move(work);
    }
}

bool Reply::open() const { return session_->pending_.contains(entry_); }

// ---- Session

Session::Session(Services services, std::function<void(int)> on_exit)
    : services_{services},
      on_exit_{std::move(on_exit)},
      status_{services.clock, [this](const Json& status) { notify("dragoman/status", status); }},
      model_lists_{services.clock, services.gateway},
      trust_questions_{*this},
      budget_questions_{*this} {
    const auto count = [this] {
        status_.set_in_flight(services_.completion.in_flight() + services_.chat.in_flight() +
                              services_.edit.in_flight());
    };
    services_.completion.on_activity = count;
    services_.chat.on_activity = count;
    services_.edit.on_activity = count;
    services_.chat.listed_context = [this](const config::ModelRef& model) -> std::optional<std::int64_t> {
        const auto known = model_lists_.known(*model.provider, model.model.id);
        return known ? known->context_length : std::nullopt;
    };
    services_.shelf.on_trouble = [this](const std::string& what) { show_message(2, what); };
    services_.book.ask = [this](const auto& question, auto choose) {
        return budget_questions_.ask(question, std::move(choose));
    };
    services_.book.on_change = [this] { tell_budgets(); };
    services_.book.on_notice = [this](const std::string& what) { show_message(2, what); };
    services_.documents.on_change = [this](const DocumentSnapshot& now, const auto& changes) {
        services_.completion.document_changed(now, changes);
        services_.edit.document_changed(now, changes);
    };
    services_.documents.on_close = [this](const std::string& uri) {
        services_.completion.document_closed(uri);
        services_.edit.document_closed(uri);
    };
}

Session::~Session() {
    services_.completion.on_activity = nullptr;
    services_.chat.on_activity = nullptr;
    services_.edit.on_activity = nullptr;
    services_.shelf.on_trouble = nullptr;
    services_.chat.listed_context = nullptr;
    services_.book.ask = nullptr;
    services_.book.on_change = nullptr;
    services_.book.on_notice = nullptr;
    services_.documents.on_change = nullptr;
    services_.documents.on_close = nullptr;
}

std::vector<std::filesystem::path> Session::folder_paths() const {
    std::vector<std::filesystem::path> paths;
    for (const std::string& folder : folders_) {
        if (auto path = path_of_uri(folder)) paths.push_back(std::move(*path));
    }
    return paths;
}

void Session::receive(jsonrpc::Message message) {
    if (exited_) return;
    std::visit(
        [this](auto&& part) {
            using Part = std::decay_t<decltype(part)>;
            if constexpr (std::is_same_v<Part, jsonrpc::Request>) {
                on_request(std::forward<decltype(part)>(part));
            } else if constexpr (std::is_same_v<Part, jsonrpc::Notification>) {
                on_notification(part);
            } else if constexpr (std::is_same_v<Part, jsonrpc::Response>) {
                on_response(part);
            } else {
                log::warning("a message was not understood: {}", part.error.message);
                if (part.answer) services_.outbox.push(jsonrpc::print_error(part.id, part.error));
            }
        },
        std::move(message));
}

void Session::on_request(jsonrpc::Request request) {
    const auto refuse = [&](Code code, std::string why) {
        services_.outbox.push(
            jsonrpc::print_error(request.id, {.code = code, .message = std::move(why), .data = {}}));
    };
    if (entry_of_.contains(request.id)) {
        return refuse(Code::invalid_request, "a request with this id is still being answered");
    }
    if (stage_ == Stage::shut_down) return refuse(Code::invalid_request, "the server was shut down");
    if (stage_ == Stage::fresh && request.method != "initialize") {
        return refuse(Code::server_not_initialized, "initialize comes first");
    }
    const RequestHandler handler = find_request(request.method);
    if (handler == nullptr)
        return refuse(Code::method_not_found, "unknown method " + one_line(request.method, 100));
    if (!request.params.is_object()) {
        return refuse(Code::invalid_params, request.method + ": params must be an object");
    }

    const std::uint64_t entry = next_entry_++;
    entry_of_.emplace(request.id, entry);
    pending_.emplace(entry, Pending{request.id, request.method, nullptr});
    const Reply reply{*this, entry};
    try {
        handler(*this, reply, request.params);
    } catch (const std::exception&) {
        // what() may quote the editor's text, so only the method is told.
        log::error("{} failed inside the daemon", request.method);
        reply.error({.code = Code::internal_error,
                     .message = request.method + " failed inside the daemon",
                     .data = {}});
    }
}

void Session::on_notification(const jsonrpc::Notification& notification) {
    if (stage_ != Stage::running && notification.method != "exit") return;
    const NotificationHandler handler = find_notification(notification.method);
    if (handler == nullptr) return;
    if (!notification.params.is_object()) {
        log::warning("{}: params must be an object", notification.method);
        return;
    }
    try {
        handler(*this, notification.params);
    } catch (const std::exception&) {
        log::error("{} failed inside the daemon", notification.method);
    }
}

void Session::on_response(const jsonrpc::Response& response) {
    const auto* number = std::get_if<std::int64_t>(&response.id);
    const auto asked = number == nullptr ? asked_.end() : asked_.find(*number);
    if (asked == asked_.end()) return;  // a stranger: ignored
    const auto answer = std::move(asked->second);
    asked_.erase(asked);
    if (response.error) log::info("the editor refused a request: {}", response.error->message);
    answer(response.error ? std::nullopt : response.result);
}

std::optional<Session::Pending> Session::take(std::uint64_t entry) {
    const auto found = pending_.find(entry);
    if (found == pending_.end()) return std::nullopt;
    Pending taken = std::move(found->second);
    pending_.erase(found);
    entry_of_.erase(taken.id);
    return taken;
}

void Session::cancel(const jsonrpc::Id& id) {
    const auto entry = entry_of_.find(id);
    if (entry == entry_of_.end()) return;
    auto pending = take(entry->second);
    pending->work.reset();  // closes the connection upstream
    services_.outbox.push(jsonrpc::print_error(
        pending->id, {.code = Code::request_cancelled, .message = "cancelled by the editor", .data = {}}));
}

void Session::abort_all(Code code, std::string_view why) {
    while (!pending_.empty()) {
        auto pending = take(pending_.begin()->first);
        pending->work.reset();
        services_.outbox.push(
            jsonrpc::print_error(pending->id, {.code = code, .message = std::string{why}, .data = {}}));
    }
}

void Session::shut_down(const Reply& reply) {
    stage_ = Stage::shut_down;
    reply.result(nullptr);
    abort_all(Code::request_cancelled, "the server is shutting down");
    services_.completion.rest();
}

void Session::exit() {
    if (exited_) return;
    exited_ = true;
    const bool clean = stage_ == Stage::shut_down;
    abort_all(Code::server_cancelled, "the server ends");
    on_exit_(clean ? 0 : 1);
}

void Session::input_ended(bool clean) {
    if (exited_) return;
    exited_ = true;
    abort_all(Code::server_cancelled, clean ? "the editor is gone" : "the editor's messages cannot be read");
    on_exit_(clean ? 0 : 1);
}

void Session::notify(std::string_view method, const Json& params) {
    services_.outbox.push(jsonrpc::print_notification(method, params));
}

void Session::ask_client(std::string_view method, const Json& params,
                         std::function<void(std::optional<Json>)> answer) {
    const std::int64_t id = next_ask_++;
    asked_.emplace(id, std::move(answer));
    services_.outbox.push(jsonrpc::print_request(id, method, params));
}

void Session::show_message(int type, const std::string& message) {
    notify("window/showMessage", {{"type", type}, {"message", message}});
}

void Session::progress_piece(const Json& token, std::string_view kind, std::string_view text) {
    services_.outbox.push_piece(token, kind, text);
}

void Session::progress(const Json& token, const Json& value) {
    services_.outbox.push_in_stream(
        token, jsonrpc::print_notification("$/progress", {{"token", token}, {"value", value}}));
}

std::string Session::new_progress_token() { return "dragoman-" + std::to_string(next_progress_++); }

void Session::on_progress_cancel(const Json& token, std::function<void()> cancel) {
    if (cancel) {
        progress_cancels_[dump_json(token)] = std::move(cancel);
    } else {
        progress_cancels_.erase(dump_json(token));
    }
}

void Session::cancel_progress(const Json& token) {
    const auto found = progress_cancels_.find(dump_json(token));
    if (found == progress_cancels_.end()) return;
    const auto cancel = std::move(found->second);  // it may take the entry away
    progress_cancels_.erase(found);
    cancel();
}

std::optional<std::filesystem::path> Session::place_of(const std::string& uri) const {
    if (auto file = path_of_uri(uri)) return file;
    const auto inside = path_in_uri(uri).lexically_normal();
    for (const auto& folder : folder_paths()) {
        const auto relative = inside.lexically_relative(folder.lexically_normal());
        if (!relative.empty() && *relative.begin() != "..") return inside;
    }
    return std::nullopt;
}

std::shared_ptr<const config::Effective> Session::config_for(const std::string& uri) {
    const auto path = place_of(uri);
    auto effective = services_.store.effective(path ? *path : std::filesystem::path{});
    if (path) remember_budgets(*effective, *path);
    configuration_changed();  // a file may have been edited since the last request
    trust_questions_.consider(*effective);
    return effective;
}

void Session::configuration_changed() {
    publish_problems();
    apply_configuration();
}

void Session::apply_configuration() {
    auto now = configurations();
    if (now == applied_) return;
    applied_ = std::move(now);
    const config::Effective& effective = *applied_.front();
    log::set_level(log::level_of(effective.log_level));
    const auto name = [&](config::Role role) {
        const auto model = effective.resolve(role);
        return model ? model->id() : std::string{};
    };
    status_.set_models(effective.completion.enabled, name(config::Role::completion),
                       name(config::Role::chat));
    if (has_budgets()) services_.book.count();
    tell_budgets();
    tell_blocked();
}

/// Each sentence once, until what it says has ended.
void Session::tell_blocked() {
    constexpr int kMessageError = 1;
    std::set<std::string> now;
    for (const auto& config : applied_) {
        if (config->blocked) now.insert(in_sentences(config->resolve(config::Role::chat).error()));
    }
    for (const std::string& what : now) {
        if (!told_blocked_.contains(what)) show_message(kMessageError, "dragoman: " + what);
    }
    told_blocked_ = std::move(now);
}

std::vector<std::shared_ptr<const config::Effective>> Session::configurations() {
    std::vector out{services_.store.effective()};
    const auto add = [&](std::shared_ptr<const config::Effective> one) {
        if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(std::move(one));
    };
    for (const auto& folder : folder_paths()) add(services_.store.effective_in(folder));
    for (const auto& [id, document] : budget_places_) add(services_.store.effective(document));
    return out;
}

void Session::remember_budgets(const config::Effective& effective, const std::filesystem::path& document) {
    for (const config::Budget& budget : effective.budgets) budget_places_.try_emplace(budget.id(), document);
}

bool Session::has_budgets() const {
    return std::any_of(applied_.begin(), applied_.end(),
                       [](const auto& one) { return !one->budgets.empty(); });
}

std::vector<budget::Standing> Session::standings() {
    std::vector<budget::Standing> out;
    std::set<std::string> known;
    for (const auto& config : configurations()) {
        for (budget::Standing& one : services_.book.standings(*config)) {
            if (known.insert(one.budget.id()).second) out.push_back(std::move(one));
        }
    }
    return out;
}

/// Completion pauses in the status where the first workspace folder's does, as the models there are its.
void Session::tell_budgets() {
    const auto config = services_.store.effective();
    const auto all = standings();
    std::optional<Error> paused;
    const auto model = config->resolve(config::Role::completion);
    if (config->blocked) {
        paused = model.error();
    } else if (model && config->completion.enabled) {
        paused = services_.book.barred(*config, *model);
    }
    status_.set_budgets(budgets_json(all), std::move(paused),
                        all.empty() ? Clock::WallTime{} : all.front().until);
}

void Session::set_editor_settings(const Json& settings) {
    services_.store.set_editor_settings(settings.is_object() ? settings : Json::object(),
                                        services_.editor_settings_are_the_users);
    configuration_changed();
}

void Session::choose_model(config::Role role, const std::optional<std::string>& model) {
    const std::string name{wire_name(role)};
    if (model) {
        choices_[name]["model"] = *model;
    } else {
        choices_.erase(name);
    }
    services_.store.set_session_overlay(choices_);
}

void Session::pull_configuration() {
    if (!client_.capabilities.configuration) return;
    ask_client("workspace/configuration", {{"items", {{{"section", "dragoman"}}}}},
               [this](std::optional<Json> answer) {
                   if (!answer || !answer->is_array() || answer->empty()) return;
                   const Json& settings = answer->front();
                   if (settings.is_object() && !settings.empty()) set_editor_settings(settings);
               });
}

void Session::find_local_server() {
    local_servers_ = std::make_unique<LocalServers>(services_.gateway);
    local_servers_->look([this](const std::optional<LocalServers::Found>& found) {
        if (!found) return;
        services_.store.set_discovered(found->overlay);
        configuration_changed();
        constexpr int kMessageInfo = 3;
        show_message(kMessageInfo, found->message);
    });
}

void Session::set_folders(const std::vector<std::string>& uris) {
    folders_ = uris;
    std::vector<std::filesystem::path> paths;
    for (const std::string& uri : uris) {
        if (auto path = path_of_uri(uri)) paths.push_back(std::move(*path));
    }
    services_.store.set_folders(paths);
    budget_places_.clear();
}

void Session::publish_problems() {
    if (stage_ != Stage::running) return;
    for (const auto& [path, problems] : services_.store.problems_by_file()) {
        if (path.empty()) continue;
        const std::string uri = uri_of_path(path);
        const Json diagnostics = diagnostics_of(problems);
        const std::string text = uri + dump_json(diagnostics);
        const auto before = published_.find(uri);
        if (before == published_.end() ? diagnostics.empty() : before->second == text) continue;
        published_[uri] = text;
        notify("textDocument/publishDiagnostics", {{"uri", uri}, {"diagnostics", diagnostics}});
    }
}

}  // namespace dragoman::session
