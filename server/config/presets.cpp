#include "server/config/store.h"

#include <string_view>

namespace dragoman_config_data {
extern const std::string_view schema, presets;
}

namespace dragoman::config {
namespace {

const Json& presets() {
    static const Json all = Json::parse(dragoman_config_data::presets);
    return all;
}

}  // namespace

const Json& schema() {
    static const Json whole = Json::parse(dragoman_config_data::schema);
    return whole;
}

const Json& preset(const std::string& name) {
    static const Json none;
    const auto found = presets().find(name);
    return found == presets().end() ? none : *found;
}

std::vector<std::string> preset_names() {
    return schema().at("/$defs/provider/properties/preset/enum"_json_pointer).get<std::vector<std::string>>();
}

}  // namespace dragoman::config
