// dragoman/trust: the same decision as the question's, for a plugin that shows what is asked in its own way.

#include "server/session/methods.h"

namespace dragoman::session {

void handle_trust(Session& session, const Reply& reply, const Json& params) {
    const auto folder = folder_param(params);
    if (!folder) return reply.invalid_params("folder must be an absolute path or a file: URI");
    const auto trust = get_bool(params, "trust");
    if (!trust) return reply.invalid_params("trust must be true or false");
    const std::string name = folder->string();

    const auto ask = session.services().store.effective_in(*folder)->ask;
    if (!ask) return reply.invalid_params("the files of " + name + " ask for nothing that needs approval");
    if (*trust && !ask->barred.empty())
        return reply.invalid_params(name + " cannot be approved: " + ask->barred);
    if (*trust && !ask->whole)
        return reply.invalid_params("the files of " + name +
                                    " ask for more than an editor was told; read all of it and decide: " +
                                    allow_command(*ask) + " (\"show\" in place of \"allow\" shows it)");
    // What was shown may have changed since: a plugin that names the record it showed is told.
    const auto shown = get_string(params, "record");
    if (*trust && shown && *shown != ask->record)
        return reply.invalid_params("the files of " + name + " ask for something else by now; show it anew");

    const auto decision = *trust ? config::Decision::allowed : config::Decision::denied;
    session.trust_questions().decide(*ask, decision, [reply, ask, decision](const std::string& failure) {
        config::Ask now = *ask;
        now.decision = decision;
        Json result = to_json(now);
        result["trusted"] = decision == config::Decision::allowed;
        if (!failure.empty()) result["warning"] = "it holds until this editor is closed: " + failure;
        reply.result(result);
    });
}

}  // namespace dragoman::session
