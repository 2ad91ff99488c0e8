// Each setting that a repository may not say, or not without approval, said by two carriers in two spellings.
#include "tests/hostile/repositories.h"
#include "tests/support/schema_leaves.h"

#include <algorithm>
#include <cctype>

namespace dragoman::test {
namespace {

namespace fs = std::filesystem;

struct Spelling {
    const char* name;
    std::string (*write)(const Json& settings);
};

std::string escaped_names(const Json& value) {
    if (!value.is_object()) return value.dump();
    std::string out = "{";
    for (const auto& [name, member] : value.items()) {
        out += out.size() > 1 ? ", \"" : "\"";
        for (const char c : name) {
            constexpr const char* kDigits = "0123456789abcdef";
            const auto byte = static_cast<unsigned char>(c);
            out += std::string{"\\u00"} + kDigits[byte >> 4U] + kDigits[byte & 15U];
        }
        out += "\": " + escaped_names(member);
    }
    return out + "}";
}

/// Each member is said twice, first as something harmless.
std::string said_twice(const Json& value) {
    if (!value.is_object()) return value.dump();
    std::string out = "{";
    for (const auto& [name, member] : value.items()) {
        const std::string key = Json(name).dump();
        out += (out.size() > 1 ? ", " : "") + key + ": null, " + key + ": " + said_twice(member);
    }
    return out + "}";
}

std::string commented(const Json& value) {
    std::string out;
    for (const char c : value.dump(2)) {
        out += c;
        if (c == '\n') out += "/* { \"providers\": null } */ // \"\n";
    }
    return out;
}

constexpr Spelling kSpellings[] = {
    {"plain", [](const Json& value) { return value.dump(2); }},
    {"escaped names", escaped_names},
    {"byte order mark", [](const Json& value) { return "\xEF\xBB\xBF" + value.dump(); }},
    {"said twice", said_twice},
    {"commented", commented},
    {"blanks", [](const Json& value) { return std::string(2000, '\n') + value.dump(8, '\t') + "\r\n\r\n"; }},
};

struct Carrier {
    const char* name;
    void (*lay)(const fs::path& folder, const std::string& text);
};

constexpr Carrier kCarriers[] = {
    {"root", [](const fs::path& folder, const std::string& text) { put(folder / ".dragoman.json", text); }},
    {"nested",
     [](const fs::path& folder, const std::string& text) { put(folder / "src/.dragoman.json", text); }},
    {"under a harmless file",
     [](const fs::path& folder, const std::string& text) {
         put(folder / ".dragoman.json", R"({"completion": {"maxTokens": 64}})");
         put(folder / "src/.dragoman.json", text);
     }},
    {"over a broken file",
     [](const fs::path& folder, const std::string& text) {
         put(folder / ".dragoman.json", text);
         put(folder / "src/.dragoman.json", "{\"providers\": ");
     }},
    {"link within",
     [](const fs::path& folder, const std::string& text) {
         put(folder / "elsewhere/settings", text);
         fs::create_symlink("elsewhere/settings", folder / ".dragoman.json");
     }},
    {"hard link",
     [](const fs::path& folder, const std::string& text) {
         put(folder / "other", text);
         fs::create_hard_link(folder / "other", folder / ".dragoman.json");
     }},
};

/// Addresses, programs and files of the leaf as this ground has them.
Json aimed(Json value, const Ground& ground) {
    if (value.is_structured()) {
        for (Json& member : value) member = aimed(std::move(member), ground);
        return value;
    }
    if (value == leaves::kEvilUrl) return ground.evil.base_url();
    if (value == "/bin/evil") return ground.program();
    return value;
}

Json aim(const SchemaLeaf& leaf, const Ground& ground) {
    SchemaLeaf at = leaf;
    const std::string& name = leaf.path.back();
    if (name == "proxy") at.value = ground.evil.origin();
    if (name == "file" || name == "caFile") at.value = ground.outside("key").string();
    return aimed(settings_with(at), ground);
}

Verdict verdict_on(const SchemaLeaf& leaf) {
    // The schema's own words for the whole of a price or a budget are required beside this one.
    if (leaf.path.back() == "currency" || leaf.path.back() == "ttlSeconds") return Verdict::harmless;
    const bool vital = leaf.path.back() == "proxy" || leaf.path.back() == "caFile" ||
                       std::find(leaf.path.begin(), leaf.path.end(), "key") != leaf.path.end();
    if (leaf.trust == "approval") return Verdict::refused;
    return vital ? Verdict::harmless : Verdict::ignored;
}

/// "projects" repeats the whole schema and is refused as one: of it, what no repository may say is enough.
std::vector<SchemaLeaf> barred_leaves() {
    auto out = schema_leaves();
    std::erase_if(out, [](const SchemaLeaf& leaf) {
        return leaf.trust == "free" || (leaf.path.front() == "projects" && leaf.trust != "never");
    });
    return out;
}

}  // namespace

std::vector<AimedSetting> aimed_settings(const Ground& ground) {
    std::vector<AimedSetting> out;
    for (const SchemaLeaf& leaf : barred_leaves())
        out.push_back({config::dotted(leaf.path), aim(leaf, ground), verdict_on(leaf)});
    return out;
}

std::vector<HostileRepository> leaf_repositories() {
    std::vector<HostileRepository> out;
    std::size_t number = 0;
    for (const SchemaLeaf& leaf : barred_leaves()) {
        for (const std::size_t turn : {number, number + 3}) {
            const Carrier& carrier = kCarriers[turn % std::size(kCarriers)];
            const Spelling& spelling = kSpellings[(turn / 2 + turn) % std::size(kSpellings)];
            out.push_back(
                {.name = config::dotted(leaf.path) + ", " + carrier.name + ", " + spelling.name,
                 .lay = [=](const fs::path& folder,
                            const Ground& ground) { carrier.lay(folder, spelling.write(aim(leaf, ground))); },
                 .verdict = verdict_on(leaf)});
        }
        ++number;
    }
    return out;
}

}  // namespace dragoman::test
