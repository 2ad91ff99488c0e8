#include "server/upstream/wire/error_rules.h"

#include "server/upstream/wire/text.h"

#include <array>
#include <optional>

namespace dragoman::wire {
namespace {

using K = ErrorKind;

constexpr std::array kMeanings = {
    Meaning{
        Cause::key_refused, K::unauthorized, false, "The gateway refused the key",
        "Check that the key is complete, without blanks or line breaks, begins with the prefix this gateway "
        "gives its keys (such as sk-live-), and is neither expired nor disabled."},
    Meaning{Cause::key_suffix, K::unauthorized, false, "The gateway does not understand the key",
            "Copy the key again: the part after its last hyphen is read as the number of a channel."},
    Meaning{Cause::account_banned, K::unauthorized, false, "The gateway has blocked this account",
            "Ask the gateway's support to unblock the account, or use the key of another account."},
    Meaning{
        Cause::money, K::insufficient_balance, false, "The account or key has no credit left",
        "Top up the account or raise the key's quota at the gateway (or ask its administrator to); requests "
        "work again as soon as that is done."},
    Meaning{
        Cause::forbidden, K::forbidden, false, "The gateway forbids this request",
        "Check at the gateway that the key's group, subscription and allowed models fit, and that userAgent "
        "is a User-Agent it accepts (such as curl/8.0)."},
    Meaning{
        Cause::firewall, K::forbidden, false, "A firewall (WAF) in front of the gateway stopped the request",
        "Set userAgent to a User-Agent it accepts (such as curl/8.0), check baseUrl, or ask the gateway's "
        "support to let this network address through."},
    Meaning{Cause::model_not_allowed, K::forbidden, false, "The key may not use this model",
            "Choose another model, or ask the gateway's administrator to allow this one for the key."},
    Meaning{
        Cause::network_not_allowed, K::forbidden, false, "The key may not be used from this network address",
        "Add this address to the key's allowed networks at the gateway, or call from one that is allowed."},
    Meaning{Cause::key_group, K::forbidden, false, "The key's group is disabled at the gateway",
            "Move the key to an active group or subscription at the gateway, or use another key."},
    Meaning{Cause::model_unknown, K::model_not_found, false, "The gateway does not know this model",
            "Choose a model from the gateway's own list; its id must be spelled exactly as there."},
    Meaning{Cause::no_channel, K::model_not_found, false, "The gateway has no channel that offers this model",
            "Choose another model, or ask the gateway's administrator to offer this one to the key's group."},
    Meaning{
        Cause::route_unknown, K::bad_response, false, "The gateway has no such endpoint",
        "Check baseUrl (it usually ends in /v1) and whether this gateway speaks chat or responses (setting "
        "api)."},
    Meaning{Cause::context, K::context_too_long, false, "The prompt is longer than the model's context",
            "Send less context, start a new conversation, lower maxTokens, or choose a model with a longer "
            "context."},
    Meaning{Cause::too_large, K::bad_request, false, "The request is too large for the gateway",
            "Send fewer or smaller files and images."},
    Meaning{Cause::image, K::bad_request, false, "The model or gateway does not take the image",
            "Choose a model that can see, or ask without the image; where an earlier question holds it, "
            "start a new "
            "conversation or replace that question."},
    Meaning{
        Cause::bad_field, K::bad_request, false, "The gateway did not accept the request",
        "Check the options that were sent (extraBody, temperature, maxTokens, reasoningEffort) against what "
        "this model accepts."},
    Meaning{
        Cause::filtered, K::content_filtered, false, "The provider's content filter refused the request",
        "Rephrase the prompt or leave out the context that may have set the filter off, or choose another "
        "model."},
    Meaning{
        Cause::rate, K::rate_limited, true, "The gateway's rate limit is reached",
        "Wait, then send fewer requests at once; if it goes on, check the key's quota, daily limit and group "
        "at the gateway."},
    Meaning{Cause::daily_limit, K::rate_limited, false, "The daily limit at the gateway is reached",
            "Wait until the limit is reset, or ask the gateway's administrator to raise it."},
    Meaning{Cause::saturated, K::rate_limited, true, "The providers behind the gateway are saturated",
            "Wait a while before trying again, or choose another model."},
    Meaning{Cause::server, K::upstream_unavailable, true, "The gateway failed",
            "Try again later; if it goes on, give the request id to the gateway's support."},
    Meaning{Cause::bad_gateway, K::upstream_unavailable, true,
            "The gateway cannot reach the model's provider", "Try again later or choose another model."},
    Meaning{Cause::overloaded, K::upstream_unavailable, true, "The gateway is overloaded or down",
            "Try again in a moment or choose another model."},
    Meaning{Cause::loading, K::upstream_unavailable, true, "The server is still loading the model",
            "Wait until the model is loaded; the request works then."},
    Meaning{Cause::gateway_timeout, K::upstream_unavailable, false,
            "The gateway gave up waiting for the model",
            "The work may still run and be billed: ask for less at once, or choose a faster model."},
    Meaning{Cause::origin, K::upstream_unavailable, true,
            "The network in front of the gateway cannot reach it",
            "Try again later; if it goes on, the gateway is down or misconfigured."},
    Meaning{Cause::request_timeout, K::timeout, true, "The gateway did not get the whole request in time",
            "Try again; if it goes on, send less context or check the connection."},
    Meaning{Cause::conflict, K::upstream_unavailable, true, "The gateway is busy with a conflicting request",
            "Try again in a moment."},
    Meaning{Cause::unsupported, K::bad_request, false, "The gateway does not offer this function",
            "Choose another model, infill method or gateway for this."},
    Meaning{Cause::proxy_login, K::network, false, "The proxy asks for a login",
            "Put the proxy's user and password into the proxy setting or environment variable."},
    Meaning{Cause::redirect, K::bad_response, false, "The gateway redirects",
            "Set baseUrl to the address at which the gateway serves its API itself."},
    Meaning{Cause::web_page, K::bad_response, false, "A web page came in place of an API answer",
            "Check baseUrl (it usually ends in /v1) and that no login page or proxy stands in between."},
    Meaning{Cause::not_api, K::bad_response, false, "What came is not an answer of this API",
            "Check baseUrl and whether this gateway speaks chat or responses (setting api)."},
    Meaning{Cause::empty, K::bad_response, true, "The gateway sent an empty answer",
            "Try again; if it goes on, check baseUrl or choose another model."},
};

constexpr bool in_order_of_causes() {
    for (std::size_t i = 0; i < kMeanings.size(); ++i) {
        if (static_cast<std::size_t>(kMeanings.at(i).cause) != i) return false;
    }
    return kMeanings.size() == static_cast<std::size_t>(Cause::empty) + 1;
}
static_assert(in_order_of_causes());

/// Where a phrase is believed.
enum class Where {
    anywhere,
    not_server,  // below 500: words that a failing server may use about itself
    refusal,     // 0, 2xx, 401, 402, 403, 429: loose words for money and keys
    no_status,   // 0 or 2xx: types too general to outrank a status
};

struct Phrase {
    Cause cause;
    std::string_view words;   // lower case
    std::string_view also{};  // must be there too
    Where where = Where::anywhere;
};

/// Looked for in code, type and message, lower-cased; the first row that fits decides.
constexpr std::array kPhrases = {
    // Alike to context errors, but about one field.
    Phrase{Cause::bad_field, "string_above_max_length"},
    Phrase{Cause::bad_field, "invalid 'user'"},
    Phrase{Cause::bad_field, "unsupported param:"},

    // The prompt does not fit.
    Phrase{Cause::context, "context_length_exceeded"},
    Phrase{Cause::context, "exceed_context_size"},
    Phrase{Cause::context, "exceed context limit"},
    Phrase{Cause::context, "maximum context length is"},
    Phrase{Cause::context, "model's maximum context limit"},
    Phrase{Cause::context, "is longer than the model's context length"},
    Phrase{Cause::context, "input tokens exceed the configured limit"},
    Phrase{Cause::context, "exceeds the available context size"},
    Phrase{Cause::context, "exceeds the maximum number of tokens allowed"},
    Phrase{Cause::context, "current length is", "while limit is"},
    Phrase{Cause::context, "inputs` tokens + `max_new_tokens` must be"},
    Phrase{Cause::context, "tokens in the prompt exceeds"},
    Phrase{Cause::context, "use a shorter prompt"},
    Phrase{Cause::context, "prompt is too long"},
    Phrase{Cause::context, "maximum prompt length is"},
    Phrase{Cause::context, "exceeded model token limit"},
    Phrase{Cause::context, "too large for model with", "maximum context length"},

    // Pictures.
    Phrase{Cause::image, "image_url", "", Where::not_server},
    Phrase{Cause::image, "input_image", "", Where::not_server},
    Phrase{Cause::image, "image input"},
    Phrase{Cause::image, "invalid_image"},
    Phrase{Cause::image, "image_parse_error"},
    Phrase{Cause::image, "not support image"},
    Phrase{Cause::image, "not a multimodal model"},
    Phrase{Cause::image, "image", "unsupported", Where::not_server},
    Phrase{Cause::image, "image", "could not process", Where::not_server},
    Phrase{Cause::image, "image", "not supported"},

    // Words of the one-api family that name the cause more exactly than the loose ones below.
    Phrase{Cause::account_banned, "用户已被封禁"},
    Phrase{Cause::model_not_allowed, "无权使用模型"},
    Phrase{Cause::model_not_allowed, "无权访问"},
    Phrase{Cause::model_not_allowed, "does not have access to model"},
    Phrase{Cause::network_not_allowed, "只能在指定网段使用"},
    Phrase{Cause::network_not_allowed, "不在令牌允许访问的列表中"},
    Phrase{Cause::network_not_allowed, "unsupported_country_region_territory"},
    Phrase{Cause::key_group, "分组", "已被禁用"},
    Phrase{Cause::key_group, "分组", "已被弃用"},
    Phrase{Cause::no_channel, "无可用渠道"},
    Phrase{Cause::no_channel, "no available channel"},
    Phrase{Cause::saturated, "负载已饱和"},
    Phrase{Cause::rate, "请求数限制"},
    Phrase{Cause::bad_gateway, "请求上游地址失败"},
    Phrase{Cause::key_suffix, "普通用户不支持指定渠道"},
    Phrase{Cause::key_suffix, "无效的渠道"},

    // Money and quota.
    Phrase{Cause::money, "insufficient_quota"},
    Phrase{Cause::money, "insufficient_user_quota"},
    Phrase{Cause::money, "pre_consume_token_quota_failed"},
    Phrase{Cause::money, "insufficient balance"},
    Phrase{Cause::money, "insufficient credit"},
    Phrase{Cause::money, "exceeded your current quota"},
    Phrase{Cause::money, "exceeded_current_quota"},
    Phrase{Cause::money, "quota is not enough"},
    Phrase{Cause::money, "quota exhausted"},
    Phrase{Cause::money, "额度已用尽"},
    Phrase{Cause::money, "额度不足"},
    Phrase{Cause::money, "余额不足"},
    Phrase{Cause::money, "积分不足"},
    Phrase{Cause::money, "欠费"},
    Phrase{Cause::money, "billing", "", Where::refusal},
    Phrase{Cause::money, "wallet", "", Where::refusal},
    Phrase{Cause::money, "余额", "", Where::refusal},
    Phrase{Cause::money, "额度", "", Where::refusal},
    Phrase{Cause::money, "积分", "", Where::refusal},
    Phrase{Cause::money, "充值", "", Where::refusal},

    // The key.
    Phrase{Cause::key_refused, "已过期", "", Where::refusal},
    Phrase{Cause::key_refused, "状态不可用", "", Where::refusal},
    Phrase{Cause::key_refused, "无效的令牌"},
    Phrase{Cause::key_refused, "未提供令牌"},
    Phrase{Cause::key_refused, "令牌验证失败"},
    Phrase{Cause::key_refused, "invalid_api_key"},
    Phrase{Cause::key_refused, "authentication_error"},
    Phrase{Cause::key_refused, "unauthenticated"},
    Phrase{Cause::key_refused, "api key not valid"},

    // The model.
    Phrase{Cause::model_unknown, "model_not_found"},
    Phrase{Cause::model_unknown, "model_not_supported"},
    Phrase{Cause::model_unknown, "deploymentnotfound"},
    Phrase{Cause::model_unknown, "no such model", "", Where::not_server},
    Phrase{Cause::model_unknown, "unknown model", "", Where::not_server},
    Phrase{Cause::model_unknown, "is not a valid model", "", Where::not_server},
    Phrase{Cause::model_unknown, "model", "does not exist", Where::not_server},
    Phrase{Cause::model_unknown, "model not exist", "", Where::not_server},
    Phrase{Cause::model_unknown, "model", "not found", Where::not_server},
    Phrase{Cause::model_unknown, "not found the model", "", Where::not_server},
    Phrase{Cause::model_unknown, "not_found_error", "model:"},
    Phrase{Cause::model_unknown, "模型", "不存在", Where::not_server},

    // The endpoint.
    Phrase{Cause::route_unknown, "invalid url (", "", Where::not_server},
    Phrase{Cause::route_unknown, "unknown path", "", Where::not_server},
    Phrase{Cause::route_unknown, "unknown request url", "", Where::not_server},
    Phrase{Cause::route_unknown, "unsupported endpoint", "", Where::not_server},
    Phrase{Cause::route_unknown, "endpoint is not supported", "", Where::not_server},
    Phrase{Cause::route_unknown, "endpoint not supported", "", Where::not_server},
    Phrase{Cause::route_unknown, "v1/responses", "", Where::not_server},
    Phrase{Cause::route_unknown, "v1/chat/completions", "", Where::not_server},
    Phrase{Cause::route_unknown, "not found", "", Where::no_status},

    // Policy.
    Phrase{Cause::filtered, "content_filter"},
    Phrase{Cause::filtered, "content_policy"},
    Phrase{Cause::filtered, "responsibleaipolicyviolation"},
    Phrase{Cause::filtered, "sensitive_words_detected"},
    Phrase{Cause::filtered, "prompt_blocked"},
    Phrase{Cause::filtered, "data_inspection_failed"},
    Phrase{Cause::filtered, "content exists risk"},
    Phrase{Cause::filtered, "bio_policy"},
    Phrase{Cause::filtered, "flagged", "", Where::not_server},

    // Rate.
    Phrase{Cause::daily_limit, "daily limit", "", Where::not_server},
    Phrase{Cause::daily_limit, "per day", "limit", Where::not_server},
    Phrase{Cause::rate, "rate_limit_exceeded", "", Where::no_status},
    Phrase{Cause::rate, "rate_limit_error", "", Where::no_status},
    Phrase{Cause::rate, "too many requests", "", Where::no_status},
    Phrase{Cause::rate, "too_many_requests", "", Where::no_status},
    Phrase{Cause::rate, "rate limit", "", Where::no_status},
    Phrase{Cause::rate, "resource_exhausted", "", Where::no_status},

    // Servers.
    Phrase{Cause::loading, "loading model"},
    Phrase{Cause::overloaded, "overloaded_error"},
    Phrase{Cause::unsupported, "not_supported_error"},
    Phrase{Cause::unsupported, "api_not_implemented"},
    Phrase{Cause::overloaded, "overloaded", "", Where::no_status},
    Phrase{Cause::overloaded, "unavailable", "", Where::no_status},
    Phrase{Cause::gateway_timeout, "timeout_error", "", Where::no_status},
    Phrase{Cause::server, "server_error", "", Where::no_status},
    Phrase{Cause::server, "api_error", "", Where::no_status},
    Phrase{Cause::forbidden, "permission_error", "", Where::no_status},
    Phrase{Cause::forbidden, "permission_denied", "", Where::no_status},
    Phrase{Cause::bad_field, "invalid_request_error", "", Where::no_status},
    Phrase{Cause::bad_field, "invalid_argument", "", Where::no_status},
    Phrase{Cause::key_refused, "invalid api key", "", Where::no_status},
    Phrase{Cause::key_refused, "unauthorized", "", Where::no_status},
};

struct StatusRow {
    int first, last;
    Cause cause;
};

/// What a status means when the body tells nothing.
constexpr std::array kStatuses = {
    StatusRow{300, 399, Cause::redirect},
    StatusRow{401, 401, Cause::key_refused},
    StatusRow{402, 402, Cause::money},
    StatusRow{403, 403, Cause::forbidden},
    StatusRow{404, 405, Cause::route_unknown},
    StatusRow{407, 407, Cause::proxy_login},
    StatusRow{408, 408, Cause::request_timeout},
    StatusRow{409, 409, Cause::conflict},
    StatusRow{410, 410, Cause::model_unknown},
    StatusRow{413, 413, Cause::too_large},
    StatusRow{425, 425, Cause::conflict},
    StatusRow{429, 429, Cause::rate},
    StatusRow{451, 451, Cause::network_not_allowed},
    StatusRow{499, 499, Cause::conflict},
    StatusRow{400, 499, Cause::bad_field},
    StatusRow{501, 501, Cause::unsupported},
    StatusRow{502, 502, Cause::bad_gateway},
    StatusRow{503, 503, Cause::overloaded},
    StatusRow{504, 504, Cause::gateway_timeout},
    StatusRow{524, 524, Cause::gateway_timeout},
    StatusRow{529, 529, Cause::overloaded},
    StatusRow{520, 530, Cause::origin},
    StatusRow{500, 599, Cause::server},
};

bool silent(int status) { return status < 300; }

bool believed(Where where, int status) {
    switch (where) {
        case Where::anywhere: return true;
        case Where::not_server: return status < 500;
        case Where::refusal: return silent(status) || (status >= 401 && status <= 403) || status == 429;
        case Where::no_status: return silent(status);
    }
    return false;
}

std::optional<Cause> by_words(int status, const Complaint& complaint) {
    const std::string text = lower_ascii(complaint.code + '\n' + complaint.type + '\n' + complaint.message);
    const auto row = std::find_if(kPhrases.begin(), kPhrases.end(), [&](const Phrase& phrase) {
        return believed(phrase.where, status) && contains(text, phrase.words) && contains(text, phrase.also);
    });
    return row == kPhrases.end() ? std::nullopt : std::optional{row->cause};
}

std::optional<Cause> by_status(int status) {
    const auto row = std::find_if(kStatuses.begin(), kStatuses.end(),
                                  [&](const StatusRow& r) { return status >= r.first && status <= r.last; });
    return row == kStatuses.end() ? std::nullopt : std::optional{row->cause};
}

}  // namespace

const Meaning& meaning_of(Cause cause) { return kMeanings.at(static_cast<std::size_t>(cause)); }

Cause find_cause(int status, const Complaint& complaint) {
    using Form = Complaint::Form;
    if (complaint.form == Form::html) {
        if (status == 403) return Cause::firewall;
        if (status < 400 || status == 400)
            return status >= 300 && status < 400 ? Cause::redirect : Cause::web_page;
        return by_status(status).value_or(Cause::web_page);
    }
    // A status of 402 always means money, a redirect never reached the API.
    const bool settled = status == 402 || (status >= 300 && status < 400);
    // The words of an answer that is not a refusal (a 200 of another shape) are not about the request.
    const bool speaks = !silent(status) || complaint.form == Form::json_error;
    if (!settled && speaks && complaint.form != Form::empty) {
        if (const auto cause = by_words(status, complaint)) return *cause;
    }
    if (const auto cause = by_status(status)) return *cause;
    switch (complaint.form) {
        case Form::empty: return Cause::empty;
        case Form::json_error: return Cause::server;
        default: return Cause::not_api;
    }
}

}  // namespace dragoman::wire
