#include "server/session/commit_message.h"

#include "server/config/exclusion.h"
#include "server/session/commit_text.h"

#include <algorithm>
#include <utility>

namespace dragoman::session {
namespace {

constexpr std::size_t kSubjects = 10;

Error trouble(ErrorKind kind, std::string message, std::string hint) {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}

class Run final : public CommitRun {
public:
    Run(git::Git& git, gateway::Gateway& gateway, std::shared_ptr<const config::Effective> config,
        std::filesystem::path folder, std::function<void(Result<CommitMessage>)> done)
        : git_{git},
          gateway_{gateway},
          config_{std::move(config)},
          folder_{std::move(folder)},
          done_{std::move(done)} {}

    void start() {
        git::DiffOptions options;
        options.excluded = [config = config_](const std::filesystem::path& path) {
            return config::stays_here(*config, path);
        };
        step_ = git_.staged_diff(folder_, std::move(options), [this](Result<git::DiffText> diff) {
            if (!diff) return end(std::move(diff.error()));
            if (diff->files == 0) {
                return end(trouble(ErrorKind::bad_request,
                                   "all that is staged is kept on this machine by privacy.exclude",
                                   "write this message yourself, or change privacy.exclude"));
            }
            diff_ = std::move(*diff);
            read_subjects();
        });
    }

private:
    void read_subjects() {
        step_ =
            git_.recent_subjects(folder_, kSubjects, [this](const Result<std::vector<std::string>>& read) {
                ask(commit_question(diff_.text, read ? read.value() : std::vector<std::string>{}));
            });
    }

    void ask(std::string question) {
        gateway::ChatCall call{
            .purpose = {.role = "commitMessage",
                        .config = config_,
                        .drawn = {{.kind = "gitDiff", .bytes = question.size(), .masked = diff_.masked}}},
            .chain = {},
            .request = {}};
        auto wanted = config_->resolve(config::Role::chat);
        if (!wanted) return end(std::move(wanted.error()));
        call.chain.push_back(std::move(*wanted));
        for (const std::string& name : config_->chat.fallback) {
            auto next = config_->find(name);
            const bool known = next && std::any_of(call.chain.begin(), call.chain.end(),
                                                   [&](const auto& one) { return one.id() == next->id(); });
            if (next && !known) call.chain.push_back(std::move(*next));
        }
        wire::Message system, user;
        system.role = wire::MessageRole::system;
        system.text = kCommitSystemPrompt;
        user.text = std::move(question);
        call.request.messages = {std::move(system), std::move(user)};
        call.request.sampling.temperature = config_->chat.temperature;
        call.request.sampling.max_tokens = config_->chat.max_tokens;
        call.request.sampling.avoid_reasoning = true;
        call.extra_body = config_->chat.extra_body;
        call_ = gateway_.chat(std::move(call), [this](const gateway::Event& event) { hear(event); });
    }

    void hear(const gateway::Event& event) {
        if (const auto* text = std::get_if<wire::Text>(&event)) {
            answer_ += text->text;
        } else if (const auto* failed = std::get_if<gateway::Failed>(&event)) {
            end(failed->error);
        } else if (const auto* whole = std::get_if<gateway::Completed>(&event)) {
            std::string message = commit_message_of(answer_);
            if (message.empty()) {
                return end(trouble(ErrorKind::bad_response, whole->model + " answered without a message",
                                   "ask again, or choose another chat model"));
            }
            end(CommitMessage{std::move(message), whole->model, whole->usage, diff_.masked, diff_.kept_here});
        }
    }

    /// Whoever is told may destroy this.
    void end(Result<CommitMessage> result) {
        const auto done = std::exchange(done_, nullptr);
        done(std::move(result));
    }

    git::Git& git_;
    gateway::Gateway& gateway_;
    std::shared_ptr<const config::Effective> config_;
    std::filesystem::path folder_;
    std::function<void(Result<CommitMessage>)> done_;
    std::unique_ptr<git::Git::Running> step_;
    std::unique_ptr<gateway::Call> call_;
    git::DiffText diff_;
    std::string answer_;
};

}  // namespace

std::unique_ptr<CommitRun> write_commit_message(git::Git& git, gateway::Gateway& gateway,
                                                std::shared_ptr<const config::Effective> config,
                                                std::filesystem::path folder,
                                                std::function<void(Result<CommitMessage>)> done) {
    auto run = std::make_unique<Run>(git, gateway, std::move(config), std::move(folder), std::move(done));
    run->start();
    return run;
}

}  // namespace dragoman::session
