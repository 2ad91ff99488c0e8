#include "server/session/trust_questions.h"

#include "protocol/base/visible.h"
#include "server/session/session.h"
#include "server/support/log.h"

namespace dragoman::session {
namespace {

using config::Ask;
using config::Decision;

constexpr std::string_view kTrust = "Trust", kNotNow = "Not now", kNever = "Never";
constexpr int kWarning = 2;  // LSP MessageType
// More than this, nobody reads in a dialog, and editors cut it where they like.
constexpr std::size_t kMostBytes = 1500;
constexpr std::size_t kFolderBytes = 300;

std::string details_of(const Ask& ask) {
    std::string out;
    for (const std::string& line : ask.lines) out += "\n- " + line_of(ask, line);
    return out;
}

}  // namespace

bool fits_question(const Ask& ask) {
    return ask.whole && visible(ask.identity.real.string(), kFolderBytes).whole &&
           details_of(ask).size() <= kMostBytes;
}

std::string question_of(const Ask& ask) {
    const std::string folder = '"' + visible(ask.identity.real.string(), kFolderBytes).text + '"';
    const std::string start = ask.before.empty()
                                  ? "The files of " + folder + " ask for a provider of their own."
                                  : "The files of " + folder + " ask for something else than you approved.";
    if (fits_question(ask)) return start + " Only if you trust them:" + details_of(ask);
    return start + " It is too much to show here. To read all of it and decide, run: " + allow_command(ask) +
           " (\"show\" in place of \"allow\" shows it).";
}

Json to_json(const Ask& ask) {
    constexpr std::string_view kDecisions[] = {"none", "allowed", "denied"};
    Json lines = Json::array();
    for (const std::string& line : ask.lines) lines.push_back(line_of(ask, line));
    Json out = {{"folder", ask.folder.string()},
                {"workspace", ask.workspace.string()},
                {"record", ask.record},
                {"decision", kDecisions[static_cast<std::size_t>(ask.decision)]},
                {"asks", std::move(lines)}};
    if (!ask.barred.empty()) out["barred"] = ask.barred;
    return out;
}

void TrustQuestions::consider(const config::Effective& effective) {
    const auto ask = effective.ask;
    if (!ask || ask->decision != Decision::none || !ask->barred.empty() || !session_.initialized() ||
        !session_.client().capabilities.show_message_request)
        return;
    if (!asked_.insert(ask->identity.real.string() + '\0' + ask->record).second) return;
    Json actions = Json::array();
    if (fits_question(*ask)) actions.push_back({{"title", kTrust}});
    actions.push_back({{"title", kNotNow}});
    actions.push_back({{"title", kNever}});
    session_.ask_client("window/showMessageRequest",
                        {{"type", kWarning}, {"message", question_of(*ask)}, {"actions", std::move(actions)}},
                        [this, ask](const std::optional<Json>& answer) {
                            answered(*ask,
                                     answer ? get_string(*answer, "title").value_or("") : std::string{});
                        });
}

void TrustQuestions::answered(const Ask& ask, const std::string& title) {
    const bool trusts = title == kTrust && fits_question(ask);
    if (!trusts && title != kNever) return;
    decide(ask, trusts ? Decision::allowed : Decision::denied, [this](const std::string& failure) {
        if (!failure.empty())
            session_.show_message(kWarning, "Your answer holds until this editor is closed: " + failure);
    });
}

void TrustQuestions::decide(const Ask& ask, Decision decision,
                            std::function<void(const std::string& failure)> done) {
    auto& services = session_.services();
    const auto entry = config::entry_of(ask, decision, iso_time(services.clock.wall()));
    services.store.hold(entry);
    session_.configuration_changed();
    if (decision == Decision::allowed) session_.status().resolved(ErrorKind::untrusted);
    log::info("{} what {} asks for", decision == Decision::allowed ? "approved" : "refused",
              ask.folder.string());
    services.worker.post([this, file = services.store.trust_file(), entry, done = std::move(done)] {
        const auto written = file.add(entry);
        return [this, written, entry, done] {
            if (written.failure.empty()) session_.services().store.release(entry);
            if (!written.moved.empty())
                session_.show_message(kWarning,
                                      "What stood in the file of your decisions about projects could not be "
                                      "read; it was moved to " +
                                          written.moved.string());
            if (done) done(written.failure);
        };
    });
}

}  // namespace dragoman::session
