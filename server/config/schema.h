// The schema at work: what of a value is right stays, what is wrong is explained and left out.
//
// Own and small, since a validator that only says no is of little use here: one pass validates, explains
// and prunes, so the rest of a file still counts. It knows the part of JSON Schema that data/schema.json
// uses, and the x- words that file explains. Found values are never quoted: one may be a misplaced key.
#pragma once

#include "protocol/base/json.h"
#include "server/config/text.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dragoman::config {

struct Checked {
    Json value;  // the right part; null members stay: they remove
    std::vector<Finding> findings{};
    std::map<std::string, std::string> refused{};  // JSON pointer of what was left out -> why
};

/// `value` held against `schema`, a node of schema(). `node` says where the value stands, null for
/// settings that are in no file.
Checked check(const Json& value, const Node* node, const Json& schema);

/// The node itself, or what its $ref names.
const Json& resolved(const Json& schema);
/// The schema of a member of that name: of `properties`, else of `additionalProperties`; null for none.
const Json* member_schema(const Json& schema, const std::string& name);
/// Of a oneOf, the alternative that a valid value is; the node itself without a oneOf.
const Json& alternative_for(const Json& schema, const Json& value);
/// Whether settings end here: no members of its own that the schema would know.
bool is_leaf(const Json& schema);
/// Value of a word of the schema ("x-trust"), empty where absent.
std::string_view word(const Json& schema, const char* name);

/// `parent` with one more reference token, escaped as RFC 6901 asks.
std::string pointer(std::string_view parent, std::string_view name);

/// "completion.maxTokens" from its parts, shortened for people.
std::string dotted(const std::vector<std::string>& path);

}  // namespace dragoman::config
