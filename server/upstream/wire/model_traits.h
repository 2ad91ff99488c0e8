// What a model's name tells about the fields it takes. Tables; source: upstream.md 6.2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dragoman::wire {

/// Lower case, without a vendor in front: "openai/GPT-5" is "gpt-5".
std::string plain_model_name(std::string_view model);

/// o1, o3, o4, gpt-5 and later except their "-chat" variants: they think, and refuse sampling fields.
bool is_reasoning_model(std::string_view model);

/// gpt-5.1 and later take sampling fields again when the effort is "none".
bool samples_without_effort(std::string_view model);

/// The least reasoning_effort that one of OpenAI's thinking models takes; empty text where it takes but one,
/// nothing for models that are none of them.
std::optional<std::string> least_effort(std::string_view model);

}  // namespace dragoman::wire
