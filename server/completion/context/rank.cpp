#include "server/completion/context/rank.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dragoman::completion {
namespace {

// What each reason is worth. A name that stands near the cursor is worth 1 at most, less the further away.
constexpr float kMemberOfNear = 0.6F, kInferred = 0.6F, kInherited = 0.8F, kImportedName = 0.5F,
                kCommonWords = 0.4F, kUsedOften = 0.35F, kUsedTogether = 1.5F, kAnyway = 0.05F;
// Of what is hidden from other files: by the language, or by custom only.
constexpr float kHidden = 0.15F, kHiddenByCustom = 0.6F;
// A word that more of all passages have (as a part of 1) tells nothing; so many passages are listened to.
constexpr float kCommon = 0.1F, kVoteExponent = 0.7F;
constexpr std::size_t kVoters = 96;

bool hidden_by_custom(Family family) {
    return family == Family::python || family == Family::script || family == Family::lua;
}

}  // namespace

void DefinitionIndex::Lists::close(std::size_t keys) {
    begins_.assign(keys + 1, 0);
    for (const auto& [key, value] : pairs_) ++begins_[key + 1];
    for (std::size_t i = 0; i < keys; ++i) begins_[i + 1] += begins_[i];
    values_.resize(pairs_.size());
    std::vector<std::uint32_t> next{begins_.begin(), begins_.end() - 1};
    for (const auto& [key, value] : pairs_) values_[next[key]++] = value;
    pairs_ = {};
}

struct DefinitionIndex::Asked {
    explicit Asked(const DefinitionIndex& index)
        : weights(index.terms_.size()), inferred(index.terms_.size()), votes(index.terms_.size()) {}
    void raise(std::vector<float>& of, Term term, float weight) {
        if (weight <= of[term]) return;
        if (weights[term] == 0 && inferred[term] == 0) touched.push_back(term);
        of[term] = weight;
    }
    std::vector<float> weights, inferred, votes;  // by term
    std::vector<Term> near, touched;              // with a weight; with any of both
    std::vector<float> scores;                    // by entry
};

DefinitionIndex::DefinitionIndex(std::vector<ImportedFile> files) : files_{std::move(files)} {
    for (std::uint32_t f = 0; f < files_.size(); ++f) add_file(f);
    for (std::uint32_t f = 0; f < files_.size(); ++f) add_passages(f);
    by_name_.close(terms_.size());
    by_parent_.close(terms_.size());
    by_module_.close(terms_.size());
    by_part_.close(part_terms_.size());
    mentioned_.close(entries_.size());
    top_.close(files_.size());
    passages_of_.close(terms_.size());
    declared_in_.close(passages_);
    count_uses();
}

DefinitionIndex::Term DefinitionIndex::term(Word word) {
    return terms_.try_emplace(word, static_cast<Term>(terms_.size())).first->second;
}

void DefinitionIndex::add_file(std::uint32_t f) {
    const ImportedFile& imported = files_[f];
    by_module_.add(term(imported.file->module), f);
    std::vector<Word> named;
    for (const std::string& name : imported.names) named.push_back(word_of(name));
    const auto is_named = [&](Word word) {
        return word != 0 && std::find(named.begin(), named.end(), word) != named.end();
    };
    const bool by_custom = hidden_by_custom(imported.file->family);
    for (std::uint32_t e = 0; e < imported.file->entries.size(); ++e) {
        const OutlinedFile::Entry& from = imported.file->entries[e];
        const auto number = static_cast<std::uint32_t>(entries_.size());
        Entry entry{.file = f, .index = e, .name = term(from.name), .prior = kAnyway};
        entry.type = from.declaration.kind == Declaration::Kind::type;
        entry.factor = imported.closeness;
        if (from.declaration.hidden && !imported.own) entry.factor *= by_custom ? kHiddenByCustom : kHidden;
        if (is_named(from.name) || is_named(from.parent)) entry.prior += kImportedName;
        by_name_.add(entry.name, number);
        if (from.parent != 0) {
            by_parent_.add(term(from.parent), number);
        } else {
            top_.add(f, number);
        }
        for (const Word word : from.mentioned) mentioned_.add(number, term(word));
        for (const Word part : from.parts) {
            const auto known = part_terms_.try_emplace(part, static_cast<Term>(part_terms_.size()));
            by_part_.add(known.first->second, number);
        }
        entry.part_worth = from.parts.empty() ? 0 : kCommonWords / static_cast<float>(from.parts.size());
        entries_.push_back(entry);
    }
}

void DefinitionIndex::add_passages(std::uint32_t f) {
    if (f == 0) is_declared_.assign(terms_.size(), false);
    if (f == 0) {
        for (const Entry& entry : entries_) is_declared_[entry.name] = true;
    }
    for (const std::vector<Word>& words : files_[f].file->passages) {
        const auto passage = static_cast<std::uint32_t>(passages_++);
        for (const Word word : words) {
            const Term one = term(word);
            passages_of_.add(one, passage);
            if (one < is_declared_.size() && is_declared_[one]) declared_in_.add(passage, one);
        }
    }
}

// How often a name is used is known once all files are.
void DefinitionIndex::count_uses() {
    const float most = std::log1p(static_cast<float>(passages_));
    for (Entry& entry : entries_) {
        const auto uses = static_cast<float>(passages_of_[entry.name].size());
        // What is declared somewhere and used there alone is used by nobody else.
        if (most > 0 && uses > 1) entry.prior += kUsedOften * std::log(uses) / most;
    }
    part_weights_.resize(part_terms_.size());
    const float all = std::log1p(static_cast<float>(entries_.size()));
    for (std::uint32_t part = 0; part < part_weights_.size(); ++part) {
        const auto has = static_cast<float>(by_part_[part].size());
        part_weights_[part] = all > 0 ? 1.0F - 0.8F * std::log1p(has) / all : 1.0F;
    }
}

// Types of what is named nearby, and what types inherit: their members may be meant.
void DefinitionIndex::infer(Asked& asked) const {
    constexpr int kGenerations = 3;
    for (const Term term : asked.near) {
        for (const std::uint32_t number : by_name_[term]) {
            if (entries_[number].type) continue;
            for (const Term type : mentioned_[number])
                asked.raise(asked.inferred, type, asked.weights[term] * kInferred);
        }
    }
    std::vector<Term> types = asked.touched;
    for (int generation = 0; generation < kGenerations && !types.empty(); ++generation) {
        const std::size_t before = asked.touched.size();
        for (const Term term : types) {
            const float weight = std::max(asked.weights[term], asked.inferred[term]) * kInherited;
            for (const std::uint32_t number : by_name_[term]) {
                if (!entries_[number].type) continue;
                for (const Term base : mentioned_[number]) asked.raise(asked.inferred, base, weight);
            }
        }
        types.assign(asked.touched.begin() + static_cast<std::ptrdiff_t>(before), asked.touched.end());
    }
}

// The passages that share most with the neighbourhood, rare words counting most, vote for what they use.
void DefinitionIndex::vote(Asked& asked) const {
    if (passages_ == 0) return;
    const auto all = static_cast<float>(passages_);
    std::vector<float> alike(passages_);
    std::vector<std::uint32_t> voters;
    for (const Term term : asked.near) {
        const auto having = passages_of_[term];
        const auto has = static_cast<float>(having.size());
        if (having.size() == 0 || has > std::max(8.0F, kCommon * all)) continue;
        const float weight = asked.weights[term] * std::log(1.0F + all / has);
        for (const std::uint32_t passage : having) {
            if (alike[passage] == 0) voters.push_back(passage);
            alike[passage] += weight;
        }
    }
    const auto better = [&](std::uint32_t a, std::uint32_t b) { return alike[a] > alike[b]; };
    if (voters.size() > kVoters) {
        std::nth_element(voters.begin(), voters.begin() + kVoters, voters.end(), better);
        voters.resize(kVoters);
    }
    if (voters.empty()) return;
    const float best = alike[*std::min_element(voters.begin(), voters.end(), better)];
    // Among the votes, those for what is used anywhere say little.
    float most = 0;
    for (const std::uint32_t passage : voters) {
        const float voice = alike[passage] * alike[passage] / (best * best);
        for (const Term term : declared_in_[passage]) asked.votes[term] += voice;
    }
    for (Term term = 0; term < asked.votes.size(); ++term) {
        float& votes = asked.votes[term];
        if (votes == 0) continue;
        votes *= std::log(1.0F + all / static_cast<float>(passages_of_[term].size()));
        if (asked.weights[term] == 0) most = std::max(most, votes);
    }
    if (most == 0) return;
    for (float& votes : asked.votes)
        votes = votes > 0 ? std::pow(std::min(1.0F, votes / most), kVoteExponent) : 0;
}

void DefinitionIndex::score(Asked& asked, const Neighbourhood& near) const {
    asked.scores.resize(entries_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        asked.scores[i] = entries_[i].prior + kUsedTogether * asked.votes[entries_[i].name];
    }
    for (const Term term : asked.touched) {
        const float weight = asked.weights[term], inferred = asked.inferred[term];
        for (const std::uint32_t number : by_name_[term])
            asked.scores[number] += weight + (entries_[number].type ? inferred * kInferred : 0);
        for (const std::uint32_t number : by_parent_[term])
            asked.scores[number] += kMemberOfNear * std::max(weight, inferred);
        for (const std::uint32_t file : by_module_[term]) {
            for (const std::uint32_t number : top_[file]) asked.scores[number] += kMemberOfNear * weight;
        }
    }
    for (const auto& [part, weight] : near.parts()) {
        const auto known = part_terms_.find(part);
        if (known == part_terms_.end()) continue;
        const float worth = weight * part_weights_[known->second];
        for (const std::uint32_t number : by_part_[known->second])
            asked.scores[number] += worth * entries_[number].part_worth;
    }
    for (std::size_t i = 0; i < entries_.size(); ++i) asked.scores[i] *= entries_[i].factor;
}

std::vector<Scored> DefinitionIndex::rank(const Neighbourhood& near, std::size_t most) const {
    Asked asked{*this};
    for (const auto& [word, weight] : near.words()) {
        const auto known = terms_.find(word);
        if (known == terms_.end()) continue;
        asked.near.push_back(known->second);
        asked.raise(asked.weights, known->second, weight);
    }
    infer(asked);
    vote(asked);
    score(asked, near);
    std::vector<std::uint32_t> order(entries_.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    const auto better = [&](std::uint32_t a, std::uint32_t b) {
        return asked.scores[a] != asked.scores[b] ? asked.scores[a] > asked.scores[b] : a < b;
    };
    const std::size_t kept = std::min(most, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(), better);
    std::vector<Scored> best;
    for (std::size_t i = 0; i < kept; ++i) {
        const Entry& entry = entries_[order[i]];
        best.push_back({entry.file, entry.index, asked.scores[order[i]]});
    }
    return best;
}

}  // namespace dragoman::completion
