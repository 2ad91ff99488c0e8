#include "server/upstream/wire/error_body.h"

#include "protocol/base/utf.h"
#include "server/upstream/wire/errors.h"
#include "server/upstream/wire/text.h"
#include "server/upstream/wire/usage.h"

namespace dragoman::wire {
namespace {

constexpr std::size_t kMessageBytes = 4096;
constexpr std::size_t kTextBytes = 200;  // of a body that is plain text
constexpr JsonLimits kLimits{.depth = 64, .values = 100'000, .bytes = 4U << 20U};

std::string cut(std::string_view text, std::size_t bytes = kMessageBytes) {
    return std::string{truncate_utf8(trim_ascii(text), bytes)};
}

/// Text, a number, or the JSON of anything else; "" for null and for the words some servers print for it.
std::string text_of(const Json& value) {
    if (value.is_null()) return {};
    if (value.is_string()) {
        auto text = cut(value.get_ref<const std::string&>());
        return text == "None" || text == "null" ? std::string{} : text;
    }
    return cut(dump_json(value));
}

std::string member(const Json& object, std::string_view name) {
    const Json* value = find(object, name);
    return value == nullptr ? std::string{} : text_of(*value);
}

template <class... Names>
std::string first_member(const Json& object, Names... names) {
    std::string out;
    ((out.empty() ? void(out = member(object, names)) : void()), ...);
    return out;
}

/// FastAPI's detail: text, an object of its own, or a list of {loc, msg}.
void read_detail(const Json& detail, Complaint& out) {
    if (detail.is_object()) {
        out.message = first_member(detail, "message", "msg", "error");
        if (out.message.empty()) out.message = text_of(detail);
        if (out.code.empty()) out.code = first_member(detail, "code", "type");
        return;
    }
    if (!detail.is_array() || detail.empty() || !detail.front().is_object()) {
        out.message = text_of(detail);
        return;
    }
    const Json& item = detail.front();
    std::string place;
    if (const Json* loc = find(item, "loc"); loc != nullptr && loc->is_array()) {
        for (const auto& part : *loc) {
            if (part == "body") continue;
            if (out.param.empty() && part.is_string()) out.param = text_of(part);
            place += (place.empty() ? "" : ".") + text_of(part);
        }
    }
    const auto words = first_member(item, "msg", "message");
    out.message = place.empty() ? words : place + ": " + words;
    if (out.code.empty()) out.code = member(item, "type");
}

int status_of(const Json& object) {
    for (const auto* name : {"code", "status", "status_code"}) {
        const Json* value = find(object, name);
        if (value == nullptr) continue;
        auto number = as_int(*value);
        if (!number && value->is_string()) {
            if (const auto parsed = parse_number(value->get_ref<const std::string&>())) {
                number = as_int(Json(*parsed));
            }
        }
        if (number && *number >= 400 && *number <= 599) return static_cast<int>(*number);
    }
    return 0;
}

void read_error_member(const Json& error, Complaint& out) {
    if (!error.is_object()) {
        out.message = text_of(error);
        return;
    }
    out.message = first_member(error, "message", "msg", "detail");
    out.code = first_member(error, "code", "type");
    out.type = first_member(error, "type", "status");
    out.param = member(error, "param");
    out.request_id = member(error, "request_id");
    out.status = status_of(error);
    out.context_limit = token_count(error, "n_ctx");
    out.prompt_tokens = token_count(error, "n_prompt_tokens");
    // OpenRouter: "Provider returned error", with the provider's own answer as text beside it.
    const Json* metadata = find(error, "metadata");
    const auto raw = metadata == nullptr ? std::string{} : member(*metadata, "raw");
    if (!raw.empty()) {
        const auto inner = read_complaint(std::string_view{raw});
        if (!inner.message.empty()) out.message += (out.message.empty() ? "" : ": ") + inner.message;
        if (out.param.empty()) out.param = inner.param;
    }
}

/// {message}, {code, msg}, {err}, {error_msg}, {header: {message}}: no `error` member.
void read_flat(const Json& object, Complaint& out) {
    out.message = first_member(object, "message", "msg", "err", "error_msg");
    out.code = first_member(object, "code", "type");
    out.type = member(object, "type");
    out.param = member(object, "param");
    out.status = status_of(object);
    const Json* detail = find(object, "detail");
    if (out.message.empty() && detail != nullptr) read_detail(*detail, out);
    const Json* header = find(object, "header");
    if (out.message.empty() && header != nullptr) out.message = member(*header, "message");
}

/// "... (request id: 2025...)" at the end of a message: the one-api family.
void take_request_id(Complaint& out) {
    const auto low = lower_ascii(out.message);
    const auto at = low.rfind("(request id:");
    if (at == std::string::npos || low.back() != ')') return;
    constexpr std::size_t kLead = 12;
    const auto id = std::string_view{out.message}.substr(at + kLead, out.message.size() - at - kLead - 1);
    if (out.request_id.empty()) out.request_id = std::string{trim_ascii(id)};
    out.message = std::string{trim_ascii(std::string_view{out.message}.substr(0, at))};
}

std::string html_title(std::string_view html) {
    const auto low = lower_ascii(html.substr(0, 64U << 10U));
    auto from = low.find("<title");
    if (from == std::string::npos) return {};
    from = low.find('>', from);
    const auto to = low.find("</title", from == std::string::npos ? 0 : from);
    if (from == std::string::npos || to == std::string::npos) return {};
    return cut(html.substr(from + 1, to - from - 1), kTextBytes);
}

bool is_html(std::string_view body) {
    const auto low = lower_ascii(body.substr(0, 256));
    return low.starts_with("<!doctype html") || low.starts_with("<html") || contains(low, "<head") ||
           (low.starts_with("<") && contains(low, "<html"));
}

/// A refusal dressed as a stream: the JSON behind the first "data:" or "error:".
std::string_view inside_stream(std::string_view body) {
    for (const std::string_view field : {"data:", "error:"}) {
        auto at = body.find(field);
        while (at != std::string_view::npos && at != 0 && body[at - 1] != '\n') at = body.find(field, at + 1);
        if (at == std::string_view::npos) continue;
        const auto value = trim_ascii(body.substr(at + field.size()));
        if (value.starts_with("{")) return value;
    }
    return {};
}

}  // namespace

Complaint read_complaint(const Json& value) {
    if (value.is_array() && !value.empty() && value.front().is_object()) return read_complaint(value.front());
    Complaint out;
    out.form = is_error_object(value) ? Complaint::Form::json_error : Complaint::Form::json;
    if (out.form == Complaint::Form::json) {
        out.message = value.is_string() ? text_of(value) : cut(dump_json(value), kTextBytes);
        return out;
    }
    const Json* response = find(value, "response");
    const Json* data = find(value, "data");
    if (const Json* error = find(value, "error"); error != nullptr && !error->empty()) {
        read_error_member(*error, out);
        if (out.message.empty()) out.message = member(value, "message");
        if (out.status == 0) out.status = status_of(value);
        if (out.code.empty()) out.code = first_member(value, "code");
    } else if (response != nullptr && is_error_object(*response)) {
        out = read_complaint(*response);
    } else if (data != nullptr && is_error_object(*data)) {
        out = read_complaint(*data);
    } else {
        read_flat(value, out);
    }
    if (out.request_id.empty()) out.request_id = first_member(value, "request_id", "requestId");
    take_request_id(out);
    return out;
}

Complaint read_complaint(std::string_view body) {
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    body = trim_ascii(body);
    Complaint out;
    if (body.empty()) return out;
    const auto framed = inside_stream(body);
    const auto json = first_json_value(framed.empty() ? body : framed);
    if (!json.empty() || body.front() == '"') {
        if (const auto parsed = parse_json(repair_utf8(json.empty() ? body : json), kLimits)) {
            return read_complaint(*parsed);
        }
    }
    out.form = is_html(body) ? Complaint::Form::html : Complaint::Form::text;
    out.message = out.form == Complaint::Form::html ? html_title(body) : cut(body, kTextBytes);
    return out;
}

}  // namespace dragoman::wire
