// The fill builders: one hole, four ways to ask for it (upstream.md 9), and embeddings.
#include "protocol/base/utf.h"
#include "server/upstream/wire/body.h"
#include "server/upstream/wire/fim.h"

namespace dragoman::wire {
namespace {

const FimFamily* family_of(std::string_view model) {
    const auto name = fim_family(model);
    return name ? find_fim_family(*name) : nullptr;
}

/// The user's stop strings first: the wire takes few, and the family's own tokens end an answer anyway.
std::vector<std::string> all_stops(const FillRequest& request, const FimFamily* family) {
    std::vector<std::string> out = request.sampling.stop;
    for (auto& text : fim_stops(family)) out.push_back(std::move(text));
    return out;
}

/// What /completions takes beside prompt and suffix. Its own default for max_tokens is 16.
Outgoing finish_completions(Body body, const FillRequest& request, const std::vector<std::string>& wire_stops,
                            const FimFamily* family) {
    body.put("max_tokens", request.sampling.max_tokens);
    body.put_sampling(request.sampling);
    body.put_stop(wire_stops);
    body.put("stream", request.stream);
    if (request.stream) body.put("stream_options", Json{{"include_usage", true}});
    return std::move(body).finish("/completions", request.extra_body, Shape::completions, "max_tokens",
                                  all_stops(request, family));
}

/// Other files in front of the prefix, as Codestral was taught them.
std::string with_files(const FillRequest& request, const FimFamily* family) {
    std::string out;
    for (const auto& file : request.files) {
        out += "+++++ " + disarm(file.path, family) + "\n" + disarm(file.text, family) + "\n\n";
    }
    if (!out.empty())
        out += "+++++ " + disarm(request.path.empty() ? "untitled" : request.path, family) + "\n";
    return out + disarm(request.prefix, family);
}

}  // namespace

Outgoing build_completions_suffix(const FillRequest& request, const Dialect& dialect) {
    Body body{dialect};
    const FimFamily* family = family_of(request.model);
    if (body.drops("suffix") && family != nullptr) {
        return *build_completions_tokens(request, std::string{family->name}, dialect);
    }
    body.put_text("model", request.model);
    body.put("prompt", disarm(request.prefix, family));
    body.put("suffix", request.suffix.empty() ? "\n" : disarm(request.suffix, family));
    return finish_completions(std::move(body), request, request.sampling.stop, family);
}

std::optional<Outgoing> build_completions_tokens(const FillRequest& request, const std::string& name,
                                                 const Dialect& dialect) {
    const FimFamily* family = find_fim_family(name);
    if (family == nullptr) return std::nullopt;
    Body body{dialect};
    body.put_text("model", request.model);
    body.put("prompt", fim_prompt(*family, request));
    return finish_completions(std::move(body), request, all_stops(request, family), family);
}

Outgoing build_mistral_fim(const FillRequest& request, const Dialect& dialect) {
    const FimFamily* family = find_fim_family("codestral");
    Body body{dialect};
    body.put_text("model", request.model);
    body.put("prompt", with_files(request, family));
    body.put("suffix", disarm(request.suffix, family));
    body.put("max_tokens", request.sampling.max_tokens);
    body.put("temperature", request.sampling.temperature);
    body.put("top_p", request.sampling.top_p);
    body.put("random_seed", request.sampling.seed);
    body.put_stop(request.sampling.stop);
    body.put("prompt_cache_key", request.prompt_cache_key);
    body.put("stream", request.stream);
    return std::move(body).finish("/fim/completions", request.extra_body, Shape::mistral_fim, "max_tokens",
                                  all_stops(request, family));
}

Outgoing build_llamacpp_infill(const FillRequest& request, const Dialect& dialect) {
    // The server inserts the tokens and reads the texts without looking for any: nothing to disarm.
    Body body{dialect};
    body.put_text("input_prefix", request.prefix);
    body.put_text("input_suffix", request.suffix);
    Json extra;
    for (const auto& file : request.files) {
        extra.push_back({{"filename", repair_utf8(file.path)}, {"text", repair_utf8(file.text)}});
    }
    body.put("input_extra", std::move(extra));
    if (!request.model.empty()) body.put_text("model", request.model);
    body.put("n_predict", request.sampling.max_tokens);
    body.put_sampling(request.sampling);
    body.put_stop(request.sampling.stop);
    body.put("cache_prompt", true);
    body.put("stream", request.stream);
    return std::move(body).finish("/infill", request.extra_body, Shape::llamacpp_infill, "n_predict",
                                  all_stops(request, family_of(request.model)));
}

Outgoing build_embeddings(const std::string& model, const std::vector<std::string>& input) {
    Json texts = Json::array();
    for (const auto& text : input) texts.push_back(repair_utf8(text));
    Json body = {{"model", repair_utf8(model)}, {"input", std::move(texts)}};
    return {.path = "/embeddings", .body = std::move(body), .reading = {}};
}

}  // namespace dragoman::wire
