#include "tests/bench/completion/oracle/oracle.h"

#include "server/completion/text/postprocess.h"
#include "tests/bench/completion/oracle/faults.h"
#include "tests/gateway/gateway.h"
#include "tests/support/test_editor.h"

#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>

namespace dragoman::bench {
namespace {

using Json = nlohmann::json;

struct Tally : Recoveries {
    void add(bool is_right) {
        ++asked;
        right += is_right ? 1 : 0;
    }
};

std::string without_trailing_space(std::string text) {
    text.erase(text.find_last_not_of(" \t\n") + 1);
    return text;
}

/// Whoever turns a model's answer into what is shown.
class Subject {
public:
    virtual ~Subject() = default;
    virtual std::string shown(const Span& span, const Answer& answer) = 0;
};

class PureSubject : public Subject {
public:
    std::string shown(const Span& span, const Answer& answer) override {
        const std::string text = std::string{span.before()}.append(span.after());
        auto window = completion::take_window(Text{text}, span.begin);
        window.language = span.source->language;
        const auto wanted = completion::wanted_extent(window);
        return completion::present(answer.text, window, wanted.extent, answer.cut_off).text;
    }
};

class DaemonSubject : public Subject {
public:
    DaemonSubject() : editor_{options()} { editor_.initialize(); }

    std::string shown(const Span& span, const Answer& answer) override {
        gateway_.answer(test::Script{}.text(answer.text).finish(answer.cut_off ? "length" : "stop"));
        const std::string uri = editor_.uri("file" + std::to_string(++files_));
        const std::string text = std::string{span.before()}.append(span.after());
        editor_.open(uri, span.source->language, text);
        const Text document{text};
        const auto position = document.position_of(span.begin, PositionEncoding::utf16);
        const Json result = editor_.result(editor_.inline_completion(uri, static_cast<int>(position.line),
                                                                     static_cast<int>(position.character)));
        editor_.notify("textDocument/didClose", {{"textDocument", {{"uri", uri}}}});
        if (result.at("items").empty()) return {};
        // The item replaces what stands before the cursor on its line by itself and the suggestion.
        const Json& item = result["items"][0];
        const Json& start = item.at("range").at("start");
        const auto from = document.offset_of({start["line"], start["character"]}, PositionEncoding::utf16);
        return item.at("insertText").get<std::string>().substr(span.begin - from);
    }

private:
    test::EditorOptions options() const {
        test::EditorOptions options;
        options.config = {{"providers",
                           {{"oracle",
                             {{"preset", "openai-compatible"},
                              {"api", "chat"},
                              {"baseUrl", gateway_.base_url()},
                              {"key", "none"}}}}},
                          {"completion", {{"model", "oracle/m"}, {"debounceMs", 0}}}};
        return options;
    }

    test::Gateway gateway_{"generic"};
    test::TestEditor editor_;
    int files_ = 0;
};

void show_failure(const Span& span, Fault fault, const Answer& answer, const std::string& shown) {
    const auto before = span.before().substr(span.before().size() - std::min<std::size_t>(200, span.begin));
    const auto after = span.after().substr(0, 160);
    std::printf("---- %s, %s, %s: %s\n%s⟦⟧%s\n---- answered%s\n%s\n---- shown\n%s⟧\n---- expected\n%s⟧\n\n",
                span.source->language.c_str(), name_of(span.kind), name_of(fault), span.source->path.c_str(),
                std::string{before}.c_str(), std::string{after}.c_str(), answer.cut_off ? " (cut off)" : "",
                answer.text.c_str(), shown.c_str(), answer.expected.c_str());
}

class Oracle {
public:
    explicit Oracle(const OracleOptions& options) : options_{options} {}

    Recoveries run() {
        Dice dice{20240601};
        for (const std::string& language : languages()) choose(language, dice);
        for (const Fault fault : kFaults) ask_with(fault);
        std::printf("%-28s %8s %8s\n", "exact recoveries", "asked", "right");
        print(faults_);
        print(languages_);
        print(kinds_);
        return overall_;
    }

private:
    void choose(const std::string& language, Dice& dice) {
        sources_.push_back(find_sources(language, options_.folder, 60, dice));
        const auto& files = sources_.back();
        if (files.empty()) {
            std::printf("%s: no files on this machine\n", language.c_str());
            return;
        }
        for (const SpanKind kind : kSpanKinds) {
            // Few files have few spans: those that differ.
            std::map<std::pair<const Source*, std::size_t>, Span> chosen;
            for (int tries = 0; tries < options_.spans * 4; ++tries) {
                if (chosen.size() == static_cast<std::size_t>(options_.spans)) break;
                const auto span = hide(files[dice.below(files.size())], kind, dice);
                if (span) chosen.emplace(std::pair{span->source, span->begin}, *span);
            }
            for (const auto& [place, span] : chosen) spans_.push_back(span);
        }
    }

    // With a daemon of its own, so that nothing is remembered from another fault.
    void ask_with(Fault fault) {
        const auto subject = options_.pure ? std::unique_ptr<Subject>{std::make_unique<PureSubject>()}
                                           : std::unique_ptr<Subject>{std::make_unique<DaemonSubject>()};
        Dice dice{static_cast<std::uint64_t>(fault)};
        for (const Span& span : spans_) {
            const auto answer = answer_with(fault, span, dice);
            if (!answer) continue;
            const std::string shown = without_trailing_space(subject->shown(span, *answer));
            const bool right = shown == without_trailing_space(answer->expected);
            for (Tally* const tally : {&overall_, &faults_[name_of(fault)],
                                       &languages_[span.source->language], &kinds_[name_of(span.kind)]}) {
                tally->add(right);
            }
            const std::string labels =
                span.source->language + "/" + name_of(span.kind) + "/" + name_of(fault);
            const bool wanted = labels.find(options_.only) != std::string::npos;
            if (!right && wanted && shown_failures_++ < options_.show_failures) {
                show_failure(span, fault, *answer, shown);
            }
        }
    }

    static void print(const std::map<std::string, Tally>& tallies) {
        for (const auto& [name, tally] : tallies) {
            std::printf("%-28s %8d %7.2f%%\n", name.c_str(), tally.asked,
                        100.0 * tally.right / std::max(tally.asked, 1));
        }
        std::printf("\n");
    }

    const OracleOptions& options_;
    std::vector<std::vector<Source>> sources_;
    std::vector<Span> spans_;
    std::map<std::string, Tally> faults_, languages_, kinds_;
    Tally overall_;
    int shown_failures_ = 0;
};

}  // namespace

Recoveries run_oracle(const OracleOptions& options) { return Oracle{options}.run(); }

}  // namespace dragoman::bench
