// What arrived, as a test looks at it afterwards.
#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dragoman::test {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::size_t number = 0;      // from 0, in order of arrival at the gateway
    std::size_t connection = 0;  // from 0, in order of acceptance
    std::string method{}, target{};
    Headers headers{};  // as they came: names in the client's case, repeated ones kept
    std::string body{};
    nlohmann::json json{};  // the body, or null where it is not JSON

    enum class Fate {
        answering,      // not all of the answer has been handed to the kernel
        answered,       // all of it has
        cut_by_script,  // the script closed or reset the connection
        client_closed,  // the client closed the connection before the answer ended
    } fate = Fate::answering;
    std::size_t sent = 0;  // bytes of the answer handed to the kernel, head and chunk frames included
    std::chrono::steady_clock::time_point received{}, ended{};

    /// The first header of that name in any case, or an empty text.
    std::string header(std::string_view name) const;
    /// The target without its query.
    std::string path() const { return target.substr(0, target.find('?')); }
    /// The "model" of the JSON body, or empty.
    std::string model() const;
    /// Every text of the prompt in order, whatever the API: messages, input, instructions, prompt,
    /// suffix, input_prefix, input_suffix; parts of a message one after the other, lines between.
    std::string prompt_text() const;
};

}  // namespace dragoman::test
