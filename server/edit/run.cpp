#include "server/edit/run.h"

#include "protocol/base/overloaded.h"
#include "server/completion/text/lines.h"
#include "server/edit/replacement.h"

namespace dragoman::edit {
namespace {

constexpr std::size_t kMostAnswer = 2'000'000;  // bytes
/// The certain part is computed anew when the answer has grown by a sixteenth, so that a long one costs time
/// in proportion to its length.
constexpr std::size_t kGrowth = 16;

}  // namespace

Run::Run(Engine& engine, Request request, Engine::OnEvent on_event, Engine::OnEnd on_end)
    : engine_{engine},
      request_{std::move(request)},
      selection_{take_selection(request_.document, request_.begin, request_.end)},
      masking_{selection_, request_.question.instruction},
      range_{request_.document, request_.begin, request_.end},
      on_event_{std::move(on_event)},
      on_end_{std::move(on_end)} {
    engine_.add(*this);
}

Run::~Run() {
    if (on_end_) engine_.remove(*this);
}

void Run::start(std::vector<config::ModelRef> chain) {
    gateway::ChatCall call{.purpose = purpose(), .chain = std::move(chain), .request = {}};
    call.request.messages = write_prompt(request_.question, selection_, masking_);
    call.request.sampling = request_.sampling;
    if (request_.model.empty() && request_.config->edit_model.empty())
        call.extra_body = request_.config->chat.extra_body;
    merge_json(call.extra_body, request_.extra_body);
    call_ = engine_.gateway_.chat(std::move(call), [this](const gateway::Event& event) { on_event(event); });
}

gateway::Purpose Run::purpose() const {
    const std::size_t shown = masking_.before().size() + masking_.text().size() + masking_.after().size();
    Drawn document{
        .kind = "document", .path = request_.question.path, .bytes = shown, .masked = masking_.count()};
    return {
        .role = "edit",
        .config = request_.config,
        .drawn = {std::move(document), {.kind = "prompt", .bytes = request_.question.instruction.size()}}};
}

void Run::follow(const DocumentSnapshot& now, const std::vector<AppliedChange>& changes) {
    if (!range_.follow(now, changes)) modified("the text changed while it was being edited");
}

void Run::modified(std::string why) {
    end(Failure{.content_modified = true, .message = std::move(why), .error = {}});
}

void Run::on_event(const gateway::Event& event) {
    std::visit(
        Overloaded{[this](const gateway::Began& one) {
                       model_ = one.model;
                       on_event_(one);
                   },
                   [this](const gateway::Retry& one) { on_event_(one); },
                   [this](const wire::Reasoning& piece) { on_event_(piece); },
                   [this](const wire::Text& piece) { add_text(piece.text); },
                   [this](const gateway::Completed& done) { completed(done); },
                   [this](const gateway::Failed& broken) {
                       Error error = broken.error;
                       error.partial_text = answer_;
                       end(Failure{.content_modified = false, .message = {}, .error = std::move(error)});
                   },
                   [](const auto&) {}},  // tools were not offered
        event);
}

void Run::add_text(std::string_view piece) {
    answer_ += piece;
    if (answer_.size() > kMostAnswer) {
        return end(failure(ErrorKind::bad_response, "the model's answer to an edit does not end",
                           "Try again, or use another model."));
    }
    if (request_.question.task == Task::explain) return show(answer_);
    if (piece.find('\n') != std::string_view::npos && answer_.size() - looked_at_ > looked_at_ / kGrowth) {
        looked_at_ = answer_.size();
        show_certain_part();
    }
}

void Run::show_certain_part() {
    const auto so_far =
        replacement_so_far(std::string_view{answer_}.substr(0, answer_.rfind('\n') + 1), selection_);
    if (!so_far) return;
    const std::string text = masking_.restore(*so_far);
    if (!masking_.hides_secret(text)) show(with_line_ends(text, selection_.line_end));
}

/// Tells what `text` has beyond what was told; nothing where it does not go on from that.
void Run::show(const std::string& text) {
    if (!text.starts_with(shown_) || text.size() == shown_.size()) return;
    wire::Text piece;
    piece.text = text.substr(shown_.size());
    shown_ = text;
    on_event_(piece);
}

void Run::completed(const gateway::Completed& done) {
    auto result = outcome_of(done);
    if (result) show(result->text);
    end(std::move(result));
}

Result<Outcome, Failure> Run::outcome_of(const gateway::Completed& done) {
    if (done.finish == wire::FinishReason::content_filter) {
        return failure(ErrorKind::content_filtered, "the provider's filter refused this edit",
                       "Nothing was changed. Use another model or another instruction.");
    }
    Outcome outcome;
    outcome.document = range_.document();
    outcome.model = done.model;
    outcome.usage = done.usage;
    outcome.masked = masking_.count();
    outcome.cost = gateway::cost_of(*request_.config, done.model, done.usage);
    if (request_.question.task == Task::rewrite) {
        if (done.finish == wire::FinishReason::length) {
            return failure(ErrorKind::bad_response, "the answer was cut off at the model's output limit",
                           "Nothing was changed. Select less, or raise maxTokens.");
        }
        return rewritten(std::move(outcome));
    }
    outcome.text = completion::trimmed(answer_);
    return outcome;
}

Result<Outcome, Failure> Run::rewritten(Outcome outcome) {
    const auto now = engine_.documents_.find(uri());
    if (!now || now->text.slice(range_.begin(), range_.end()) != selection_.text) {
        return Failure{
            .content_modified = true, .message = "the text changed while it was being edited", .error = {}};
    }
    outcome.document = *now;
    const auto replacement = replacement_of(answer_, selection_);
    if (!replacement) {
        return failure(ErrorKind::bad_response, "the model answered without a replacement",
                       "Nothing was changed. Say more exactly what is to be done, or use another model.");
    }
    Changes changes = make_changes(selection_, masking_.restore(*replacement), masking_);
    if (changes.hunks.empty() && changes.withheld > 0) {
        return failure(ErrorKind::bad_response,
                       "the edit would have overwritten a secret that the model was not shown",
                       "Nothing was changed. Leave the line with the secret out of the selection.");
    }
    for (Hunk& hunk : changes.hunks) {
        hunk.begin += range_.begin();
        hunk.end += range_.begin();
    }
    outcome.hunks = std::move(changes.hunks);
    outcome.text = std::move(changes.text);
    outcome.withheld = changes.withheld;
    return outcome;
}

Failure Run::failure(ErrorKind kind, std::string message, std::string hint) const {
    Error error{.kind = kind, .message = std::move(message), .hint = std::move(hint)};
    error.provider = model_.substr(0, model_.find('/'));
    error.model = model_;
    error.partial_text = answer_;
    return {.content_modified = false, .message = {}, .error = std::move(error)};
}

void Run::end(Result<Outcome, Failure> result) {
    call_.reset();
    const auto on_end = std::exchange(on_end_, nullptr);
    engine_.remove(*this);
    on_end(std::move(result));  // may destroy this
}

}  // namespace dragoman::edit
