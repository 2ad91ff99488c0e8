// The user's settings and a repository's, laid over each other: nothing that the schema never takes from a
// repository, or takes only with approval, holds because of one; and what a repository may add to, it cannot
// take from.
#include "server/config/ask.h"
#include "server/config/schema.h"
#include "server/config/store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/fake_files.h"

#include <algorithm>
#include <filesystem>

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

const std::filesystem::path kUserFile = "/home/u/.config/dragoman/config.json";
const std::filesystem::path kProjectFile = "/home/u/src/app/.dragoman.json";

std::shared_ptr<const config::Effective> effective(std::string_view user, std::string_view project) {
    test::FakeFiles files;
    Paths paths;
    paths.home = "/home/u";
    paths.config_file = kUserFile;
    if (!user.empty()) files.write(kUserFile, std::string{user});
    if (!project.empty()) files.write(kProjectFile, std::string{project});
    config::Store store{files, paths, [](const std::string&) { return std::optional<std::string>{}; }};
    store.set_folders({"/home/u/src/app"});
    return store.effective("/home/u/src/app/main.c");
}

std::vector<std::string> tokens_of(const std::string& pointer) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', at + 1), pointer.size());
        std::string token = pointer.substr(at + 1, end - at - 1);
        for (std::size_t i = 0; (i = token.find('~', i)) != std::string::npos; ++i)
            token.replace(i, 2, token[i + 1] == '1' ? "/" : "~");
        out.push_back(std::move(token));
        at = end;
    }
    return out;
}

/// What the schema asks of a repository for the value at `pointer`: the class met last on the way there.
std::string_view trust_of(const std::string& pointer) {
    const Json* schema = &config::resolved(config::schema());
    std::string_view trust = config::word(*schema, "x-trust");
    for (const std::string& token : tokens_of(pointer)) {
        const Json* inner = nullptr;
        if (const Json* alternatives = find(*schema, "oneOf")) {
            for (const Json& one : *alternatives)
                if (inner == nullptr) inner = config::member_schema(config::resolved(one), token);
        } else {
            inner = config::member_schema(*schema, token);
        }
        if (inner == nullptr) break;
        schema = &config::resolved(*inner);
        if (const auto own = config::word(*schema, "x-trust"); !own.empty()) trust = own;
        if (trust == "never") break;
    }
    return trust;
}

void check_provenance(const config::Effective& both) {
    for (const auto& [pointer, source] : both.provenance)
        if (source == kProjectFile.string())
            claim(trust_of(pointer) == "free", "only what is free comes from a repository");
}

void check_providers(const config::Effective& alone, const config::Effective& both) {
    for (const auto& [name, provider] : both.providers) {
        const auto found = alone.providers.find(name);
        claim(found != alone.providers.end(), "a repository brings no provider that was not approved");
        const config::Provider& users = *found->second;
        claim(provider->base_url == users.base_url && provider->key == users.key &&
                  provider->headers == users.headers && provider->proxy == users.proxy &&
                  provider->ca_file == users.ca_file && provider->allow_http == users.allow_http &&
                  provider->extra_body == users.extra_body,
              "a provider is what the user made it");
    }
    if (alone.require_provider) {
        for (const auto& [name, provider] : both.providers)
            claim(name == *alone.require_provider, "a repository does not lift the user's demand");
    }
    claim(!both.ask || both.ask->decision != config::Decision::allowed, "nothing is approved by itself");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto texts = fuzz::parts(fuzz::text_of(data, size), 2);
    const auto alone = effective(texts[0], {}), both = effective(texts[0], texts[1]);
    check_provenance(*both);
    check_providers(*alone, *both);
    claim(both->budgets == alone->budgets, "budgets are the user's alone");
    claim(both->log_level == alone->log_level && both->record_usage == alone->record_usage &&
              both->keep_conversations == alone->keep_conversations,
          "logs and what is kept are the user's alone");
    for (const std::string& glob : alone->exclude)
        claim(std::find(both->exclude.begin(), both->exclude.end(), glob) != both->exclude.end(),
              "a repository only adds to what stays on this machine");
    claim(alone->completion.enabled || !both->completion.enabled,
          "a repository does not switch completions on");
    for (const config::Problem& problem : both->problems)
        claim(problem.line >= 1 && problem.column >= 1 && !problem.message.empty(),
              "a problem has a place and words");
    return 0;
}
