#include "tests/gateway/house_answers.h"

#include "tests/gateway/voice.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <ctime>

namespace dragoman::test {
namespace {

using Json = nlohmann::json;

struct Continuation {
    std::string_view tail, text;
};

constexpr std::array kContinuations{
    Continuation{"int add(int a, int b) {\n    return ", "a + b;"},
    Continuation{"bool is_even(int n) {\n    return ", "n % 2 == 0;"},
    Continuation{"std::string greet(const std::string& name) {\n    return ", "\"Hello, \" + name + \"!\";"},
    Continuation{"int fibonacci(int n) {\n    ",
                 "if (n < 2) return n;\n    return fibonacci(n - 1) + fibonacci(n - 2);"},
    Continuation{"double average(const std::vector<double>& values) {\n    ",
                 "if (values.empty()) return 0;\n    double sum = 0;\n    for (double value : values) sum += "
                 "value;\n    return sum / static_cast<double>(values.size());"},
    Continuation{"for (int i = 0; i < ", "n; ++i) {"},
    Continuation{"def add(a, b):\n    return ", "a + b"},
    Continuation{"def is_even(n):\n    return ", "n % 2 == 0"},
    Continuation{"def greet(name):\n    return ", "f\"Hello, {name}!\""},
    Continuation{"def fibonacci(n):\n    ",
                 "if n < 2:\n        return n\n    return fibonacci(n - 1) + fibonacci(n - 2)"},
    Continuation{"def average(values):\n    ", "return sum(values) / len(values) if values else 0.0"},
    Continuation{"if __name__ == \"__main__\":\n    ", "main()"},
};

std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    return hash;
}

Script refuse(const Dialect& dialect, std::string_view ask, int status, std::string message) {
    if (documented_error(dialect.name, ask) != nullptr) return Script::refuse(dialect.name, ask);
    return Script::json(status,
                        {{"error", {{"message", std::move(message)}, {"type", "invalid_request_error"}}}});
}

bool key_is_good(const HttpRequest& request, const Dialect& dialect) {
    if (dialect.key_prefix.empty()) return true;
    const std::string given = request.header("Authorization");
    const std::string wanted = "Bearer " + std::string{dialect.key_prefix};
    return given.size() > wanted.size() && given.compare(0, wanted.size(), wanted) == 0 &&
           std::none_of(given.begin() + 7, given.end(), [](unsigned char c) { return std::isspace(c) != 0; });
}

Script models(const Dialect& dialect) {
    Json data = Json::array();
    for (const std::string_view id : dialect.models)
        data.push_back(
            {{"id", id}, {"object", "model"}, {"created", 1'700'000'000}, {"owned_by", dialect.name}});
    return Script::json(200, {{"object", "list"}, {"data", std::move(data)}});
}

Script embeddings(const HttpRequest& request) {
    std::vector<std::string> inputs;
    const Json input = request.json.is_object() ? request.json.value("input", Json{}) : Json{};
    if (input.is_string()) inputs.push_back(input.get<std::string>());
    if (input.is_array())
        for (const Json& text : input)
            inputs.push_back(text.is_string() ? text.get<std::string>() : text.dump());
    Json data = Json::array();
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        Json vector = Json::array();
        for (int k = 0; k < 8; ++k)
            vector.push_back(static_cast<double>(fnv1a(inputs[i] + std::to_string(k)) % 2001) / 1000.0 - 1.0);
        data.push_back({{"object", "embedding"}, {"index", i}, {"embedding", std::move(vector)}});
    }
    const auto tokens = words(request.prompt_text()).size();
    return Script::json(200, {{"object", "list"},
                              {"model", request.model()},
                              {"data", std::move(data)},
                              {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}}});
}

/// A chat request that asks to fill a hole in code: its instructions speak of the cursor.
bool asks_for_code(const HttpRequest& request) {
    std::string text = request.json.value("instructions", Json{}).dump();
    for (const char* list : {"messages", "input"})
        for (const Json& message : request.json.value(list, Json::array()))
            if (message.is_object() && message.value("role", "") != "user") text += message.dump();
    return text.find("cursor") != std::string::npos;
}

Script model_answer(const HttpRequest& request, const Dialect& dialect, ApiForm form) {
    const std::string prompt = request.prompt_text();
    if (form != ApiForm::chat && form != ApiForm::responses) return Script::answer(house_completion(prompt));
    if (asks_for_code(request)) return Script::answer(house_completion(prompt));
    Script script;
    if (dialect.usage_details && request.model().find("reason") != std::string::npos)
        script.reasoning("The question is short, ").reasoning("so the answer may be, too.");
    for (std::string& word : words(house_chat(prompt))) script.text(std::move(word));
    return script.finish();
}

Script generate(const HttpRequest& request, const Dialect& dialect, ApiForm form) {
    const std::string model = request.model();
    if (constexpr std::string_view kAsk = "error-"; model.compare(0, kAsk.size(), kAsk) == 0)
        if (documented_error(dialect.name, model.substr(kAsk.size())) != nullptr)
            return Script::refuse(dialect.name, model.substr(kAsk.size()));
    const bool complete = request.json.is_object() && (form == ApiForm::infill || !model.empty()) &&
                          (form != ApiForm::chat || request.json.contains("messages")) &&
                          (form != ApiForm::responses || request.json.contains("input"));
    if (!complete) return refuse(dialect, "400", 400, "a required field is missing");
    const bool known = std::find(dialect.models.begin(), dialect.models.end(), model) != dialect.models.end();
    if (!known && !dialect.unknown_model.empty()) return Script::refuse(dialect.name, dialect.unknown_model);
    return model_answer(request, dialect, form);
}

void add_rate_headers(Script& script) {
    const std::time_t reset = std::time(nullptr) + 60;
    std::tm utc{};
    ::gmtime_r(&reset, &utc);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    script.header("X-RateLimit-Limit", "60")
        .header("X-RateLimit-Remaining", "59")
        .header("X-RateLimit-Reset", std::string{text.data(), size});
}

Script route(const HttpRequest& request, const Dialect& dialect) {
    const std::string path = request.path();
    const bool post = request.method == "POST";
    if (const ApiForm form = api_form(dialect, path); post && form != ApiForm::none)
        return generate(request, dialect, form);
    const std::string base{dialect.prefix};
    if (!post && dialect.models_route && path == base + "/models") return models(dialect);
    if (!post && dialect.balance && path == base + "/balance") return Script::json(200, {{"balance", 482.5}});
    if (post && dialect.embeddings && path == base + "/embeddings") return embeddings(request);
    if (!post && dialect.infill && path == "/props")
        return Script::json(200, {{"default_generation_settings", {{"n_ctx", 8192}}}, {"total_slots", 1}});
    return Script::json(404, {{"error",
                               {{"message", "Invalid URL (" + request.method + " " + path + ")"},
                                {"type", "invalid_request_error"},
                                {"param", ""},
                                {"code", ""}}}});
}

}  // namespace

Script house_script(const HttpRequest& request, const Dialect& dialect) {
    if (!key_is_good(request, dialect)) return refuse(dialect, "401", 401, "the key is not accepted");
    if (dialect.needs_agent && request.header("User-Agent").empty())
        return refuse(dialect, "403-agent", 403, "User-Agent is missing");
    Script script = route(request, dialect);
    if (dialect.rate_headers) add_rate_headers(script);
    return script;
}

std::string house_completion(std::string_view prompt) {
    // The hole is where the last of the known tails stands unfinished; what was typed beyond the tail counts.
    std::size_t best = 0;
    std::string answer;
    for (const auto& [tail, text] : kContinuations) {
        for (auto at = prompt.find(tail); at != std::string_view::npos; at = prompt.find(tail, at + 1)) {
            const std::string_view rest = prompt.substr(at + tail.size());
            const auto typed = static_cast<std::size_t>(
                std::mismatch(text.begin(), text.end(), rest.begin(), rest.end()).first - text.begin());
            if (typed == text.size() || at + tail.size() < best) continue;
            best = at + tail.size();
            answer = text.substr(typed);
        }
    }
    if (!answer.empty()) return answer;
    constexpr std::string_view kDigits = "0123456789abcdef";
    answer = "demo_";
    for (int shift = 12; shift >= 0; shift -= 4) answer += kDigits[fnv1a(prompt) >> shift & 0xFU];
    return answer;
}

std::string house_chat(std::string_view prompt) {
    while (!prompt.empty() && std::isspace(static_cast<unsigned char>(prompt.back())) != 0)
        prompt.remove_suffix(1);
    const auto line = prompt.rfind('\n');
    std::string question{line == std::string_view::npos ? prompt : prompt.substr(line + 1)};
    return "You asked: *" + question +
           "*\n\n"
           "This is the **embedded demonstration gateway**. There is no model behind it: it answers every "
           "question with these lines, so that you can watch them arrive, cancel them, and see\n\n"
           "- a list,\n"
           "- some `inline code`,\n"
           "- and a block:\n\n"
           "```cpp\n"
           "int add(int a, int b) {\n"
           "    return a + b;\n"
           "}\n"
           "```\n\n"
           "Name a real gateway in `config.json` and the same question goes to a model.\n";
}

}  // namespace dragoman::test
