#include "server/upstream/wire/body.h"

#include "protocol/base/utf.h"

namespace dragoman::wire {
namespace {

constexpr std::size_t kStops = 4;

void add_stop(std::vector<std::string>& stops, std::string text) {
    if (!text.empty() && std::find(stops.begin(), stops.end(), text) == stops.end())
        stops.push_back(std::move(text));
}

}  // namespace

void Body::put(const std::string& name, Json value) {
    if (value.is_null() || drops(name)) return;
    if (const auto other = dialect_.replaced.find(name); other != dialect_.replaced.end())
        value = other->second;
    if (value.is_string()) value = wanted(name, value.get<std::string>());
    if (!value.is_null()) json_[name] = std::move(value);
}

Json Body::wanted(const std::string& name, const std::string& value) const {
    if (drops(name)) return {};
    const auto other = dialect_.replaced.find(name + "=" + value);
    return other == dialect_.replaced.end() ? Json(value) : other->second;
}

void Body::put_text(const std::string& name, std::string_view text) { put(name, Json(repair_utf8(text))); }

void Body::put_stop(const std::vector<std::string>& stop) {
    Json list = Json::array();
    for (const auto& text : stop) {
        if (!text.empty() && list.size() < kStops) list.push_back(repair_utf8(text));
    }
    if (!list.empty()) put("stop", std::move(list));
}

void Body::put_sampling(const Sampling& sampling) {
    put("temperature", sampling.temperature);
    put("top_p", sampling.top_p);
    put("presence_penalty", sampling.presence_penalty);
    put("frequency_penalty", sampling.frequency_penalty);
    put(dialect_.random_seed ? "random_seed" : "seed", sampling.seed);
}

Outgoing Body::finish(std::string path, const Json& extra, Shape shape, std::string_view limit,
                      std::vector<std::string> stop) && {
    if (extra.is_object()) merge_json(json_, extra);
    Outgoing out{.path = std::move(path), .body = std::move(json_), .reading = {}};
    out.reading.shape = shape;
    out.reading.choices =
        static_cast<int>(std::clamp<std::int64_t>(get_int(out.body, "n").value_or(1), 1, 128));
    out.reading.max_output_tokens = std::max<std::int64_t>(get_int(out.body, limit).value_or(0), 0);
    for (auto& text : stop) add_stop(out.reading.stop, repair_utf8(text));
    if (const Json* sent = find(out.body, "stop"); sent != nullptr) {
        const Json list = sent->is_array() ? *sent : Json::array({*sent});
        for (const auto& text : list) {
            if (text.is_string()) add_stop(out.reading.stop, text.get<std::string>());
        }
    }
    return out;
}

}  // namespace dragoman::wire
