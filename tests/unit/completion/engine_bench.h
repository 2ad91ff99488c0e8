// The completion engine on a gateway of fakes.
#pragma once

#include "server/completion/engine.h"
#include "tests/support/fake_worker.h"
#include "tests/unit/gateway/bench.h"

namespace dragoman::test {

struct EngineBench : Bench {
    Documents documents;
    FakeWorker worker;
    completion::Sources sources{clock, files, worker, documents};
    completion::Engine engine{clock, gateway, sources};
    config::Effective settings = [this] {
        config::Effective out;
        out.completion.model = "work/m";
        out.providers["work"] = std::make_shared<config::Provider>(work);
        return out;
    }();
    std::vector<std::string> order;  // of the answers: "1 ok", "2 superseded", ...

    /// One request and what became of it.
    struct Asked {
        std::unique_ptr<completion::Engine::Ticket> ticket;
        std::vector<completion::InlineResult> results;

        bool answered() const { return !results.empty(); }
        const completion::InlineResult& result() const {
            REQUIRE(results.size() == 1);
            return results.front();
        }
        /// The text shown, or nothing.
        std::string text() const { return result().items.empty() ? "" : result().items.front().text; }
    };

    /// Of `file` with the cursor as "|".
    static completion::InlineRequest request(std::string file, const std::string& uri = "file:///p/a.cpp") {
        completion::InlineRequest out;
        out.offset = file.find('|');
        file.erase(out.offset, 1);
        out.document = {.uri = uri, .language_id = "cpp", .version = 1, .revision = 1, .text = Text{file}};
        out.position = out.document.text.position_of(out.offset, PositionEncoding::utf16);
        out.relative_path = "a.cpp";
        out.automatic = false;
        return out;
    }
    static completion::InlineRequest typed(std::string file) {
        auto out = request(std::move(file));
        out.automatic = true;
        return out;
    }

    std::shared_ptr<Asked> ask(completion::InlineRequest request) {
        if (!request.config) request.config = std::make_shared<config::Effective>(settings);
        auto asked = std::make_shared<Asked>();
        const int number = ++asked_;
        asked->ticket =
            engine.request(std::move(request), [this, asked, number](completion::InlineResult result) {
                order.push_back(std::to_string(number) + (result.superseded ? " superseded" : " answered"));
                asked->results.push_back(std::move(result));
            });
        return asked;
    }
    std::shared_ptr<Asked> ask(const std::string& file) {
        auto asked = ask(request(file));
        clock.settle();
        return asked;
    }
    /// Lets the last exchange say `pieces`, not yet ended.
    void say(const std::vector<std::string>& pieces) {
        http.last().head(200, event_stream());
        for (const auto& piece : pieces) http.last().bytes(chunk(piece));
    }
    void answer(const std::string& text) { http.last().answer(200, whole(text), event_stream()); }

    /// Another provider in place of the usual one.
    void provide(const config::Provider& provider, const std::string& model = "m") {
        settings.providers["work"] = std::make_shared<config::Provider>(provider);
        settings.completion.model = "work/" + model;
    }
    std::vector<completion::TrailEntry> trail(std::size_t limit = 100) const {
        return engine.trail({}, limit);
    }
    /// The newest entry's steps: "route: chat; suffix: 2 bytes; ".
    std::string steps() const {
        std::string out;
        const auto newest = trail(1).at(0);
        for (const auto& step : newest.steps) out += step.step + ": " + step.detail + "; ";
        return out;
    }

private:
    int asked_ = 0;
};

/// Somebody who types in one document, as an editor tells it: the change, then a request for the new text.
struct Typist {
    EngineBench& bench;
    std::string text;  // "|" is the cursor
    std::string uri = "file:///p/a.cpp";
    std::string language = "cpp";
    std::uint64_t revision = 1;

    std::size_t cursor() const { return text.find('|'); }
    std::string plain() const { return std::string{text}.erase(cursor(), 1); }

    completion::InlineRequest request(bool automatic = true) const {
        auto out = EngineBench::request(text, uri);
        out.document.revision = revision;
        out.document.language_id = language;
        out.automatic = automatic;
        return out;
    }
    /// Puts `inserted` in place of `removed` bytes before the cursor; no request follows.
    void change(const std::string& inserted, std::size_t removed = 0) {
        const std::size_t begin = cursor() - removed;
        text.replace(begin, removed, inserted);
        ++revision;
        bench.engine.document_changed(request().document,
                                      {{.begin = begin, .removed = removed, .inserted = inserted}});
    }
    /// The same, and the editor's request for it; whatever needs no waiting has happened.
    std::shared_ptr<EngineBench::Asked> type(const std::string& inserted, std::size_t removed = 0) {
        change(inserted, removed);
        auto asked = bench.ask(request());
        bench.clock.settle();
        return asked;
    }
    std::shared_ptr<EngineBench::Asked> invoke() {
        auto asked = bench.ask(request(false));
        bench.clock.settle();
        return asked;
    }
};

}  // namespace dragoman::test
