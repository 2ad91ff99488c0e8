#include "server/upstream/wire/listings.h"

#include "server/upstream/wire/errors.h"
#include "server/upstream/wire/text.h"
#include "server/upstream/wire/usage.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <set>

namespace dragoman::wire {
namespace {

/// A thousand models with descriptions and prices fit; so do 2048 embeddings of 3072 numbers.
constexpr JsonLimits kLimits{.depth = 64, .values = 16'000'000, .bytes = 256U << 20U};

Error bad_answer(int status, std::string message, std::string hint) {
    Error error;
    error.kind = ErrorKind::bad_response;
    error.http_status = status;
    error.message = std::move(message);
    error.hint = std::move(hint);
    return error;
}

/// The JSON of a 2xx answer, or what is wrong with the answer: a refusal in any status, HTML, no JSON.
Result<Json> read_answer(int status, const Headers& headers, std::string_view body) {
    if (status >= 300) return read_error(status, headers, body);
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    auto parsed = parse_json(trim_ascii(body), kLimits);
    if (!parsed || !parsed->is_structured()) return read_error(status, headers, body);
    if (is_error_object(*parsed)) return read_error_object(status, headers, *parsed);
    return std::move(parsed).value();
}

// Models.

std::optional<std::int64_t> first_positive(const Json& object, std::initializer_list<const char*> names) {
    for (const auto* name : names) {
        const auto value = get_int(object, name);
        if (value && *value > 0) return value;
    }
    return std::nullopt;
}

std::string first_text(const Json& object, std::initializer_list<const char*> names) {
    for (const auto* name : names) {
        const auto text = get_string(object, name).value_or("");
        if (!trim_ascii(text).empty()) return std::string{trim_ascii(text)};
    }
    return {};
}

ListedModel read_model(const Json& item) {
    if (item.is_string()) return {.id = std::string{trim_ascii(item.get_ref<const std::string&>())}};
    ListedModel model{.id = first_text(item, {"id", "name", "model", "slug"})};
    model.context_length =
        first_positive(item, {"context_length", "max_model_len", "context_window", "max_context_length"});
    model.max_output = first_positive(item, {"max_output_tokens", "max_completion_tokens"});
    if (const Json* top = find(item, "top_provider")) {
        if (!model.context_length) model.context_length = first_positive(*top, {"context_length"});
        if (!model.max_output) model.max_output = first_positive(*top, {"max_completion_tokens"});
    }
    const Json* meta = find(item, "meta");
    if (meta != nullptr && !model.context_length)
        model.context_length = first_positive(*meta, {"n_ctx_train"});
    return model;
}

// Balances.

/// A number as its JSON text, a numeric string as it is; nothing for anything else.
std::optional<std::string> amount_of(const Json* value) {
    if (value == nullptr) return std::nullopt;
    if (value->is_number()) return dump_json(*value);
    if (!value->is_string()) return std::nullopt;
    const auto text = trim_ascii(value->get_ref<const std::string&>());
    return parse_number(text) ? std::optional{std::string{text}} : std::nullopt;
}

std::optional<double> number_of(const Json* value) {
    const auto text = amount_of(value);
    return text ? parse_number(*text) : std::nullopt;
}

/// At most six decimals, without the zeros at the end: "12.3", "0.000125", "-4".
std::string decimal(double value) {
    std::array<char, 400> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.6f", value);
    std::string_view out{text.data(), static_cast<std::size_t>(std::max(length, 0))};
    while (contains(out, ".") && (out.ends_with('0') || out.ends_with('.'))) {
        const bool point = out.ends_with('.');
        out.remove_suffix(1);
        if (point) break;
    }
    return out == "-0" ? "0" : std::string{out};
}

/// `object` as the first of `names` that is an object in it says, or `object` itself.
const Json& unwrapped(const Json& object, std::initializer_list<const char*> names) {
    for (const auto* name : names) {
        const Json* inner = find(object, name);
        if (inner != nullptr && inner->is_object()) return *inner;
    }
    return object;
}

Balance read_generic(const Json& answer) {
    constexpr std::array<const char*, 12> kAmounts = {
        "balance",   "total_balance",   "totalBalance", "remaining", "remaining_balance", "credits", "credit",
        "available", "total_available", "quota",        "points",    "total_remaining"};
    const Json& object = unwrapped(answer, {"data", "result"});
    const Json* plain = find(answer, "data") != nullptr ? find(answer, "data") : find(answer, "result");
    const auto currency = first_text(object, {"currency", "unit"});
    Balance balance{.amount = {}, .unit = currency.empty() ? "credits" : currency, .raw = answer};
    if (const auto amount = amount_of(plain)) balance.amount = *amount;
    for (const auto* name : kAmounts) {
        const auto amount = amount_of(find(object, name));
        if (!amount || !balance.amount.empty()) continue;
        balance.amount = *amount;
    }
    return balance;
}

std::vector<Balance> read_deepseek(const Json& answer) {
    std::vector<Balance> out;
    const Json* infos = find(answer, "balance_infos");
    if (infos == nullptr || !infos->is_array()) return out;
    for (const auto& info : *infos) {
        const auto amount = amount_of(find(info, "total_balance"));
        if (amount)
            out.push_back(
                {.amount = *amount, .unit = get_string(info, "currency").value_or(""), .raw = info});
    }
    return out;
}

std::vector<Balance> read_openrouter(const Json& answer) {
    const Json& data = unwrapped(answer, {"data"});
    const auto total = number_of(find(data, "total_credits"));
    if (!total) return {};
    return {{.amount = decimal(*total - number_of(find(data, "total_usage")).value_or(0)),
             .unit = "USD",
             .raw = answer}};
}

std::vector<Balance> read_siliconflow(const Json& answer) {
    const Json& data = unwrapped(answer, {"data"});
    for (const auto* name : {"totalBalance", "balance"}) {
        if (const auto amount = amount_of(find(data, name)))
            return {{.amount = *amount, .unit = "CNY", .raw = answer}};
    }
    return {};
}

Error no_balance(int status) {
    return bad_answer(
        status, "The gateway's answer names no balance.",
        "Check the setting balance of this provider, or look at the balance in the gateway's console.");
}

// Embeddings.

/// Base64 of little-endian floats; nothing when it is not base64 or not a whole number of floats.
std::optional<std::vector<float>> read_base64(std::string_view text) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while (text.ends_with('=')) text.remove_suffix(1);
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto value = kAlphabet.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        held = (held << 6U) | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<char>((held >> bits) & 0xFFU));
    }
    if (text.empty() || text.size() % 4 == 1 || bytes.size() % 4 != 0) return std::nullopt;
    std::vector<float> out(bytes.size() / 4);
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint32_t word = 0;
        for (std::size_t byte = 4; byte-- > 0;) {
            word = (word << 8U) | static_cast<unsigned char>(bytes[i * 4 + byte]);
        }
        out[i] = std::bit_cast<float>(word);
    }
    return out;
}

/// One vector, or why there is none (a sentence).
Result<std::vector<float>, std::string> read_vector(const Json* value) {
    std::vector<float> out;
    if (value != nullptr && value->is_string()) {
        auto decoded = read_base64(value->get_ref<const std::string&>());
        if (!decoded) return std::string{"An embedding is not base64 of whole floats."};
        out = std::move(*decoded);
    } else if (value != nullptr && value->is_array()) {
        out.reserve(value->size());
        for (const auto& number : *value) {
            if (number.is_array())
                return std::string{"The gateway sent one vector for each token, not one for each text."};
            if (!number.is_number()) return std::string{"An embedding holds something that is not a number."};
            const double wide = number.get<double>();
            const bool fits = std::abs(wide) <= std::numeric_limits<float>::max();
            out.push_back(fits ? static_cast<float>(wide) : std::numeric_limits<float>::infinity());
        }
    }
    if (out.empty()) return std::string{"An embedding is missing or empty."};
    if (!std::all_of(out.begin(), out.end(), [](float f) { return std::isfinite(f); })) {
        return std::string{"An embedding holds a number that is not finite."};
    }
    return out;
}

constexpr std::string_view kEmbeddingHint =
    "Choose a model made for embeddings; a local server must be started for embeddings with a pooling that "
    "gives one "
    "vector a text (llama.cpp: --embeddings --pooling mean).";

std::optional<Usage> usage_of(const Json& answer) {
    const Json* usage = find(answer, "usage");
    if (usage == nullptr) return std::nullopt;
    for (const auto* name : {"prompt_tokens", "total_tokens"}) {
        const auto tokens = token_count(*usage, name);
        if (tokens && *tokens > 0) return Usage{.input = *tokens};
    }
    return std::nullopt;
}

}  // namespace

Result<std::vector<ListedModel>> read_models(int status, const Headers& headers, std::string_view body) {
    auto answer = read_answer(status, headers, body);
    if (!answer) return std::move(answer).error();
    std::vector<ListedModel> out;
    const Json* list = answer->is_array() ? &*answer : find(*answer, "data");
    if (list == nullptr) list = find(*answer, "models");
    if (list == nullptr || !list->is_array()) return out;
    std::set<std::string> seen;
    for (const auto& item : *list) {
        auto model = read_model(item);
        if (!model.id.empty() && seen.insert(model.id).second) out.push_back(std::move(model));
    }
    return out;
}

Result<std::vector<Balance>> read_balance(BalanceShape shape, int status, const Headers& headers,
                                          std::string_view body) {
    const auto answer = read_answer(status, headers, body);
    if (!answer) return answer.error();
    std::vector<Balance> out;
    switch (shape) {
        case BalanceShape::generic: out.push_back(read_generic(*answer)); break;
        case BalanceShape::deepseek: out = read_deepseek(*answer); break;
        case BalanceShape::openrouter: out = read_openrouter(*answer); break;
        case BalanceShape::siliconflow: out = read_siliconflow(*answer); break;
    }
    if (out.empty()) return no_balance(status);
    return out;
}

Result<std::vector<Balance>> read_billing(std::string_view subscription, std::string_view usage) {
    // What the one-api family shows as the limit of a key without one.
    constexpr double kUnlimited = 100'000'000;
    constexpr double kUsageUnit = 100;  // usage is in hundredths
    const auto answer = read_answer(200, {}, subscription);
    if (!answer) return answer.error();
    const auto limit = number_of(find(*answer, "hard_limit_usd"));
    if (!limit) return no_balance(200);
    if (*limit >= kUnlimited)
        return std::vector{Balance{.amount = "unlimited", .unit = "USD", .raw = *answer}};
    const auto used = read_answer(200, {}, usage);
    const auto spent = used ? number_of(find(*used, "total_usage")) : std::nullopt;
    return std::vector{
        Balance{.amount = decimal(*limit - spent.value_or(0) / kUsageUnit), .unit = "USD", .raw = *answer}};
}

Result<Embeddings> read_embeddings(std::size_t inputs, int status, const Headers& headers,
                                   std::string_view body) {
    const auto fail = [&](std::string message) {
        return bad_answer(status, std::move(message), std::string{kEmbeddingHint});
    };
    const auto answer = read_answer(status, headers, body);
    if (!answer) {
        // NaN is not JSON: the whole answer fails to parse then, and that is worth saying.
        const bool nan = status < 300 && trim_ascii(body).starts_with("{") && contains(body, "NaN");
        return nan ? fail("An embedding holds a number that is not finite.") : answer.error();
    }
    const Json* data = find(*answer, "data");
    if (data == nullptr || !data->is_array() || data->size() != inputs) {
        return fail("The gateway sent " +
                    std::to_string(data != nullptr && data->is_array() ? data->size() : 0) +
                    " embeddings for " + std::to_string(inputs) + " texts.");
    }
    Embeddings out;
    out.vectors.resize(inputs);
    for (std::size_t position = 0; position < inputs; ++position) {
        const Json& item = (*data)[position];
        const auto index = get_int(item, "index").value_or(static_cast<std::int64_t>(position));
        if (index < 0 || static_cast<std::size_t>(index) >= inputs ||
            !out.vectors[static_cast<std::size_t>(index)].empty()) {
            return fail("The gateway's embeddings have indexes that do not fit the texts.");
        }
        auto vector = read_vector(find(item, "embedding"));
        if (!vector) return fail(vector.error());
        out.vectors[static_cast<std::size_t>(index)] = std::move(vector).value();
    }
    const bool equal = std::all_of(out.vectors.begin(), out.vectors.end(),
                                   [&](const auto& v) { return v.size() == out.vectors.front().size(); });
    if (!equal) return fail("The gateway's embeddings have different lengths.");
    out.usage = usage_of(*answer);
    return out;
}

}  // namespace dragoman::wire
