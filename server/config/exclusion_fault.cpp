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

}  // namespace dragoman::config
