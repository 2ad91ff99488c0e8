#include "server/completion/text/talk.h"

#include "server/completion/text/lines.h"
#include "server/completion/text/surroundings.h"

#include <algorithm>
#include <array>

namespace dragoman::completion {
namespace {

constexpr std::array<std::string_view, 7> kApologies = {"i'm sorry", "i am sorry", "sorry",   "i apologize",
                                                        "i cannot",  "i can't",    "as an ai"};
constexpr std::array<std::string_view, 17> kAnnouncements = {
    "sure",           "certainly",    "of course",      "absolutely",  "here is",     "here's",
    "here are",       "the complete", "the code",       "the missing", "to complete", "the completed",
    "the completion", "you can",      "completed code", "completion",  "answer"};
constexpr std::array<std::string_view, 16> kExplanations = {
    "explanation",     "note",        "this code",    "this completes",
    "this completion", "this will",   "this returns", "this function",
    "this line",       "let me know", "i've",         "i have",
    "the above",       "in this",     "hope this",    "the completion"};

constexpr std::array<std::string_view, 15> kThoughts = {
    "okay",  "ok,",      "alright", "hmm",     "we need", "we have", "i need",    "let me",
    "let's", "the user", "first,",  "so, the", "so the",  "wait",    "the cursor"};

std::string lower_start(std::string_view text) {
    constexpr std::size_t kLongestPhrase = 64;
    std::string out{text.substr(0, kLongestPhrase)};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    // Typographers' apostrophe.
    if (const auto at = out.find("\u2019"); at != std::string::npos) out.replace(at, 3, "'");
    return out;
}

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_word(c) && c != '_' && !(c >= '0' && c <= '9'); }

// As a sentence begins: with a capital, and the phrase ends where a word ends.
template <std::size_t N>
bool begins_with_phrase(std::string_view text, const std::array<std::string_view, N>& phrases) {
    if (text.empty() || !is_capital(text.front())) return false;
    const std::string start = lower_start(text);
    return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
        return start.starts_with(phrase) &&
               (start.size() == phrase.size() || !is_word(start[phrase.size()]) || !is_word(phrase.back()));
    });
}

bool ends_as_sentence(std::string_view line) {
    constexpr std::string_view kEnds = ".:!?";
    line = trimmed(line);
    while (line.ends_with('*') || line.ends_with('"')) line.remove_suffix(1);  // bold
    return !line.empty() && kEnds.find(line.back()) != std::string_view::npos;
}

// How many plain words a line has; 0 where it has signs of code outside of backticks.
std::size_t count_words(std::string_view line) {
    constexpr std::string_view kCode = "=;{}[]<>|\\@#$%^&+~_/";
    std::size_t words = 0;
    for (std::size_t i = 0; i < line.size();) {
        if (line[i] == '`') {
            const auto close = line.find('`', i + 1);
            if (close == std::string_view::npos || close == i + 1) return 0;
            i = close + 1;
            ++words;
        } else if (is_letter(line[i])) {
            while (i < line.size() && is_letter(line[i])) ++i;
            ++words;
            if (i < line.size() && (line[i] == '(' || line[i] == '_')) return 0;
            if (i + 1 < line.size() && line[i] == '.' && is_word(line[i + 1])) return 0;  // a member
        } else if (kCode.find(line[i]) != std::string_view::npos) {
            return 0;
        } else {
            ++i;
        }
    }
    return words;
}

bool is_markup_language(std::string_view language) {
    constexpr std::array<std::string_view, 8> kMarkup = {
        "html", "xml", "javascriptreact", "typescriptreact", "vue", "svelte", "astro", "handlebars"};
    return std::find(kMarkup.begin(), kMarkup.end(), language) != kMarkup.end();
}

}  // namespace

bool announces_answer(std::string_view line) {
    line = trimmed(line);
    return begins_with_phrase(line, kAnnouncements) &&
           (line.ends_with(':') || line.ends_with('!') || line.ends_with('.'));
}

bool announces_code(std::string_view line) {
    constexpr std::array<std::string_view, 6> kWhat = {"code",    "complet", "missing",
                                                       "snippet", "answer",  "comment"};
    const std::string start = lower_start(trimmed(line));
    return announces_answer(line) && trimmed(line).ends_with(':') &&
           std::any_of(kWhat.begin(), kWhat.end(),
                       [&](std::string_view what) { return start.find(what) != std::string::npos; });
}

bool begins_as_thought(std::string_view line) { return begins_with_phrase(trimmed(line), kThoughts); }

bool apologises(std::string_view text) { return begins_with_phrase(trimmed(text), kApologies); }

bool explains_answer(std::string_view paragraph) {
    return begins_with_phrase(paragraph, kExplanations) ||
           reads_as_sentence(paragraph.substr(0, paragraph.find('\n')));
}

bool reads_as_talk(std::string_view line) {
    constexpr std::size_t kFewWords = 3;
    line = trimmed(line);
    if (line.empty()) return false;
    if (announces_answer(line)) return true;
    const std::size_t words = count_words(line);
    return words >= kFewWords || (words > 0 && is_capital(line.front()) && ends_as_sentence(line));
}

bool reads_as_sentence(std::string_view line) {
    constexpr std::size_t kWholeSentence = 4;
    line = trimmed(line);
    if (announces_answer(line)) return true;
    if (line.size() < 2 || !is_capital(line.front()) || is_capital(line[1])) return false;
    return ends_as_sentence(line) && count_words(line) >= kWholeSentence;
}

bool text_is_expected(const View& view) {
    // A plain scalar of YAML is text without quotes.
    if (is_prose_language(view.language()) || view.language() == "yaml") return true;
    const std::string_view line = view.line_before();
    if (is_markup_language(view.language()) && (trimmed(line).ends_with('>') || is_blank(line))) return true;
    return view.surroundings().cursor.ends_in != Region::code;
}

AnswerScan::AnswerScan(std::string_view answer, const View& view)
    : shift_{view.line_before().size()},
      text_{std::string{view.line_before()}.append(answer)},
      scanner_{view.surroundings().scanner} {}

bool AnswerScan::inside_text(std::size_t offset) {
    while (at_ < shift_ + offset) at_ = scanner_.scan(text_, at_).end + 1;
    const Region region = scanner_.region();
    return region == Region::block_comment || (region == Region::string && scanner_.spans_lines());
}

}  // namespace dragoman::completion
