// dragoman/selectModel: a model chosen for a role, for this session, a project, or everything.

#include "server/config/suggest.h"
#include "server/session/methods.h"
#include "server/session/model_rows.h"

#include <algorithm>

namespace dragoman::session {
namespace {

struct Selection {
    config::Role role{};
    std::string scope;                 // of kScopes
    std::optional<std::string> model;  // nothing: back to what lower layers say
    std::string uri;                   // of the document; empty: the first workspace folder

    std::vector<std::string> path() const { return {std::string{wire_name(role)}, "model"}; }
};

const std::vector<std::string> kScopes = {"session", "project", "user"};

std::vector<std::string> role_names() {
    std::vector<std::string> names;
    for (const config::Role role : config::kRoles) names.emplace_back(wire_name(role));
    return names;
}

// The index in `known` of a parameter's word; an answer was sent where it is none of them.
std::optional<std::size_t> choice(const Reply& reply, const Json& params, const char* name,
                                  const std::vector<std::string>& known) {
    const auto word = get_string(params, name);
    const auto found = word ? std::find(known.begin(), known.end(), *word) : known.end();
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
    const std::string near = word ? config::nearest(*word, known) : std::string{};
    reply.invalid_params(std::string{name} + " must be one of " + config::listed(known, "or") +
                         (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
    return std::nullopt;
}

std::optional<Selection> read(const Reply& reply, const Json& params) {
    Selection out;
    const auto role = choice(reply, params, "role", role_names());
    if (!role) return std::nullopt;
    out.role = config::kRoles[*role];
    const auto scope = choice(reply, params, "scope", kScopes);
    if (!scope) return std::nullopt;
    out.scope = kScopes[*scope];
    const auto model = params.find("model");
    if (model == params.end() || !(model->is_string() || model->is_null())) {
        reply.invalid_params("model must be \"provider/model\", or null to take the choice back");
        return std::nullopt;
    }
    if (model->is_string()) out.model = model->get<std::string>();
    if (const Json* document = find(params, "textDocument"))
        out.uri = get_string(*document, "uri").value_or("");
    return out;
}

// Whether the model may be chosen there; an answer was sent where it may not. What is chosen for everything
// has to be there without a project's word.
bool usable(Session& session, const Reply& reply, const Selection& wish) {
    if (!wish.model) return true;
    const auto config =
        wish.scope == "user" ? session.services().store.outside() : session.config_for(wish.uri);
    const auto model = config->find(*wish.model);
    if (model) return true;
    const Error& error = model.error();
    if (error.kind == ErrorKind::untrusted) {
        reply.fail(error);
    } else {
        reply.invalid_params(error.message);
    }
    return false;
}

void answer(Session& session, const Reply& reply, const Selection& wish, const std::string& file) {
    const auto config = session.config_for(wish.uri);  // tells the status, too
    Json result = {{"selected", selected_models(*config)}};
    if (!file.empty()) result["file"] = file;
    const Json* role = find(config->merged, wire_name(wish.role));
    const auto holds = role == nullptr ? std::nullopt : get_string(*role, "model");
    const auto source = config->provenance.find("/" + std::string{wire_name(wish.role)} + "/model");
    if (wish.model && holds != wish.model && source != config->provenance.end())
        result["outrankedBy"] = source->second;
    reply.result(result);
}

void write(Session& session, const Reply& reply, const Selection& wish, const config::Target& target) {
    const std::optional<Json> value = wish.model ? std::optional{Json(*wish.model)} : std::nullopt;
    auto& services = session.services();
    auto task = services.worker.run([&session, &files = services.files, reply, wish, target,
                                     value]() -> Worker::Rest {
        auto changed = config::change_file(files, target, value);
        return [&session, reply, wish, file = target.file, changed = std::move(changed)] {
            if (!changed) {
                return reply.error(
                    {.code = jsonrpc::Code::request_failed, .message = changed.error().message, .data = {}});
            }
            // The newest word counts: an older one of this session would hide it.
            session.choose_model(wish.role, std::nullopt);
            answer(session, reply, wish, *changed ? file.string() : std::string{});
        };
    });
    reply.keep(std::shared_ptr<void>{std::move(task)});
}

}  // namespace

void handle_select_model(Session& session, const Reply& reply, const Json& params) {
    const auto wish = read(reply, params);
    if (!wish || !usable(session, reply, *wish)) return;
    config::Store& store = session.services().store;
    if (wish->scope == "session") {
        session.choose_model(wish->role, wish->model);
        return answer(session, reply, *wish, {});
    }
    if (wish->scope == "user") return write(session, reply, *wish, store.in_user_file(wish->path()));
    const auto document = session.place_of(wish->uri);
    const auto target = store.for_project(document ? *document : std::filesystem::path{}, wish->path());
    if (!target) return reply.invalid_params(target.error());
    write(session, reply, *wish, *target);
}

}  // namespace dragoman::session
