#include "server/upstream/wire/errors.h"

#include "protocol/base/utf.h"
#include "server/privacy/key_shapes.h"
#include "server/upstream/wire/context_size.h"
#include "server/upstream/wire/error_body.h"
#include "server/upstream/wire/error_rules.h"
#include "server/upstream/wire/text.h"

#include <array>
#include <chrono>

namespace dragoman::wire {
namespace {

constexpr std::size_t kMessageBytes = 300;
constexpr std::size_t kCodeBytes = 100;
constexpr std::chrono::milliseconds kModelLoads{1000};

/// What a stranger said, safe to show.
std::string shown(std::string_view text, std::size_t bytes) {
    return one_line(privacy::redact_keys(repair_utf8(text)), bytes);
}

std::string request_id(const Headers& headers, const Complaint& complaint) {
    for (const auto* name : {"x-request-id", "x-oneapi-request-id", "cf-ray", "x-generation-id"}) {
        const auto value = find_header(headers, name);
        if (value && !value->empty()) return one_line(*value, kCodeBytes);
    }
    return shown(complaint.request_id, kCodeBytes);
}

/// The host of an absolute Location, without user-info; the path of a relative one, without its query.
std::string redirect_target(const Headers& headers) {
    std::string_view location = find_header(headers, "location").value_or("");
    location = location.substr(0, location.find_first_of("?#"));
    const auto scheme = location.find("//");
    if (scheme == std::string_view::npos) return shown(location, kCodeBytes);
    location.remove_prefix(scheme + 2);
    location = location.substr(0, location.find('/'));
    const auto user = location.rfind('@');
    if (user != std::string_view::npos) location.remove_prefix(user + 1);
    return shown(location, kCodeBytes);
}

/// The field an "Unsupported param: suffix" is about (llama.cpp).
std::string param_of(const Complaint& complaint) {
    if (!complaint.param.empty()) return complaint.param;
    constexpr std::string_view kLead = "unsupported param:";
    const auto at = lower_ascii(complaint.message).find(kLead);
    if (at == std::string::npos) return {};
    const auto rest = trim_ascii(std::string_view{complaint.message}.substr(at + kLead.size()));
    return std::string{rest.substr(0, rest.find_first_of(" ,.;"))};
}

std::string message_of(const Meaning& meaning, const Error& error, const std::string& target) {
    std::string text{meaning.lead};
    if (!target.empty()) text += " to " + target;
    if (error.http_status != 0) text += " (HTTP " + std::to_string(error.http_status) + ")";
    text += error.upstream_message.empty() ? "." : ": " + error.upstream_message;
    return one_line(text, kMessageBytes);
}

std::string hint_of(const Meaning& meaning, const Error& error) {
    if (meaning.cause == Cause::bad_field && !error.param.empty()) {
        return "Remove or change the option \"" + error.param +
               "\" (in extraBody, the model's or the role's settings): this gateway or model does not take "
               "it as "
               "sent.";
    }
    if (meaning.kind == ErrorKind::rate_limited && error.retry_after) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count();
        return "Try again in " + std::to_string(seconds) + " s; " +
               (meaning.cause == Cause::rate
                    ? "if it goes on, send fewer requests at once and check the key's quota, daily limit and "
                      "group "
                      "at the gateway."
                    : "if it goes on, choose another model or ask the gateway's administrator.");
    }
    return std::string{meaning.hint};
}

Error make_error(int status, const Headers& headers, const Complaint& complaint) {
    const int meant = complaint.status != 0 ? complaint.status : status;
    const Cause cause = find_cause(meant, complaint);
    const Meaning& meaning = meaning_of(cause);

    Error error;
    error.kind = meaning.kind;
    error.retryable = meaning.retryable && find_header(headers, "x-should-retry") != "false";
    error.http_status = status < 400 && complaint.status != 0 ? complaint.status : status;
    error.upstream_code = shown(complaint.code, kCodeBytes);
    error.upstream_message = shown(complaint.message, kMessageBytes);
    error.param = shown(param_of(complaint), kCodeBytes);
    error.request_id = request_id(headers, complaint);

    // Pure: no clock here. Dates are read against the answer's own Date header or not at all, since
    // every date is past at the end of time.
    constexpr auto kNoClock = std::chrono::system_clock::time_point::max();
    error.retry_after = retry_after(headers, kNoClock);
    if (!error.retry_after && error.kind == ErrorKind::rate_limited)
        error.retry_after = rate_limit_hold(headers, kNoClock);
    if (error.kind == ErrorKind::context_too_long) {
        const ContextSize told = read_context_size(complaint.message);
        error.context_limit = complaint.context_limit ? complaint.context_limit : told.limit;
        error.prompt_tokens = complaint.prompt_tokens ? complaint.prompt_tokens : told.prompt;
    }
    if (!error.retry_after && cause == Cause::loading) error.retry_after = kModelLoads;

    error.message = message_of(meaning, error, cause == Cause::redirect ? redirect_target(headers) : "");
    error.hint = hint_of(meaning, error);
    return error;
}

bool is_text(const Json* value) {
    return value != nullptr && value->is_string() && !value->empty() && *value != "";
}

/// An answer carries one of these; a complaint never does.
bool carries_answer(const Json& object) {
    constexpr std::array<const char*, 6> kAnswers = {"choices", "output",     "data",
                                                     "content", "embeddings", "models"};
    return std::any_of(kAnswers.begin(), kAnswers.end(),
                       [&](const char* name) { return find(object, name) != nullptr; });
}

/// A polite success: {"success": true, "message": ""}, {"code": 0, "msg": "ok"}.
bool says_success(const Json& object) {
    const auto code = get_int(object, "code");
    return get_bool(object, "success") == true || code == 0 || code == 200 || code == 20000;
}

}  // namespace

Error read_error(int status, const Headers& headers, std::string_view body) {
    return make_error(status, headers, read_complaint(body));
}

Error read_error_object(int status, const Headers& headers, const Json& object) {
    auto complaint = read_complaint(object);
    complaint.form = Complaint::Form::json_error;
    return make_error(status, headers, complaint);
}

bool is_error_object(const Json& value) {
    if (value.is_array())
        return !value.empty() && find(value.front(), "error") != nullptr && is_error_object(value.front());
    if (!value.is_object()) return false;
    const Json* error = find(value, "error");
    if (error != nullptr && (is_text(error) || (error->is_object() && !error->empty()))) return true;
    if (get_string(value, "object") == "error" || get_string(value, "type") == "error") return true;
    if (get_bool(value, "success") == false) return true;
    const Json* response = find(value, "response");
    if (response != nullptr && find(*response, "error") != nullptr && is_error_object(*response)) return true;
    if (carries_answer(value) || says_success(value)) return false;
    const Json* detail = find(value, "detail");
    if (is_text(detail) || (detail != nullptr && detail->is_structured() && !detail->empty())) return true;
    const Json* header = find(value, "header");
    if (header != nullptr && is_text(find(*header, "message"))) return true;
    const auto named = {"message", "msg", "err", "error_msg"};
    return std::any_of(named.begin(), named.end(),
                       [&](const char* name) { return is_text(find(value, name)); });
}

}  // namespace dragoman::wire
