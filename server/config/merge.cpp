#include "server/config/merge.h"

#include "server/config/schema.h"
#include "server/config/store.h"

#include <algorithm>

namespace dragoman::config {
namespace {

// Erases `at` and all below it.
template <class Map>
void erase_below(Map& map, const std::string& at) {
    map.erase(at);
    const std::string below = at + "/";
    auto first = map.lower_bound(below);
    while (first != map.end() && first->first.starts_with(below)) first = map.erase(first);
}

}  // namespace

void Merged::lay(const Layer& layer) {
    layer_ = &layer;
    lay(tree_, *layer.value, schema(), "");
    for (const auto& [at, why] : layer.settings->refused) {
        std::string prefix;
        for (const std::string& part : layer.prefix) prefix = pointer(prefix, part);
        const bool elsewhere = prefix.empty() ? at.starts_with("/projects/") : !at.starts_with(prefix + "/");
        if (!elsewhere) refused_[at.substr(prefix.size())] = why;
    }
    layer_ = nullptr;
}

void Merged::lay(Json& base, const Json& patch, const Json& schema, const std::string& at) {
    if (!base.is_object()) base = Json::object();
    for (const auto& [name, value] : patch.items()) {
        const Json* inner = member_schema(schema, name);
        static const Json free_form = Json::object();
        const Json& rule = inner == nullptr ? free_form : *inner;
        const std::string below = pointer(at, name);
        path_.push_back(name);
        if (!layer_->is_repository() && word(rule, "x-repository") == "demand") other_demand_.clear();
        if (layer_->is_repository() && bounded(base, value, rule, below)) {
            // Done, as far as a repository may.
        } else if (value.is_null()) {
            base.erase(name);
            forget(below);
        } else if (value.is_object() && !rule.contains("oneOf")) {
            const bool replaces = !base.contains(name) || !base[name].is_object();
            if (replaces) forget(below);
            lay(base[name], value, rule, below);
        } else {
            lay_leaf(base[name], value, below);
        }
        path_.pop_back();
    }
}

void Merged::lay_leaf(Json& base, const Json& value, const std::string& at) {
    forget(at);
    for (std::size_t up = at.rfind('/'); up > 0; up = at.rfind('/', up - 1)) refused_.erase(at.substr(0, up));
    base = value;
    provenance_[at] = layer_->settings->name;
    of_repository_[at] = layer_->is_repository();
}

// Handles a repository's word where the schema bounds it; false: it is free.
bool Merged::bounded(Json& base, const Json& value, const Json& schema, const std::string& at) {
    const std::string_view rule = word(schema, "x-repository");
    if (rule.empty()) return false;
    const std::string& name = path_.back();
    const Json* current = find(base, name);
    if (value.is_null()) {
        if (current == nullptr) return true;
        return (rule == "demand" || is_users(at)) && object("may not take back what was said before");
    }
    if (rule == "append") {
        if (current == nullptr) base[name] = Json::array();
        append(base[name], value);
        provenance_[at] = layer_->settings->name;
        return true;
    }
    if (current == nullptr) return false;
    if (*current == value) return true;
    if (!is_users(at)) return false;
    if (rule == "off" && *current == Json(false))
        return object("may not switch on what the user switched off");
    if (rule == "demand") other_demand_ = current->get<std::string>();
    return false;
}

bool Merged::object(const std::string& what) {
    problems_.push_back(layer_->problem_at(path_, '"' + dotted(path_) + "\": a repository " + what));
    return true;
}

void Merged::append(Json& base, const Json& items) {
    for (const Json& item : items) {
        if (std::find(base.begin(), base.end(), item) == base.end()) base.push_back(item);
    }
}

void Merged::forget(const std::string& at) {
    erase_below(provenance_, at);
    erase_below(of_repository_, at);
    erase_below(refused_, at);
}

bool Merged::is_users(const std::string& at) const {
    const auto found = of_repository_.find(at);
    return found == of_repository_.end() || !found->second;
}

}  // namespace dragoman::config
