// Layers laid over each other, lowest first: one tree, and for each leaf who said it.
//
// Objects merge key by key, lists and scalars replace, null removes. A repository's word is bounded where
// the schema says so (x-repository): it adds to the user's lists, it may switch off but not on again, and
// what it demands stands beside what the user demands.
#pragma once

#include "server/config/settings.h"

#include <map>
#include <string>
#include <vector>

namespace dragoman::config {

class Merged {
public:
    void lay(const Layer& layer);

    const Json& tree() const { return tree_; }
    /// JSON pointer of each leaf -> name of the source that said it.
    const std::map<std::string, std::string>& provenance() const { return provenance_; }
    /// JSON pointers at which the last word was refused by the schema, and why.
    const std::map<std::string, std::string>& refused() const { return refused_; }
    /// Both the user and a repository demand a provider, and not the same one: the user's.
    const std::string& other_demand() const { return other_demand_; }
    const std::vector<Problem>& problems() const { return problems_; }

private:
    void lay(Json& base, const Json& patch, const Json& schema, const std::string& at);
    void lay_leaf(Json& base, const Json& value, const std::string& at);
    bool bounded(Json& base, const Json& value, const Json& schema, const std::string& at);
    bool object(const std::string& what);
    void append(Json& base, const Json& items);
    void forget(const std::string& at);
    bool is_users(const std::string& at) const;

    Json tree_ = Json::object();
    std::map<std::string, std::string> provenance_, refused_;
    std::map<std::string, bool> of_repository_;  // leaves whose last word is a repository's
    std::string other_demand_;
    std::vector<Problem> problems_;
    const Layer* layer_ = nullptr;  // the one that is being laid
    std::vector<std::string> path_;
};

}  // namespace dragoman::config
