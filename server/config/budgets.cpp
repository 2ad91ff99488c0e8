#include "server/config/budgets.h"

#include "server/config/config.h"
#include "server/config/schema.h"
#include "server/support/paths.h"

#include <algorithm>
#include <array>

namespace dragoman::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDefaultCurrency = "USD";

/// What is said under that name, a null included; nullptr: nothing.
const Json* said(const Json& object, const std::string& name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return !object.is_object() || found == object.end() ? nullptr : &*found;
}

/// What a word about a budget is about. Faults are kept by part: a higher layer that says one anew mends that
/// one alone.
enum Part : std::size_t { kMoney, kTokens, kWhole, kParts };

struct Scope {
    Budget budget;
    std::array<std::string, kParts> faults{};
};

class Reader {
public:
    explicit Reader(const fs::path& home) : home_{home} {}

    void read(const Layer& layer) {
        layer_ = &layer;
        lay({"budget"}, {});
        if (const Json* providers = said(*layer.value, "providers")) {
            for (const auto& [name, settings] : providers->items())
                if (settings.is_object()) lay({"providers", name, "budget"}, name);
        }
    }

    std::vector<Budget> take() {
        std::vector<Budget> out;
        for (Scope& one : all_) {
            for (const std::string& fault : one.faults)
                if (one.budget.fault.empty()) one.budget.fault = fault;
            const bool there = one.budget.amount || one.budget.tokens || !one.budget.fault.empty();
            if (there) out.push_back(std::move(one.budget));
        }
        return out;
    }

private:
    void lay(const std::vector<std::string>& path, const std::string& provider) {
        const Json* value = layer_->value;
        for (const std::string& part : path) value = value == nullptr ? nullptr : said(*value, part);
        if (value != nullptr) set(*value, path, provider);
        std::string at;
        for (const std::string& part : layer_->prefix) at = pointer(at, part);
        for (const std::string& part : path) at = pointer(at, part);
        for (const auto& [refused, why] : layer_->settings->refused) {
            if (refused == at || refused.starts_with(at + "/"))
                scope(path, provider).faults[part_of(std::string_view{refused}.substr(at.size()))] = why;
        }
    }

    /// `below`: a JSON pointer from the budget on.
    static Part part_of(std::string_view below) {
        const std::string_view name = below.substr(0, below.find('/', 1));
        return name == "/perDay" ? kMoney : name == "/perDayTokens" ? kTokens : kWhole;
    }

    void set(const Json& value, const std::vector<std::string>& path, const std::string& provider) {
        if (value.is_null()) {
            for (const Part part : {kMoney, kTokens, kWhole}) take_back(part, provider);
            return;
        }
        if (const Json* money = said(value, "perDay")) {
            const auto amount = get_number(*money, "amount");
            if (!amount && (money->is_null() || said(*money, "amount") != nullptr))
                take_back(kMoney, provider);
            if (amount) mended(kMoney, path, provider).amount = amount;
            if (said(*money, "currency") != nullptr)
                scope(path, provider).budget.currency =
                    get_string(*money, "currency").value_or(std::string{kDefaultCurrency});
        }
        if (const Json* tokens = said(value, "perDayTokens")) {
            const auto number = get_int(value, "perDayTokens");
            if (tokens->is_null()) take_back(kTokens, provider);
            if (number) mended(kTokens, path, provider).tokens = number;
        }
    }

    /// That of this layer's folder and `provider`, made where there is none.
    Scope& scope(const std::vector<std::string>& path, const std::string& provider) {
        const auto found = std::find_if(all_.begin(), all_.end(), [&](const Scope& one) {
            return one.budget.provider == provider && one.budget.folder == layer_->folder;
        });
        if (found != all_.end()) return *found;
        std::vector<std::string> whole = layer_->prefix;
        whole.insert(whole.end(), path.begin(), path.end());
        all_.push_back({.budget = {.provider = provider,
                                   .folder = layer_->folder,
                                   .named = named(),
                                   .currency = std::string{kDefaultCurrency},
                                   .setting = dotted(whole)}});
        return all_.back();
    }

    fs::path named() const {
        if (layer_->prefix.empty()) return {};
        const fs::path folder = expand_home(layer_->prefix.back(), home_).lexically_normal();
        return folder.has_filename() ? folder : folder.parent_path();  // "~/src/"
    }

    /// The same, of which `part` is said anew.
    Budget& mended(Part part, const std::vector<std::string>& path, const std::string& provider) {
        Scope& its = scope(path, provider);
        its.faults[part].clear();
        return its.budget;
    }

    void take_back(Part part, const std::string& provider) {
        for (Scope& one : all_) {
            if (one.budget.provider != provider) continue;
            one.faults[part].clear();
            if (part == kMoney) one.budget.amount.reset();
            if (part == kTokens) one.budget.tokens.reset();
        }
    }

    const fs::path& home_;
    const Layer* layer_ = nullptr;
    std::vector<Scope> all_;
};

}  // namespace

std::vector<Budget> read_budgets(const std::vector<Layer>& layers, const fs::path& home) {
    Reader reader{home};
    for (const Layer& layer : layers)
        if (!layer.is_repository()) reader.read(layer);
    return reader.take();
}

bool lies_in(const fs::path& path, const fs::path& folder) {
    const std::string &inner = path.native(), &outer = folder.native();
    if (!inner.starts_with(outer)) return false;
    return inner.size() == outer.size() || outer.ends_with('/') || inner[outer.size()] == '/';
}

fs::path account_for(const fs::path& project, const std::vector<Budget>& budgets) {
    const auto depth = [](const fs::path& path) { return std::distance(path.begin(), path.end()); };
    fs::path innermost;
    for (const Budget& one : budgets)
        if (depth(one.folder) > depth(innermost)) innermost = one.folder;
    return innermost.empty() || lies_in(project, innermost) ? project : innermost;
}

}  // namespace dragoman::config
