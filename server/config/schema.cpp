#include "server/config/schema.h"

#include "protocol/base/utf.h"
#include "server/config/pattern.h"
#include "server/config/redact.h"
#include "server/config/store.h"
#include "server/config/suggest.h"
#include "server/support/url.h"

#include <algorithm>

namespace dragoman::config {
namespace {

std::string_view named_type(const Json& value) {
    if (value.is_null()) return "null";
    if (value.is_boolean()) return "boolean";
    if (value.is_number()) return as_int(value) ? "integer" : "number";
    if (value.is_string()) return "string";
    return value.is_array() ? "array" : "object";
}

std::string in_words(std::string_view type) {
    static const std::map<std::string_view, std::string, std::less<>> words = {
        {"null", "null"},       {"boolean", "true or false"}, {"integer", "a whole number"},
        {"number", "a number"}, {"string", "a string"},       {"array", "a list"},
        {"object", "an object"}};
    return words.at(type);
}

bool is_of_type(const Json& value, const std::string& type) {
    const std::string_view found = named_type(value);
    return found == type || (type == "number" && found == "integer");
}

std::vector<std::string> types_of(const Json& schema) {
    const Json* type = find(schema, "type");
    if (type == nullptr) return {};
    if (type->is_string()) return {type->get<std::string>()};
    return type->get<std::vector<std::string>>();
}

// What is wrong with `text` as a `format`; empty when nothing is.
std::string format_fault(const std::string& text, std::string_view format) {
    if (format == "uri") {
        const auto url = parse_url(text);
        return url ? std::string{} : url.error();
    }
    if (format == "proxy") {
        constexpr std::string_view kSchemes[] = {"http://", "https://", "socks5://", "socks5h://"};
        const bool known = text.find("://") == std::string::npos ||
                           std::any_of(std::begin(kSchemes), std::end(kSchemes),
                                       [&](std::string_view scheme) { return text.starts_with(scheme); });
        return known ? std::string{} : "a proxy begins with http://, https://, socks5:// or socks5h://";
    }
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
    return printable ? std::string{} : "a header holds printable ASCII only";
}

std::vector<std::string> property_names(const Json& schema) {
    std::vector<std::string> names;
    if (const Json* properties = find(schema, "properties")) {
        for (const auto& [name, ignored] : properties->items()) names.push_back(name);
    }
    return names;
}

std::string shown(const Json& limit) { return dump_json(limit); }

class Checker {
public:
    explicit Checker(Checked& out) : out_{out} {}

    // False: the value is not to be used; the reason was noted.
    bool value(Json& value, const Node* node, const Json& unresolved) {
        const Json& schema = resolved(unresolved);
        if (value.is_null() && !path_.empty()) return true;  // removes
        if (schema.contains("oneOf")) return one_of(value, node, schema);
        const auto types = types_of(schema);
        const bool right =
            types.empty() || std::any_of(types.begin(), types.end(),
                                         [&](const std::string& type) { return is_of_type(value, type); });
        if (!right) return refuse(node, wrong_type(value, types), schema);
        if (const Json* words = find(schema, "enum"); words != nullptr && !in_enum(value, *words)) {
            return refuse(node, wrong_word(value, *words), schema);
        }
        if (value.is_string()) return string(value.get_ref<const std::string&>(), node, schema);
        if (value.is_number()) return number(value, node, schema);
        if (value.is_array()) return array(value, node, schema);
        return !value.is_object() || object(value, node, schema);
    }

private:
    void note(Span span, std::string message, bool warning = false) {
        if (out_.findings.size() == kMostFindings) {
            out_.findings.push_back({span, "there are more problems than are listed"});
        } else if (out_.findings.size() < kMostFindings) {
            out_.findings.push_back({span, std::move(message), warning});
        }
    }

    std::string name() const { return path_.empty() ? "the file" : '"' + dotted(path_) + '"'; }
    std::string here() const {
        std::string out;
        for (const std::string& part : path_) out = pointer(out, part);
        return out;
    }

    bool refuse(const Node* node, const std::string& what, const Json& schema) {
        std::string message = name() + " " + what;
        if (const auto hint = word(schema, "x-hint"); !hint.empty()) message += "; " + std::string{hint};
        note(node == nullptr ? Span{} : node->value, message);
        out_.refused.emplace(here(), std::move(message));
        return false;
    }

    static std::string wrong_type(const Json& found, const std::vector<std::string>& expected) {
        std::vector<std::string> words;
        for (const std::string& type : expected) words.push_back(in_words(type));
        std::string all;
        for (const std::string& one : words) all += (all.empty() ? "" : " or ") + one;
        const std::string what = found.is_boolean() ? found.dump() : in_words(named_type(found));
        return "is " + what + "; " + all + " is expected";
    }

    static bool in_enum(const Json& value, const Json& words) {
        return std::find(words.begin(), words.end(), value) != words.end();
    }
    static std::string wrong_word(const Json& value, const Json& allowed) {
        const auto words = allowed.get<std::vector<std::string>>();
        const std::string near = nearest(value.get<std::string>(), words);
        return "must be one of " + listed(words, "or") +
               (near.empty() ? "" : "; did you mean \"" + near + "\"?");
    }

    bool string(const std::string& text, const Node* node, const Json& schema) {
        const auto length = static_cast<std::int64_t>(length_in(text, PositionEncoding::utf32));
        if (length < get_int(schema, "minLength").value_or(0)) return refuse(node, "is too short", schema);
        if (const auto most = get_int(schema, "maxLength"); most && length > *most) {
            return refuse(node, "is too long: " + std::to_string(*most) + " characters are the most", schema);
        }
        if (const auto most = get_int(schema, "x-maxBytes");
            most && static_cast<std::int64_t>(text.size()) > *most) {
            return refuse(node, "is too long: " + std::to_string(*most) + " bytes are the most", schema);
        }
        if (const auto pattern = get_string(schema, "pattern"); pattern && !fits_pattern(text, *pattern)) {
            const auto hint = word(schema, "x-hint");
            return refuse(node,
                          hint.empty() ? "is not as expected: " + std::string{word(schema, "description")}
                                       : "is not as expected",
                          schema);
        }
        if (const auto format = get_string(schema, "format")) {
            const std::string fault = format_fault(text, *format);
            if (!fault.empty()) return refuse(node, "is not usable: " + fault, schema);
        }
        return true;
    }

    bool number(const Json& value, const Node* node, const Json& schema) {
        const double found = value.get<double>();
        const Json* least = find(schema, "minimum");
        if (least != nullptr && found < least->get<double>()) {
            return refuse(node, "is too small: " + shown(*least) + " is the least", schema);
        }
        const Json* most = find(schema, "maximum");
        if (most != nullptr && found > most->get<double>()) {
            return refuse(node, "is too large: " + shown(*most) + " is the most", schema);
        }
        return true;
    }

    bool array(Json& value, const Node* node, const Json& schema) {
        const auto most = get_int(schema, "maxItems");
        if (most && static_cast<std::int64_t>(value.size()) > *most) {
            return refuse(node, "is too long: " + std::to_string(*most) + " items are the most", schema);
        }
        if (static_cast<std::int64_t>(value.size()) < get_int(schema, "minItems").value_or(0)) {
            return refuse(node, "is empty", schema);
        }
        const Json* items = find(schema, "items");
        if (items == nullptr) return true;
        Json kept = Json::array();
        for (std::size_t i = 0; i < value.size(); ++i) {
            const Node* item = node == nullptr ? nullptr : node->item(i);
            path_.push_back(std::to_string(i));
            const bool good =
                value[i].is_null()
                    ? refuse(item, "is null; " + in_words(types_of(*items).front()) + " is expected", *items)
                    : this->value(value[i], item, *items);
            path_.pop_back();
            if (good) kept.push_back(std::move(value[i]));
        }
        const bool whole = kept.size() == value.size() || !get_bool(schema, "x-whole").value_or(false);
        if (!whole) out_.refused.emplace(here(), name() + " holds an item that is not usable");
        value = std::move(kept);
        return whole;
    }

    bool object(Json& value, const Node* node, const Json& schema) {
        Json kept = Json::object();
        for (auto& [member, content] : value.items()) {
            const Node* child = node == nullptr ? nullptr : node->member(member);
            if (known(member, value, child, schema)) {
                path_.push_back(member);
                const Json* rule = member_schema(schema, member);
                if (rule == nullptr || this->value(content, child, *rule)) kept[member] = std::move(content);
                path_.pop_back();
            }
        }
        value = std::move(kept);
        return has_required(value, node, schema);
    }

    bool has_required(const Json& value, const Node* node, const Json& schema) {
        const Json* required = find(schema, "required");
        if (required == nullptr) return true;
        for (const Json& wanted : *required) {
            const auto& member = wanted.get_ref<const std::string&>();
            if (find(value, member) != nullptr) continue;
            const auto explained = out_.refused.find(pointer(here(), member));
            if (explained == out_.refused.end()) return refuse(node, "needs \"" + member + "\"", schema);
            std::string why = explained->second;
            out_.refused.emplace(here(), std::move(why));
            return false;
        }
        return true;
    }

    static bool is_name(const std::string& name, const Json& rule) {
        const auto length = static_cast<std::int64_t>(length_in(name, PositionEncoding::utf32));
        return length <= get_int(rule, "maxLength").value_or(INT64_MAX) &&
               fits_pattern(name, word(rule, "pattern"));
    }

    // Whether a member may be there at all.
    bool known(const std::string& member, const Json& object, const Node* child, const Json& schema) {
        const Span span = child == nullptr ? Span{} : child->key;
        if (const Json* names = find(schema, "propertyNames"); names != nullptr && !is_name(member, *names)) {
            note(span, "a name in " + name() + " is not usable: it holds " +
                           std::string{word(*names, "description")} + " only");
            return false;
        }
        const bool secret = is_secret_name(member);
        if (const auto warning = word(schema, "x-secretNames"); secret && !warning.empty()) {
            note(span, name() + ": " + std::string{warning}, true);
        }
        if (member_schema(schema, member) != nullptr) return true;
        const Json* others = find(schema, "additionalProperties");
        if (others == nullptr || *others != Json(false)) return true;
        unknown(member, object, span, schema);
        return false;
    }

    void unknown(const std::string& member, const Json& object, Span span, const Json& schema) {
        const auto names = property_names(schema);
        const std::string near = nearest(member, names);
        path_.push_back(member);
        std::string message = "unknown key " + name();
        path_.pop_back();
        if (!near.empty()) {
            message += "; did you mean \"" + near + "\"?";
        } else if (names.size() <= 12) {
            message += "; known here: " + listed(names);
        }
        out_.refused.emplace(pointer(here(), member), message);
        // What was meant was not said: as if it had been said wrongly.
        if (!near.empty() && !object.contains(near)) out_.refused.emplace(pointer(here(), near), message);
        note(span, std::move(message));
    }

    bool one_of(Json& value, const Node* node, const Json& schema) {
        const Json& chosen = alternative_for(schema, value);
        if (&chosen == &schema) return refuse(node, "is not usable", schema);
        return this->value(value, node, chosen);
    }

    Checked& out_;
    std::vector<std::string> path_;
};

bool has_all(const Json& value, const Json* required) {
    return required == nullptr || std::all_of(required->begin(), required->end(), [&](const Json& name) {
               return value.contains(name.get_ref<const std::string&>());
           });
}

}  // namespace

Checked check(const Json& value, const Node* node, const Json& schema) {
    Checked out;
    out.value = value;
    if (!Checker{out}.value(out.value, node, schema)) out.value = Json::object();
    return out;
}

const Json& resolved(const Json& schema) {
    constexpr std::string_view kDefinitions = "#/$defs/";
    const auto reference = schema.find("$ref");
    if (reference == schema.end()) return schema;
    const auto& name = reference->get_ref<const std::string&>();
    return config::schema().at("$defs").at(name.substr(kDefinitions.size()));
}

const Json* member_schema(const Json& unresolved, const std::string& name) {
    const Json& schema = resolved(unresolved);
    if (const Json* properties = find(schema, "properties")) {
        if (const Json* member = find(*properties, name)) return &resolved(*member);
    }
    const Json* others = find(schema, "additionalProperties");
    return others != nullptr && others->is_object() ? &resolved(*others) : nullptr;
}

const Json& alternative_for(const Json& unresolved, const Json& value) {
    const Json& schema = resolved(unresolved);
    const Json* alternatives = find(schema, "oneOf");
    if (alternatives == nullptr) return schema;
    for (const Json& one : *alternatives) {
        const auto types = types_of(one);
        const bool typed = std::any_of(types.begin(), types.end(),
                                       [&](const auto& type) { return is_of_type(value, type); });
        const Json* words = find(one, "enum");
        const bool spoken =
            words == nullptr || std::find(words->begin(), words->end(), value) != words->end();
        if (typed && spoken && has_all(value, find(one, "required"))) return one;
    }
    return schema;
}

bool is_leaf(const Json& unresolved) {
    const Json& schema = resolved(unresolved);
    const Json* others = find(schema, "additionalProperties");
    return !schema.contains("properties") && !schema.contains("oneOf") &&
           (others == nullptr || !others->is_object());
}

std::string_view word(const Json& schema, const char* name) {
    const Json* found = find(schema, name);
    return found != nullptr && found->is_string() ? std::string_view{found->get_ref<const std::string&>()}
                                                  : std::string_view{};
}

std::string pointer(std::string_view parent, std::string_view name) {
    std::string out{parent};
    out += '/';
    for (const char c : name) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

std::string dotted(const std::vector<std::string>& path) {
    std::string out;
    for (const std::string& part : path) {
        if (!out.empty()) out += '.';
        out += one_line(part, 60);
    }
    return out;
}

}  // namespace dragoman::config
