// Models as editors and the command line show them: what a gateway lists, what is configured, what is chosen.
#pragma once

#include "server/config/config.h"
#include "server/upstream/wire/listings.h"

#include <string>
#include <vector>

namespace dragoman::session {

/// One provider's models, the listed ones and the configured ones, each once, as `models` of dragoman/models.
Json model_rows(const config::Provider& provider, const std::vector<wire::ListedModel>& listed);

/// "provider/model" by role, for the roles that have one that can be used: `selected` of dragoman/models.
Json selected_models(const config::Effective& config);

}  // namespace dragoman::session
