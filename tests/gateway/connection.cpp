#include "tests/gateway/connection.h"

#include <boost/asio/write.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>

#include <sstream>

namespace dragoman::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Error = boost::system::error_code;

constexpr std::size_t kReadSize = 64U << 10U;
constexpr std::uint64_t kMaxRequest = 256U << 20U;

std::string framed(Framing framing, const std::string& bytes) {
    if (framing != Framing::chunked) return bytes;
    std::ostringstream out;
    out << std::hex << bytes.size() << "\r\n" << bytes << "\r\n";
    return out.str();
}

}  // namespace

void HoldQueue::wait(const std::string& label, std::weak_ptr<void> alive, std::function<void()> go_on) {
    if (auto& permits = permits_[label]; permits > 0) {
        --permits;
        go_on();
        return;
    }
    const void* owner = alive.lock().get();
    waiting_[label].push_back({std::move(alive), owner, std::move(go_on)});
    board_.held(+1);
}

void HoldQueue::release(const std::string& label, std::size_t times) {
    auto& queue = waiting_[label];
    for (; times > 0 && !queue.empty(); --times) {
        const Waiting first = std::move(queue.front());
        queue.pop_front();
        board_.held(-1);
        if (const auto alive = first.alive.lock()) first.go_on();
    }
    permits_[label] += times;
}

void HoldQueue::forget(const void* owner) {
    for (auto& [label, queue] : waiting_) {
        const auto before = queue.size();
        std::erase_if(queue, [&](const Waiting& one) { return one.owner == owner; });
        board_.held(static_cast<int>(queue.size()) - static_cast<int>(before));
    }
}

Connection::Connection(asio::ip::tcp::socket socket, Board& board, HoldQueue& holds)
    : socket_{std::move(socket)},
      timer_{socket_.get_executor()},
      board_{board},
      holds_{holds},
      id_{board.connected()} {}

Connection::~Connection() { board_.disconnected(); }

void Connection::start() {
    Error ignored;
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
    chunk_.resize(kReadSize);
    read();
}

void Connection::drop_if_idle() {
    Error ignored;
    if (!number_ && input_.empty()) socket_.close(ignored);
}

void Connection::read() {
    socket_.async_read_some(asio::buffer(chunk_),
                            [self = shared_from_this()](const Error& error, std::size_t size) {
                                if (error) return self->hang_up(HttpRequest::Fate::client_closed, false);
                                self->input_.append(self->chunk_, 0, size);
                                self->parse();
                                if (self->socket_.is_open()) self->read();
                            });
}

void Connection::parse() {
    if (number_ || input_.empty()) return;  // one request at a time; what comes early waits
    if (!parser_) {
        parser_.emplace();
        parser_->eager(true);
        parser_->body_limit(kMaxRequest);
        parser_->header_limit(1U << 20U);
        said_continue_ = false;
    }
    std::size_t used = 0;
    while (used < input_.size() && !parser_->is_done()) {
        Error error;
        const std::size_t step =
            parser_->put(asio::const_buffer{input_.data() + used, input_.size() - used}, error);
        used += step;
        if (error == http::error::need_more) break;
        if (error) {
            input_.clear();
            return hang_up(HttpRequest::Fate::cut_by_script, false);
        }
        if (step == 0) break;
    }
    input_.erase(0, used);
    if (parser_->is_done()) return begin_request();
    if (parser_->is_header_done() && !said_continue_ &&
        parser_->get()[http::field::expect] == "100-continue") {
        said_continue_ = true;
        auto text = std::make_shared<std::string>("HTTP/1.1 100 Continue\r\n\r\n");
        asio::async_write(socket_, asio::buffer(*text),
                          [text, self = shared_from_this()](const Error&, std::size_t) {});
    }
}

void Connection::begin_request() {
    auto message = parser_->release();
    parser_.reset();
    keep_alive_ = message.keep_alive();
    HttpRequest request;
    request.connection = id_;
    request.method = std::string{message.method_string()};
    request.target = std::string{message.target()};
    for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
    request.body = std::move(message.body());
    request.json = nlohmann::json::parse(request.body, nullptr, false);
    if (request.json.is_discarded()) request.json = nullptr;

    auto [number, reply] = board_.arrived(std::move(request));
    number_ = number;
    reply_ = std::move(reply);
    next_ = 0;
    head_sent_ = false;
    if (reply_.framing == Framing::until_close) keep_alive_ = false;
    play();
}

std::string Connection::take_head() {
    head_sent_ = true;
    std::ostringstream out;
    out << "HTTP/1.1 " << reply_.status << ' '
        << http::obsolete_reason(static_cast<http::status>(reply_.status)) << "\r\n";
    for (const auto& [name, value] : reply_.headers) out << name << ": " << value << "\r\n";
    if (reply_.framing == Framing::chunked) out << "Transfer-Encoding: chunked\r\n";
    if (reply_.framing == Framing::length) {
        std::size_t length = 0;
        for (const Action& action : reply_.body)
            if (const auto* part = std::get_if<Send>(&action)) length += part->bytes.size();
        out << "Content-Length: " << reply_.promised.value_or(length) << "\r\n";
    }
    if (!keep_alive_) out << "Connection: close\r\n";
    out << "\r\n";
    return out.str();
}

void Connection::play() {
    if (!head_sent_ && (!reply_.late_head || reply_.body.empty())) return send(take_head());
    if (next_ == reply_.body.size()) return finish();
    const std::size_t current = next_++;
    std::visit([this](const auto& action) { act(action); }, reply_.body[current]);
}

void Connection::act(const Send& action) {
    std::string bytes = head_sent_ ? std::string{} : take_head();
    send(bytes + framed(reply_.framing, action.bytes));
}

void Connection::act(const Hold& action) {
    holds_.wait(action.label, weak_from_this(), [this] { play(); });
}

void Connection::act(const Pause& action) {
    timer_.expires_after(action.time);
    timer_.async_wait([self = shared_from_this()](const Error& error) {
        if (!error && self->number_) self->play();
    });
}

void Connection::act(const Stall&) {}
void Connection::act(const Close&) { hang_up(HttpRequest::Fate::cut_by_script, false); }
void Connection::act(const Reset&) { hang_up(HttpRequest::Fate::cut_by_script, true); }

void Connection::send(std::string bytes) {
    outgoing_ = std::move(bytes);
    asio::async_write(socket_, asio::buffer(outgoing_),
                      [self = shared_from_this()](const Error& error, std::size_t size) {
                          if (!self->number_) return;  // hung up meanwhile
                          self->board_.sent(*self->number_, size);
                          if (error) return self->hang_up(HttpRequest::Fate::client_closed, false);
                          self->play();
                      });
}

void Connection::finish() {
    if (!head_sent_) return send(take_head());
    if (reply_.framing == Framing::chunked) {
        reply_.framing = Framing::length;  // what follows is the last chunk, as it is
        return send("0\r\n\r\n");
    }
    const bool short_of_promise = reply_.promised.has_value();
    board_.ended(*number_, HttpRequest::Fate::answered);
    number_.reset();
    if (!keep_alive_ || short_of_promise) return hang_up(HttpRequest::Fate::answered, false);
    parse();
}

void Connection::hang_up(HttpRequest::Fate fate, bool reset) {
    holds_.forget(this);
    timer_.cancel();
    if (number_) board_.ended(*number_, fate);
    number_.reset();
    Error ignored;
    if (reset) socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    if (!reset) socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

}  // namespace dragoman::test
