// dragoman/commitMessage: a message for what is staged.

#include "server/session/commit_message.h"
#include "server/session/methods.h"
#include "server/session/usage.h"

namespace dragoman::session {

void handle_commit_message(Session& session, const Reply& reply, const Json& params) {
    const auto folder = folder_param(params);
    if (!folder) return reply.invalid_params("folder must be an absolute path or a file: URI");
    const Json* given = find(params, "partialResultToken");
    if (given != nullptr && !given->is_string() && !as_int(*given))
        return reply.invalid_params("partialResultToken must be a string or an integer");
    const Json token = given == nullptr ? Json{} : *given;
    auto run = write_commit_message(session.services().git, session.services().gateway,
                                    session.config_for(uri_of_path(*folder / ".git")), *folder,
                                    [&session, reply, token](const Result<CommitMessage>& end) {
                                        if (!end) {
                                            if (!end.error().provider.empty())
                                                session.status().failed(end.error());
                                            return reply.fail(end.error());
                                        }
                                        session.status().succeeded();
                                        if (!token.is_null())
                                            session.progress_piece(token, "text", end->message);
                                        Json out = {{"message", end->message}, {"model", end->model}};
                                        if (end->usage) out["usage"] = usage_json(*end->usage);
                                        if (end->masked > 0) out["masked"] = end->masked;
                                        if (!end->kept_here.empty()) out["keptHere"] = end->kept_here;
                                        reply.result(out);
                                    });
    reply.keep(std::shared_ptr<void>{std::move(run)});
}

}  // namespace dragoman::session
