// One connection of the gateway: reads requests one after the other and plays the reply to each.
//
// It always has a read under way, so the client's closing is seen while a reply is being played. All of it
// runs in the gateway's thread.
#pragma once

#include "tests/gateway/board.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>

namespace dragoman::test {

/// Where replies wait for the test: one permit lets one hold of its label go on.
class HoldQueue {
public:
    explicit HoldQueue(Board& board) : board_{board} {}
    /// `go_on` is called at once or when released, unless `alive` has expired by then.
    void wait(const std::string& label, std::weak_ptr<void> alive, std::function<void()> go_on);
    void release(const std::string& label, std::size_t times);
    /// Takes back what waits for `owner`.
    void forget(const void* owner);

private:
    struct Waiting {
        std::weak_ptr<void> alive;
        const void* owner;
        std::function<void()> go_on;
    };
    Board& board_;
    std::map<std::string, std::deque<Waiting>> waiting_;
    std::map<std::string, std::size_t> permits_;
};

class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(boost::asio::ip::tcp::socket socket, Board& board, HoldQueue& holds);
    ~Connection();

    void start();
    /// Closes when no request is under way.
    void drop_if_idle();

private:
    void read();
    void parse();
    void begin_request();
    void play();
    void send(std::string bytes);
    void finish();
    void hang_up(HttpRequest::Fate fate, bool reset);
    std::string take_head();

    void act(const Send& action);
    void act(const Hold& action);
    void act(const Pause& action);
    void act(const Stall& action);
    void act(const Close& action);
    void act(const Reset& action);

    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    Board& board_;
    HoldQueue& holds_;
    const std::size_t id_;
    std::string input_, chunk_;
    std::optional<Parser> parser_;
    bool said_continue_ = false;

    // The reply being played; number_ is empty between requests.
    std::optional<std::size_t> number_;
    Reply reply_;
    std::size_t next_ = 0;
    bool head_sent_ = false, keep_alive_ = true;
    std::string outgoing_;
};

}  // namespace dragoman::test
