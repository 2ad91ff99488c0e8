#include "server/upstream/wire/fim.h"

#include "protocol/base/utf.h"
#include "server/upstream/wire/text.h"

namespace dragoman::wire {
namespace {

constexpr std::string_view kZeroWidthSpace = "\xE2\x80\x8B";
/// In the place of an empty suffix: without anything after the hole models drift.
constexpr std::string_view kNoSuffix = "\n";

constexpr std::string_view kStarcoderHole = "<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>";
constexpr std::string_view kBarredHole = "<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>";

constexpr std::array kFamilies = {
    FimFamily{
        .name = "qwen",
        .hole = kBarredHole,
        .repository = {.head = "<|repo_name|>{repository}\n",
                       .file = "<|file_sep|>{path}\n{text}\n",
                       .hole =
                           "<|file_sep|>{path}\n<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>"},
        .tokens = {"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>", "<|repo_name|>",
                   "<|file_sep|>", "<|im_start|>", "<|im_end|>"},
        .stop = {"<|endoftext|>"}},
    FimFamily{.name = "deepseek",
              .hole = "<｜fim▁begin｜>{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>",
              .repository = {.file = "#{path}\n{text}\n",
                             .hole = "<｜fim▁begin｜>{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>"},
              .tokens = {"<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", "<｜begin▁of▁sentence｜>"},
              .stop = {"<｜end▁of▁sentence｜>"}},
    FimFamily{.name = "codellama",
              .hole = "<PRE> {prefix} <SUF>{suffix} <MID>",
              .tokens = {"<PRE>", "<SUF>", "<MID>", "<EOT>"},
              .stop = {"<EOT>", "</s>"}},
    FimFamily{
        .name = "starcoder",
        .hole = kStarcoderHole,
        // A file's name belonged to its text when the hole was cut, so it stands inside the prefix.
        .repository = {.file = "<filename>{path}\n{text}\n",
                       .hole = "<fim_prefix><filename>{path}\n{prefix}<fim_suffix>{suffix}<fim_middle>"},
        .tokens = {"<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<fim_pad>", "<filename>"},
        .stop = {"<|endoftext|>", "<filename>"}},
    FimFamily{
        .name = "starcoder2",
        .hole = kStarcoderHole,
        .repository = {.head = "<repo_name>{repository}",
                       .file = "<file_sep>{path}\n{text}",
                       .hole = "<file_sep><fim_prefix>{path}\n{prefix}<fim_suffix>{suffix}<fim_middle>"},
        .tokens = {"<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<fim_pad>", "<repo_name>", "<file_sep>"},
        .stop = {"<|endoftext|>", "<file_sep>"}},
    FimFamily{.name = "santacoder",
              .hole = "<fim-prefix>{prefix}<fim-suffix>{suffix}<fim-middle>",
              .tokens = {"<fim-prefix>", "<fim-suffix>", "<fim-middle>", "<fim-pad>"},
              .stop = {"<|endoftext|>"}},
    FimFamily{.name = "codestral",
              .hole = "[SUFFIX]{suffix}[PREFIX]{prefix}",
              .repository = {.head = "[SUFFIX]{suffix}[PREFIX]",
                             .file = "+++++ {path}\n{text}\n\n",
                             .hole = "+++++ {path}\n{prefix}"},
              .tokens = {"[PREFIX]", "[SUFFIX]", "[MIDDLE]"},
              .stop = {"\n+++++ "}},
    FimFamily{.name = "granite",
              .hole = kStarcoderHole,
              .tokens = {"<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<fim_pad>"},
              .stop = {"<|endoftext|>", "<|end_of_text|>"}},
    FimFamily{.name = "granite4",
              .hole = kBarredHole,
              .tokens = {"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|fim_pad|>"},
              .stop = {"<|end_of_text|>"}},
    FimFamily{.name = "codegemma",
              .hole = kBarredHole,
              .tokens = {"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_separator|>",
                         "<end_of_turn>", "<start_of_turn>"},
              .stop = {"<|file_separator|>", "<end_of_turn>", "<eos>"}},
    FimFamily{.name = "seedcoder",
              .hole = "<[fim-suffix]>{suffix}<[fim-prefix]>{prefix}<[fim-middle]>",
              .tokens = {"<[fim-suffix]>", "<[fim-prefix]>", "<[fim-middle]>", "<[begin▁of▁sentence]>"},
              .stop = {"<[end▁of▁sentence]>"}},
    FimFamily{
        .name = "codegeex",
        .hole = "<|user|>\n###PATH:{path}\n###LANGUAGE:{language}\n###MODE:BLOCK\n"
                "<|code_suffix|>{suffix}<|code_prefix|>{prefix}<|code_middle|><|assistant|>\n",
        .repository = {.head = "<|user|>\n",
                       .file = "###REFERENCE:\n###PATH:{path}\n{text}\n",
                       .hole =
                           "###PATH:{path}\n###LANGUAGE:{language}\n###MODE:BLOCK\n"
                           "<|code_suffix|>{suffix}<|code_prefix|>{prefix}<|code_middle|><|assistant|>\n"},
        .tokens = {"<|user|>", "<|assistant|>", "<|observation|>", "<|system|>", "<|code_suffix|>",
                   "<|code_prefix|>", "<|code_middle|>"},
        .stop = {"<|endoftext|>"}},
    FimFamily{
        .name = "mellum",
        .hole = "<fim_suffix>{suffix}<fim_prefix>{prefix}<fim_middle>",
        .repository = {.file = "<filename>{path}\n{text}\n",
                       .hole = "<filename>{path}\n<fim_suffix>{suffix}<fim_prefix>{prefix}<fim_middle>"},
        .tokens = {"<fim_suffix>", "<fim_prefix>", "<fim_middle>", "<filename>", "<reponame>"},
        .stop = {"<|endoftext|>"}},
    FimFamily{
        .name = "mercury",
        .hole = "<|file_sep|>{path}\n<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>",
        .repository = {.file = "<|file_sep|>{path}\n{text}\n",
                       .hole =
                           "<|file_sep|>{path}\n<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>"},
        .tokens = {"<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_sep|>"},
        .stop = {"<|endoftext|>"}},
};

/// What leaks most often out of models whose family the name does not tell.
constexpr std::array<std::string_view, 5> kCommonStops = {"<|endoftext|>", "<|fim_middle|>", "<|fim_prefix|>",
                                                          "<|fim_suffix|>", "<|file_sep|>"};

struct NameRule {
    std::string_view part, also, family;
};

/// Parts of a model's name in lower case; the first row that fits decides (upstream.md 10.3).
constexpr std::array kNames = {
    NameRule{"mercury", "", "mercury"},       NameRule{"codeqwen", "", "starcoder"},
    NameRule{"qwen", "coder", "qwen"},        NameRule{"granite-4", "", "granite4"},
    NameRule{"granite4", "", "granite4"},     NameRule{"granite", "code", "granite"},
    NameRule{"granite-3", "", "granite"},     NameRule{"granite3", "", "granite"},
    NameRule{"seed", "coder", "seedcoder"},   NameRule{"starcoder2", "", "starcoder2"},
    NameRule{"starcoder", "", "starcoder"},   NameRule{"star-coder", "", "starcoder"},
    NameRule{"starchat", "", "starcoder"},    NameRule{"octocoder", "", "starcoder"},
    NameRule{"stable-code", "", "starcoder"}, NameRule{"stablecode", "", "starcoder"},
    NameRule{"santacoder", "", "santacoder"}, NameRule{"codestral", "", "codestral"},
    NameRule{"codegemma", "", "codegemma"},   NameRule{"codellama", "", "codellama"},
    NameRule{"code-llama", "", "codellama"},  NameRule{"deepseek", "coder", "deepseek"},
    NameRule{"codegeex", "", "codegeex"},     NameRule{"mellum", "", "mellum"},
};

struct Language {
    std::string_view extension, name;
};

/// For the templates that name one; other extensions stand for themselves.
constexpr std::array kLanguages = {
    Language{"c", "C"},           Language{"h", "C"},           Language{"cc", "C++"},
    Language{"cpp", "C++"},       Language{"hpp", "C++"},       Language{"cs", "C#"},
    Language{"go", "Go"},         Language{"java", "Java"},     Language{"js", "JavaScript"},
    Language{"kt", "Kotlin"},     Language{"lua", "Lua"},       Language{"php", "PHP"},
    Language{"py", "Python"},     Language{"rb", "Ruby"},       Language{"rs", "Rust"},
    Language{"scala", "Scala"},   Language{"sh", "Shell"},      Language{"swift", "Swift"},
    Language{"ts", "TypeScript"}, Language{"tsx", "TypeScript"}};

std::string_view language_of(std::string_view path) {
    const auto name =
        path.substr(path.find_last_of("/\\") == std::string_view::npos ? 0 : path.find_last_of("/\\") + 1);
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot + 1 == name.size()) return "text";
    const auto extension = name.substr(dot + 1);
    const auto row = std::find_if(kLanguages.begin(), kLanguages.end(),
                                  [&](const Language& language) { return language.extension == extension; });
    return row == kLanguages.end() ? extension : row->name;
}

using Values = std::vector<std::pair<std::string_view, std::string>>;

/// `form` with each {name} replaced by its value; values are not looked into.
std::string expand(std::string_view form, const Values& values) {
    std::string out;
    while (!form.empty()) {
        const auto open = form.find('{');
        const auto close = form.find('}', open == std::string_view::npos ? form.size() : open);
        if (close == std::string_view::npos) break;
        const auto name = form.substr(open + 1, close - open - 1);
        const auto value =
            std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == name; });
        out += form.substr(0, open);
        if (value != values.end()) out += value->second;
        form.remove_prefix(close + 1);
    }
    return out += form;
}

std::string_view or_else(std::string_view text, std::string_view other) {
    return text.empty() ? other : text;
}

}  // namespace

const FimFamily* find_fim_family(std::string_view name) {
    const auto row = std::find_if(kFamilies.begin(), kFamilies.end(),
                                  [&](const FimFamily& family) { return family.name == name; });
    return row == kFamilies.end() ? nullptr : &*row;
}

std::optional<std::string> fim_family(std::string_view model) {
    const std::string name = lower_ascii(model);
    const auto row = std::find_if(kNames.begin(), kNames.end(), [&](const NameRule& rule) {
        return contains(name, rule.part) && contains(name, rule.also);
    });
    return row == kNames.end() ? std::nullopt : std::optional{std::string{row->family}};
}

bool takes_files(std::string_view route, std::string_view model) {
    constexpr std::string_view kTokens = "fim-tokens";
    if (route == "mistral-fim" || route == "llamacpp-infill") return true;
    if (!route.starts_with(kTokens)) return false;
    const bool named = route.size() > kTokens.size() && route[kTokens.size()] == ':';
    const auto name = named ? std::string{route.substr(kTokens.size() + 1)} : fim_family(model).value_or("");
    const FimFamily* family = find_fim_family(name);
    return family != nullptr && !family->repository.hole.empty();
}

std::string disarm(std::string_view text, const FimFamily* family) {
    std::string out = repair_utf8(text);
    if (family == nullptr) return out;
    const auto break_up = [&](std::string_view token) {
        if (token.empty() || token.front() == '\n') return;
        for (auto at = out.find(token); at != std::string::npos; at = out.find(token, at + 1)) {
            out.insert(at + 1, kZeroWidthSpace);
        }
    };
    for (const auto token : family->tokens) break_up(token);
    for (const auto token : family->stop) break_up(token);
    return out;
}

std::string fim_prompt(const FimFamily& family, const FillRequest& request) {
    const bool whole = !request.files.empty() && !family.repository.hole.empty();
    // The forms that name a path or a repository were learned with one always there.
    const Values values = {{"prefix", disarm(request.prefix, &family)},
                           {"suffix", disarm(or_else(request.suffix, kNoSuffix), &family)},
                           {"path", disarm(or_else(request.path, "untitled"), &family)},
                           {"repository", disarm(or_else(request.repository, "project"), &family)},
                           {"language", std::string{language_of(request.path)}}};
    if (!whole) return expand(family.hole, values);
    std::string out = expand(family.repository.head, values);
    for (const auto& file : request.files) {
        out += expand(family.repository.file,
                      {{"path", disarm(file.path, &family)}, {"text", disarm(file.text, &family)}});
    }
    return out += expand(family.repository.hole, values);
}

std::vector<std::string> fim_stops(const FimFamily* family) {
    if (family == nullptr) return {kCommonStops.begin(), kCommonStops.end()};
    std::vector<std::string> out;
    const auto add = [&](std::string_view text) {
        if (!text.empty() && std::find(out.begin(), out.end(), text) == out.end()) out.emplace_back(text);
    };
    for (const auto text : family->stop) add(text);
    for (const auto text : family->tokens) add(text);
    return out;
}

}  // namespace dragoman::wire
