#include "tests/llama/model_server.h"

#include "tests/support/patience.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch_all.hpp>

#include <csignal>
#include <cstdlib>
#include <sstream>

namespace dragoman::test {
namespace {

using boost::asio::ip::tcp;

constexpr const char* kServer = "DRAGOMAN_LLAMA_SERVER";
constexpr const char* kModel = "DRAGOMAN_LLAMA_MODEL";

Child::Start command(const ModelServer::Options& options) {
    // The kernel ends the server with the thread that started it, even when that is killed.
    Child::Start start{.binary = "/usr/bin/setpriv", .environment = {{"LANG", "C.UTF-8"}}};
    start.arguments = {"--pdeathsig",
                       "KILL",
                       std::getenv(kServer),
                       "--model",
                       std::getenv(kModel),
                       "--alias",
                       "tiny",
                       "--host",
                       "127.0.0.1",
                       "--port",
                       std::to_string(options.port),
                       "--offline",
                       "--threads",
                       "1",
                       "--parallel",
                       "1",
                       "--metrics"};
    if (!options.key.empty()) start.arguments.insert(start.arguments.end(), {"--api-key", options.key});
    start.arguments.insert(start.arguments.end(), options.more.begin(), options.more.end());
    return start;
}

}  // namespace

void ModelServer::need() {
    for (const char* name : {kServer, kModel})
        if (std::getenv(name) == nullptr)
            SKIP("no model server: " << name << " is not set; scripts/model-server tells what to export");
}

ModelServer::ModelServer() : ModelServer{Options{}} {}

ModelServer::ModelServer(Options options) : child_{(need(), command(options))}, log_{child_} {
    const auto port = log_.digits_after("listening on http://127.0.0.1:");
    if (port) port_ = static_cast<unsigned short>(std::stoi(*port));
    const auto limit = std::chrono::steady_clock::now() + kPatience;
    while (port && !get("/health") && std::chrono::steady_clock::now() < limit) {
    }
    if (port && get("/health")) return;
    child_.signal(SIGKILL);
    throw std::runtime_error{"the model server is not ready\n" + log_.text()};
}

ModelServer::~ModelServer() { child_.signal(SIGKILL); }

void ModelServer::kill() {
    child_.signal(SIGKILL);
    static_cast<void>(child_.wait(kPatience));
}

std::optional<std::string> ModelServer::get(const std::string& path) const {
    tcp::iostream stream;
    stream.expires_after(kPatience);
    stream.connect("127.0.0.1", std::to_string(port_));
    stream << "GET " << path << " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n" << std::flush;
    std::ostringstream answer;
    answer << stream.rdbuf();
    const std::string text = answer.str();
    const auto body = text.find("\r\n\r\n");
    const std::string status_line = text.substr(0, text.find("\r\n"));
    if (body == text.npos || status_line.find(" 200 ") == status_line.npos) return std::nullopt;
    return text.substr(body + 4);
}

double ModelServer::tokens_generated() const {
    const std::string metrics = get("/metrics").value_or("");
    const std::string name = "\nllamacpp:tokens_predicted_total ";
    const auto at = metrics.find(name);
    if (at == metrics.npos)
        throw std::runtime_error{"the model server does not count its tokens\n" + metrics};
    return std::stod(metrics.substr(at + name.size()));
}

unsigned short free_port() {
    boost::asio::io_context loop;
    return tcp::acceptor{loop, {boost::asio::ip::address_v4::loopback(), 0}}.local_endpoint().port();
}

}  // namespace dragoman::test
