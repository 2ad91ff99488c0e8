#include "server/config/exclusion_fault.h"

#include "server/config/schema.h"

namespace dragoman::config {
namespace {

const std::vector<std::string> kList{"privacy", "exclude"};

/// Whether `layer` has a word on the list that counts, a null included.
bool speaks(const Layer& layer) {
    const Json* at = layer.value;
    for (const std::string& part : kList) {
        const auto found = at->is_object() ? at->find(part) : at->end();
        if (!at->is_object() || found == at->end()) return false;
        if (found->is_null()) return true;
        at = &*found;
    }
    return true;
}

/// Whether losing what stood at `refused`, below the layer, loses a part of the list.
bool holds_list(const std::string& refused) {
    std::string at;
    for (const std::string& part : kList) {
        at = pointer(at, part);
        if (refused == at) return true;
    }
    return refused.starts_with(at + "/");
}

/// What to write instead; empty: the pattern says what it means.
std::string_view cure(std::string_view pattern) {
    if (pattern == "~" || pattern.starts_with("~/"))
        return "~ is not the home folder here: write the whole path";
    if (pattern.starts_with("./")) return "paths hold no \"./\": leave it out, or begin with \"/\"";
    if (pattern.starts_with('!'))
        return "a pattern cannot take back what another excludes: leave it out, and name less in the other; "
               "for a name that begins with ! write \"\\\\!\"";
    return {};
}

}  // namespace

std::optional<Problem> exclusion_fault(const std::vector<Layer>& layers) {
    std::optional<Problem> fault;
    for (const Layer& layer : layers) {
        if (!layer.is_repository() && speaks(layer)) fault.reset();
        std::string prefix;
        for (const std::string& part : layer.prefix) prefix = pointer(prefix, part);
        for (const auto& [at, why] : layer.settings->refused) {
            if (at.starts_with(prefix) && holds_list(at.substr(prefix.size())))
                fault = layer.settings->told(why, kList);
        }
    }
    return fault;
}

std::vector<Problem> doubtful_patterns(const std::vector<Layer>& layers) {
    std::vector<Problem> out;
    for (const Layer& layer : layers) {
        const Json* privacy = find(*layer.value, kList.front());
        const Json* list = privacy == nullptr ? nullptr : find(*privacy, kList.back());
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            const auto what = cure((*list)[i].get_ref<const std::string&>());
            std::vector<std::string> path{kList.front(), kList.back(), std::to_string(i)};
            if (what.empty()) continue;
            std::string message = '"' + dotted(path) + "\" excludes nothing: " + std::string{what};
            out.push_back(layer.problem_at(std::move(path), std::move(message), true));
        }
    }
    return out;
}

}  // namespace dragoman::config
