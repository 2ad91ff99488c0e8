// A plain HTTP client for the gateway's own test: one connection, one request at a time, no cleverness.
#pragma once

#include "tests/gateway/gateway.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace dragoman::test {

class HttpClient {
public:
    struct Answer {
        int status = 0;
        std::map<std::string, std::string> headers;
        std::string body;
        boost::system::error_code error;  // why the body is not whole
        nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
    };

    explicit HttpClient(const Gateway& gateway) : gateway_{gateway} {
        socket_.connect({boost::asio::ip::address_v4::loopback(), gateway.port()});
    }

    /// Headers of a well-behaved client; an empty value leaves the header out.
    void send(const std::string& method, const std::string& target, const nlohmann::json& body = nullptr,
              std::map<std::string, std::string> headers = {}) {
        headers.try_emplace("Host", "127.0.0.1");
        headers.try_emplace("User-Agent", "test/1");
        headers.try_emplace("Authorization", "Bearer " + gateway_.key());
        const std::string text = body.is_null() ? std::string{} : body.dump();
        std::string out = method + " " + target + " HTTP/1.1\r\n";
        for (const auto& [name, value] : headers)
            if (!value.empty()) out += name + ": " + value + "\r\n";
        out += "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
        send_raw(out);
    }
    void send_raw(const std::string& bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

    Answer receive() {
        namespace http = boost::beast::http;
        http::response_parser<http::string_body> parser;
        parser.body_limit(boost::none);
        Answer answer;
        http::read(socket_, buffer_, parser, answer.error);
        answer.status = static_cast<int>(parser.get().result_int());
        for (const auto& field : parser.get())
            answer.headers[std::string{field.name_string()}] = field.value();
        answer.body = parser.get().body();
        return answer;
    }

    Answer get(const std::string& path) {
        send("GET", prefixed(path));
        return receive();
    }
    Answer post(const std::string& path, const nlohmann::json& body,
                std::map<std::string, std::string> headers = {}) {
        send("POST", prefixed(path), body, std::move(headers));
        return receive();
    }
    std::string prefixed(const std::string& path) const {
        return std::string{gateway_.dialect().prefix} + path;
    }
    void close() { socket_.close(); }

private:
    const Gateway& gateway_;
    boost::asio::io_context loop_;
    boost::asio::ip::tcp::socket socket_{loop_};
    boost::beast::flat_buffer buffer_;
};

}  // namespace dragoman::test
