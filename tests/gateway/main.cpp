// The demonstration gateway: prints its URL on one line and serves until its input ends.
#include "tests/gateway/gateway.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <iostream>
#include <string>

int main(int argc, char** argv) try {
    dragoman::test::GatewayOptions options;
    long pace = 0;
    CLI::App app{"A scripted OpenAI-compatible gateway on 127.0.0.1. There is no model behind it."};
    app.add_option("--port", options.port, "Port to listen on; 0 picks a free one")->capture_default_str();
    std::vector<std::string> names;
    for (const auto& row : dragoman::test::dialects()) names.emplace_back(row.name);
    app.add_option("--dialect", options.dialect, "Gateway to imitate")
        ->check(CLI::IsMember(names))
        ->capture_default_str();
    app.add_option("--pace", pace, "Milliseconds after each piece of an answer")
        ->check(CLI::Range(0, 10'000));
    CLI11_PARSE(app, argc, argv);
    options.pace = std::chrono::milliseconds{pace};

    const dragoman::test::Gateway gateway{options};
    std::cout << gateway.base_url() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
    }
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "dragoman-gateway: %s\n", error.what());
    return 1;
}
