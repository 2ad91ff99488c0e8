// The asking parts of a project's files: read off the layers, put into words, laid over the settings.
#pragma once

#include "server/config/ask.h"
#include "server/config/merge.h"
#include "server/config/settings.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace dragoman::config {

/// The presets that `layers` choose, as the layer that stands below them.
Layer preset_layer(const std::vector<Layer>& layers);

/// A project's provider is the project's alone: where it bears the name of one of the user's, that one is
/// taken away first, key and all, so that nothing of it goes to an address that a repository chose.
class Asked {
public:
    /// `layers`: all of them, lowest first. `below`: what holds before the project's files.
    Asked(const std::vector<Layer>& layers, const Json& below, std::filesystem::path home);

    bool empty() const { return claims_.empty(); }
    /// Everything but who asks and what was decided.
    Ask ask() const;
    /// The approved record, in place of the user's providers of these names.
    void lay_into(Merged& merged) const;
    /// Providers that are the project's, once approved.
    bool holds(const std::string& provider) const { return claims_.contains(provider); }
    /// Why one of them cannot be used although it was approved; empty where it can.
    std::string fault(const std::string& provider) const;
    /// The key that the record names for it, as settings; null: none.
    Json key(const std::string& provider) const;

private:
    void add(const Layer& layer, const Json& below);
    void remove(const std::string& provider);
    void find_presets();
    void find_barred(const Layer& layer);
    std::string key_fault(const Json& provider) const;
    std::vector<std::string> lines_for(const std::string& name, Ask& ask) const;

    std::filesystem::path home_, folder_;
    std::set<std::string> settled_;              // the user said where these are, for this folder
    std::map<std::string, std::string> users_;   // environment variable -> the user's provider that it is for
    std::set<std::string> known_;                // the user's providers
    std::map<std::string, Json> claims_;         // provider -> what was asked for; null: to remove it
    std::map<std::string, std::string> barred_;  // provider -> the setting that no repository may say
    std::vector<std::shared_ptr<Settings>> patches_;  // lowest first
    Layer presets_;
    Json effective_ = Json::object();  // providers as they would act
};

}  // namespace dragoman::config
