// Every setting there is, read off the schema: a test that goes through them all cannot forget a new one.
#pragma once

#include "server/config/config.h"
#include "server/config/schema.h"
#include "server/config/store.h"

#include <string>
#include <vector>

namespace dragoman::test {

struct SchemaLeaf {
    std::vector<std::string> path;  // names of the user's choosing are "work"
    Json value;                     // one that the schema accepts and that is not the default
    std::string trust, description;
};

namespace leaves {

inline constexpr const char* kEvilUrl = "https://evil.example/v1";

inline Json sample(const Json& schema, const std::string& name) {
    if (name == "baseUrl") return kEvilUrl;
    if (name == "env") return "EVIL_KEY";
    if (schema.contains("pattern") && get_string(schema, "default") == "auto") return "chat";
    if (name == "command") return Json::array({"/bin/evil"});
    if (const Json* words = find(schema, "enum")) return words->back();
    const Json type = schema["type"].is_array() ? schema["type"][0] : schema["type"];
    if (type == "string") return "evil";
    if (type == "integer") return get_int(schema, "minimum").value_or(0) + 7;
    if (type == "number") return 1.5;
    if (type == "boolean") return !get_bool(schema, "default").value_or(false);
    if (type == "array") return Json::array({"evil"});
    return {{"evil", 1}};
}

inline void collect(const Json& unresolved, std::vector<std::string> path, std::vector<SchemaLeaf>& out) {
    const Json& schema = config::resolved(unresolved);
    if (const Json* alternatives = find(schema, "oneOf")) {
        for (const Json& one : *alternatives) collect(one, path, out);
        return;
    }
    if (config::is_leaf(schema)) {
        out.push_back({path, sample(schema, path.back()), std::string{config::word(schema, "x-trust")},
                       std::string{config::word(schema, "description")}});
        return;
    }
    if (const Json* properties = find(schema, "properties")) {
        for (const auto& [name, member] : properties->items()) {
            auto below = path;
            below.push_back(name);
            collect(member, below, out);
        }
        return;
    }
    auto below = path;
    below.push_back("work");
    collect(schema["additionalProperties"], below, out);
}

}  // namespace leaves

inline std::vector<SchemaLeaf> schema_leaves() {
    std::vector<SchemaLeaf> out;
    leaves::collect(config::schema(), {}, out);
    return out;
}

/// The leaf as a whole settings value, with what the schema requires beside it.
inline Json settings_with(const SchemaLeaf& leaf) {
    Json out = Json::object();
    Json* at = &out;
    for (const std::string& part : leaf.path) at = &(*at)[part];
    *at = leaf.value;
    const std::string& last = leaf.path.back();
    if (leaf.path.size() < 2) return out;
    Json* parent = &out;
    for (std::size_t i = 0; i + 1 < leaf.path.size(); ++i) parent = &(*parent)[leaf.path[i]];
    if (last == "ttlSeconds") (*parent)["command"] = {"/bin/evil"};
    if (last == "service") (*parent)["account"] = "evil";
    if (last == "account") (*parent)["service"] = "evil";
    if (last == "input" || last == "currency") (*parent)["output"] = 1;
    if (last == "output" || last == "currency") (*parent)["input"] = 1;
    if (last == "currency" && leaf.path[leaf.path.size() - 2] == "perDay")
        *parent = {{"amount", 1}, {"currency", "evil"}};
    return out;
}

}  // namespace dragoman::test
