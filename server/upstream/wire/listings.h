// The answers that are not streams: models, balance, embeddings.
#pragma once

#include "protocol/base/json.h"
#include "protocol/base/result.h"
#include "server/upstream/wire/decoder.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::wire {

struct ListedModel {
    std::string id;
    std::optional<std::int64_t> context_length{}, max_output{};
    friend bool operator==(const ListedModel&, const ListedModel&) = default;
};

/// GET .../models, in every shape of upstream.md 8.1; duplicates and blank ids dropped, order kept.
Result<std::vector<ListedModel>> read_models(int status, const Headers& headers, std::string_view body);

struct Balance {
    std::string amount;  // decimal text, as exact as the gateway gave it; "unlimited"
    std::string unit;    // "credits", "USD", "CNY", ...
    Json raw;
};

/// Which of the endpoints of upstream.md 8.2 was asked.
enum class BalanceShape { generic, deepseek, openrouter, siliconflow };
Result<std::vector<Balance>> read_balance(BalanceShape shape, int status, const Headers& headers,
                                          std::string_view body);
/// The one-api pair: subscription and usage. `usage` may be empty (not asked or refused).
Result<std::vector<Balance>> read_billing(std::string_view subscription, std::string_view usage);

struct Embeddings {
    std::vector<std::vector<float>> vectors;  // in the order of the input
    std::optional<Usage> usage{};
};
/// POST .../embeddings: floats or base64, any order; equal lengths and finite numbers are required.
Result<Embeddings> read_embeddings(std::size_t inputs, int status, const Headers& headers,
                                   std::string_view body);

}  // namespace dragoman::wire
