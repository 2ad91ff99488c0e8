// An HTTP client whose server is the test: it sees each request, answers when and how it likes, and
// notices when a transfer is closed.
#pragma once

#include "server/upstream/http/http.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace dragoman::test {

class FakeHttp final : public http::Client {
public:
    /// One request, from the server's side. Answering one that is closed or over is a mistake of the test.
    class Exchange {
    public:
        Exchange(http::Request asked, http::Listener& listener)
            : request{std::move(asked)}, listener_{&listener} {}

        const http::Request request;
        /// The transfer was destroyed, before or after its end.
        bool closed() const { return listener_ == nullptr; }
        bool over() const { return over_; }

        const std::string* header(std::string_view name) const {
            return http::find_header(request.headers, name);
        }

        void head(int status, http::Headers headers = {}) {
            open().on_head({.status = status, .headers = std::move(headers)});
        }
        void bytes(std::string_view text) { open().on_bytes(text); }
        void end() { close({}); }
        void fail(http::Failure::What what, std::string detail = {}) {
            close(http::Failure{.what = what, .detail = std::move(detail)});
        }
        /// Head, body in one piece, end; as far as the listener listens.
        void answer(int status, std::string_view body, http::Headers headers = {}) {
            head(status, std::move(headers));
            if (!closed() && !body.empty()) bytes(body);
            if (!closed()) end();
        }

    private:
        friend class FakeHttp;
        http::Listener& open() {
            if (closed() || over_) throw std::logic_error{"nobody listens to this exchange any more"};
            return *listener_;
        }
        void close(const std::optional<http::Failure>& failure) {
            auto& listener = open();
            over_ = true;
            listener.on_end(failure, {});
        }

        http::Listener* listener_;
        bool over_ = false;
    };

    std::unique_ptr<http::Transfer> start(http::Request request, http::Listener& listener) override {
        exchanges_.push_back(std::make_shared<Exchange>(std::move(request), listener));
        return std::make_unique<FakeTransfer>(exchanges_.back());
    }
    bool warm(const http::Request& request) override {
        warmed.push_back(request);
        return true;
    }

    std::size_t count() const { return exchanges_.size(); }
    Exchange& at(std::size_t index) { return *exchanges_.at(index); }
    Exchange& last() { return *exchanges_.at(exchanges_.size() - 1); }
    /// Transfers that are still held by somebody.
    std::size_t open() const {
        std::size_t number = 0;
        for (const auto& exchange : exchanges_) number += exchange->closed() ? 0U : 1U;
        return number;
    }

    std::vector<http::Request> warmed;

private:
    struct FakeTransfer final : http::Transfer {
        explicit FakeTransfer(std::shared_ptr<Exchange> mine) : exchange{std::move(mine)} {}
        ~FakeTransfer() override { exchange->listener_ = nullptr; }
        std::shared_ptr<Exchange> exchange;
    };

    std::vector<std::shared_ptr<Exchange>> exchanges_;
};

}  // namespace dragoman::test
