#include "tests/bench/completion/replay/askers.h"

#include "server/completion/prompt.h"
#include "server/completion/text/window.h"
#include "tests/support/fake_worker.h"

#include <algorithm>

namespace dragoman::bench {
namespace {

const std::string kModel = "m";

/// What an editor tells that makes `now` of `then`.
AppliedChange change_between(const std::string& then, const std::string& now) {
    const auto begin = static_cast<std::size_t>(
        std::mismatch(then.begin(), then.end(), now.begin(), now.end()).first - then.begin());
    const std::size_t most = std::min(then.size(), now.size()) - begin;
    std::size_t same_end = 0;
    while (same_end < most && then[then.size() - 1 - same_end] == now[now.size() - 1 - same_end]) ++same_end;
    return {.begin = begin,
            .removed = then.size() - same_end - begin,
            .inserted = now.substr(begin, now.size() - same_end - begin)};
}

class EngineAsker final : public Asker {
public:
    explicit EngineAsker(Room& room) : room_{room} {}

    void changed(const std::string& text, std::size_t cursor) override {
        const AppliedChange change = change_between(text_, text);
        document_.text = document_.text.replace(change.begin, change.begin + change.removed, change.inserted);
        ++document_.version;
        ++document_.revision;
        text_ = text;
        engine_.document_changed(document_, {change});
        completion::InlineRequest request;
        request.document = document_;
        request.offset = cursor;
        request.position = document_.text.position_of(cursor, PositionEncoding::utf16);
        request.config = room_.settings;
        request.relative_path = "basket.cpp";
        const auto superseded = std::move(ticket_);
        ticket_ = engine_.request(std::move(request), [this](const completion::InlineResult& result) {
            if (result.superseded) return;
            if (result.items.empty()) return on_answer(0, "");
            const auto& item = result.items.front();
            id_ = item.id;
            engine_.shown(id_);
            on_answer(item.begin, item.text);
        });
    }
    void accepted(std::size_t bytes, bool all) override {
        if (all) return engine_.accepted(id_);
        engine_.partially_accepted(id_, bytes);
    }

private:
    Room& room_;
    // Without folders nothing is looked up; what the document itself gives is.
    Documents documents_;
    test::FakeWorker worker_;
    completion::Sources sources_{room_.clock, room_.files, worker_, documents_};
    completion::Engine engine_{room_.clock, room_.gateway, sources_};
    DocumentSnapshot document_{
        .uri = "file:///shop/basket.cpp", .language_id = "cpp", .version = 0, .revision = 0, .text = {}};
    std::string text_, id_;
    std::unique_ptr<completion::Engine::Ticket> ticket_;
};

class PlainAsker final : public Asker {
public:
    explicit PlainAsker(Room& room) : room_{room} {}

    void changed(const std::string& text, std::size_t cursor) override {
        call_.reset();
        wait_ = room_.clock.after(Milliseconds{75}, [this, text, cursor] { ask(text, cursor); });
    }
    void accepted(std::size_t, bool) override {}

private:
    void ask(const std::string& text, std::size_t cursor) {
        gateway::FillCall call{.purpose = {},
                               .model = {.provider = room_.settings->providers.at("work"), .model = {}},
                               .route = "fim-completions",
                               .request = {}};
        call.model.model.id = kModel;
        call.request =
            completion::fill_request(completion::take_window(Text{text}, cursor), {}, call.route, kModel);
        said_.clear();
        call_ = room_.gateway.fill(std::move(call), [this, cursor](const gateway::Event& event) {
            if (const auto* piece = std::get_if<wire::Text>(&event)) said_ += piece->text;
            if (std::holds_alternative<gateway::Completed>(event)) on_answer(cursor, said_);
        });
    }

    Room& room_;
    Timer wait_;
    std::string said_;
    std::unique_ptr<gateway::Call> call_;
};

}  // namespace

Room::Room() {
    config::Provider provider;
    provider.name = "work";
    provider.base_url = "https://gateway.example/v1";
    provider.api = config::Api::chat;
    provider.key.kind = config::KeySource::Kind::none;
    provider.infill = "fim-completions";
    config::Effective effective;
    effective.completion.model = "work/" + kModel;
    effective.providers["work"] = std::make_shared<config::Provider>(provider);
    settings = std::make_shared<config::Effective>(effective);
}

std::unique_ptr<Asker> engine_asker(Room& room) { return std::make_unique<EngineAsker>(room); }
std::unique_ptr<Asker> plain_asker(Room& room) { return std::make_unique<PlainAsker>(room); }

}  // namespace dragoman::bench
