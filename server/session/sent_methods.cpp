// dragoman/sent: what left this machine.

#include "server/session/methods.h"
#include "server/session/sent_rows.h"
#include "server/session/usage.h"

#include <algorithm>

namespace dragoman::session {

void handle_sent(Session& session, const Reply& reply, const Json& params) {
    constexpr std::int64_t kDefaultLimit = 100, kMostLimit = 10'000;
    store::SentFilter filter;
    if (const Json* given = find(params, "since")) {
        const auto read = given->is_string() ? read_since(given->get<std::string>()) : std::nullopt;
        if (!read) return reply.invalid_params("since must be " + std::string{kSinceForms});
        filter.since = *read;
    }
    if (const Json* given = find(params, "limit")) {
        const auto read = as_int(*given);
        if (!read || *read < 0) return reply.invalid_params("limit must be an integer of at least 0");
        filter.limit = static_cast<std::size_t>(std::min(*read, kMostLimit));
    } else {
        filter.limit = kDefaultLimit;
    }
    if (find(params, "folder") != nullptr) {
        const auto folder = folder_param(params);
        if (!folder) return reply.invalid_params("folder must be an absolute path or a file: URI");
        filter.project = projects_in(*folder);
    }
    auto task = session.services().sent.read(filter, [reply](const std::vector<store::SentRecord>& rows) {
        Json entries = Json::array();
        for (const store::SentRecord& row : rows) entries.push_back(sent_json(row));
        reply.result({{"entries", std::move(entries)}});
    });
    if (task) reply.keep(std::shared_ptr<void>{std::move(task)});
}

}  // namespace dragoman::session
