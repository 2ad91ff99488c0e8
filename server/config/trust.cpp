#include "server/config/trust.h"

#include "server/config/schema.h"
#include "server/config/store.h"

#include <algorithm>
#include <functional>

namespace dragoman::config {
namespace {

bool holds_class(const Json& unresolved, std::string_view trust) {
    const Json& schema = resolved(unresolved);
    if (word(schema, "x-trust") == trust) return true;
    const auto holds = [trust](const Json& inner) { return holds_class(inner, trust); };
    if (const Json* properties = find(schema, "properties")) {
        if (std::any_of(properties->begin(), properties->end(), holds)) return true;
    }
    if (const Json* alternatives = find(schema, "oneOf")) {
        if (std::any_of(alternatives->begin(), alternatives->end(), holds)) return true;
    }
    const Json* others = find(schema, "additionalProperties");
    return others != nullptr && others->is_object() && holds(*others);
}

class Parting {
public:
    explicit Parting(Claims& out) : out_{out} {}

    void part(const Json& value, const Node* node, const Json& unresolved) {
        const Json& schema = alternative_for(unresolved, value);
        const std::string_view trust = word(schema, "x-trust");
        if (trust == "never") return refuse(node);
        if (value.is_null() && !is_leaf(schema)) return part_null(value, node, schema);
        if (trust == "free" && is_leaf(schema)) return put(out_.free, value);
        if (!value.is_object() || is_leaf(schema)) return put(out_.asked, value);
        for (const auto& [name, member] : value.items()) {
            const Json* inner = member_schema(schema, name);
            if (inner == nullptr) continue;
            const Node* child = node == nullptr ? nullptr : node->member(name);
            path_.push_back(name);
            part(member, child, *inner);
            path_.pop_back();
        }
    }

private:
    // Removing a whole object: a claim where it holds what needs approval, else the removal of each
    // member that a repository may speak about.
    void part_null(const Json& null, const Node* node, const Json& schema) {
        if (holds_class(schema, "approval")) return put(out_.asked, null);
        const Json* properties = find(schema, "properties");
        if (properties == nullptr || !holds_class(schema, "free")) return refuse(node);
        for (const auto& [name, member] : properties->items()) {
            const Json& inner = resolved(member);
            if (is_leaf(inner) && word(inner, "x-trust") != "free") continue;
            path_.push_back(name);
            part(null, node, inner);
            path_.pop_back();
        }
    }

    void refuse(const Node* node) {
        out_.barred.push_back(path_);
        const Span span = node == nullptr ? Span{} : node->key == Span{} ? node->value : node->key;
        out_.findings.push_back(
            {span, '"' + dotted(path_) +
                       "\" may not come from a repository and is ignored; it belongs into "
                       "the user's own settings"});
    }

    void put(Json& tree, const Json& value) const {
        Json* at = &tree;
        for (const std::string& part : path_) at = &(*at)[part];
        *at = value;
    }

    Claims& out_;
    std::vector<std::string> path_;
};

}  // namespace

Claims part_by_trust(const Json& settings, const Node* root) {
    Claims out;
    Parting{out}.part(settings, root, schema());
    return out;
}

}  // namespace dragoman::config
