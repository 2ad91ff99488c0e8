#include "server/completion/generation.h"

#include "server/completion/prompt.h"
#include "server/completion/text/lines.h"
#include "server/privacy/secret_text.h"

namespace dragoman::completion {
namespace {

constexpr int kMostRoutes = 3;
/// More is no suggestion any more; models that never stop are stopped here.
constexpr std::size_t kMostText = 64 * 1024;

/// Such a beginning may still turn out to be a fence, thinking or an announcement around the answer.
bool may_be_wrapping(std::string_view raw) {
    const std::string_view text = trimmed(raw);
    if (text.empty()) return true;
    const bool capital = text.front() >= 'A' && text.front() <= 'Z';
    return text.front() == '`' || text.front() == '<' ||
           (capital && text.find('\n') == std::string_view::npos);
}

}  // namespace

Generation::Generation(Clock& clock, gateway::Gateway& gateway, std::shared_ptr<const Query> query,
                       std::string id, const Gathered& context, std::function<void()> on_news)
    : clock_{clock},
      gateway_{gateway},
      query_{std::move(query)},
      purpose_{.role = "completion", .config = query_->config},
      id_{std::move(id)},
      context_{context},
      on_news_{std::move(on_news)} {
    note("context", std::to_string(query_->view.prefix().size()) + " bytes before and " +
                        std::to_string(query_->view.suffix().size()) + " after the cursor");
    for (const std::string& one : context_.notes) note("context", one);
    draw_on_sources();
    ask();
}

/// Tells the trail what was masked, and the list of what is sent what the prompt is made of.
void Generation::draw_on_sources() {
    const Window& window = query_->view.window();
    const auto masked = privacy::mask_secrets(window.prefix, window.suffix);
    for (const std::string_view kind : masked.kinds)
        note("privacy", std::string{kind} + " masked in the text around the cursor");
    purpose_.drawn.push_back({.kind = "document",
                              .path = window.path,
                              .bytes = masked.before.size() + masked.after.size(),
                              .masked = masked.kinds.size()});
    for (const Piece& piece : context_.pieces) {
        purpose_.drawn.push_back({.kind = std::string{wire_name(piece.kind)},
                                  .path = piece.path,
                                  .bytes = piece.text.size(),
                                  .masked = piece.masked});
    }
}

void Generation::stop() {
    if (!running()) return;
    call_.reset();
    state_ = State::stopped;
}

void Generation::ask() {
    route_ = gateway_.fill_route(query_->model);
    note("route", route_);
    ++routes_tried_;
    raw_.clear();
    asked_ = clock_.now();
    const gateway::Sink sink = [this](const gateway::Event& event) { on_event(event); };
    call_ = route_ == "chat" ? ask_chat(sink) : ask_fill(sink);
}

wire::Sampling Generation::sampling() const {
    wire::Sampling sampling;
    sampling.avoid_reasoning = true;
    sampling.max_tokens = query_->config->completion.max_tokens;
    sampling.temperature = query_->config->completion.temperature;
    // Only the rest of this line is wanted, and such a model begins at once.
    if (route_ != "chat" && has_word(query_->view.line_after())) sampling.stop = {"\n"};
    return sampling;
}

/// Of the document, for gateways that keep prompts apart by one. It tells them nothing of its name.
std::string Generation::cache_key() const {
    return "dragoman-" + std::to_string(digest({query_->document.uri, query_->model.id()}));
}

std::unique_ptr<gateway::Call> Generation::ask_chat(gateway::Sink sink) {
    gateway::ChatCall call{.purpose = purpose_, .chain = {query_->model}, .request = {}};
    call.request.messages = chat_infill_messages(query_->view.window(), context_.pieces);
    call.request.sampling = sampling();
    call.request.prompt_cache_key = cache_key();
    call.extra_body = query_->config->completion.extra_body;
    call.policy.background = query_->automatic;
    call.policy.on_sent = [this] { sent_ = sent_.value_or(clock_.now()); };
    return gateway_.chat(std::move(call), std::move(sink));
}

std::unique_ptr<gateway::Call> Generation::ask_fill(gateway::Sink sink) {
    gateway::FillCall call{
        .purpose = purpose_,
        .model = query_->model,
        .route = route_,
        .request = fill_request(query_->view.window(), context_.pieces, route_, query_->model.model.id)};
    call.request.sampling = sampling();
    call.request.prompt_cache_key = cache_key();
    call.extra_body = query_->config->completion.extra_body;
    call.policy.background = query_->automatic;
    call.policy.on_sent = [this] { sent_ = sent_.value_or(clock_.now()); };
    return gateway_.fill(std::move(call), std::move(sink));
}

void Generation::on_event(const gateway::Event& event) {
    bool news = false;
    if (const auto* piece = std::get_if<wire::Text>(&event)) {
        news = on_text(*piece);
    } else if (std::holds_alternative<wire::Reasoning>(event)) {
        reasoned_ = true;
    } else if (const auto* done = std::get_if<gateway::Completed>(&event)) {
        on_completed(*done);
        news = true;
    } else if (const auto* failed = std::get_if<gateway::Failed>(&event)) {
        news = on_failed(*failed);
    }
    if (!news) return;
    const auto tell = on_news_;  // which may destroy this
    tell();
}

bool Generation::on_text(const wire::Text& piece) {
    if (piece.choice != 0 || piece.text.empty()) return false;
    if (raw_.empty()) first_text_ = std::chrono::duration_cast<Milliseconds>(clock_.now() - asked_);
    raw_ += piece.text;
    if (raw_.size() > kMostText) {
        note("stop", "the answer grew beyond " + std::to_string(kMostText) + " bytes");
        cut_off_ = true;
        stop();
    }
    return true;
}

void Generation::on_completed(const gateway::Completed& done) {
    usage_ = done.usage;
    cut_off_ = done.finish == wire::FinishReason::length;
    for (const std::string& one : done.notes) note("upstream", one);
    if (usage_ && usage_->cached.value_or(0) > 0) {
        note("prompt cache", std::to_string(*usage_->cached) + " of " + std::to_string(usage_->input) +
                                 " tokens were known to the gateway");
    }
    call_.reset();
    state_ = State::whole;
}

/// True when that was the end; false when another route is tried.
bool Generation::on_failed(const gateway::Failed& failed) {
    Error error = failed.error;  // the event goes with the call
    for (const std::string& one : failed.notes) note("upstream", one);
    call_.reset();
    if (route_ != "chat" && raw_.empty() && gateway::Gateway::route_refused(error, route_) &&
        routes_tried_ < kMostRoutes) {
        gateway_.refuse_route(query_->model, route_);
        if (gateway_.fill_route(query_->model) != route_) {
            note("route", route_ + " was refused: " + error.message);
            ask();
            return false;
        }
    }
    note(error.kind == ErrorKind::over_budget ? "budget" : "upstream", error.message);
    failure_ = std::move(error);
    state_ = State::failed;
    return true;
}

bool Generation::only_reasoned() const {
    const bool thought = reasoned_ || (usage_ && usage_->reasoning.value_or(0) > 0);
    return state_ == State::whole && cut_off_ && thought && is_blank(raw_);
}

Generation::Verdict Generation::verdict(const Typed& typed) const {
    if (typed.text.empty()) return Verdict::agrees;
    if (raw_.empty() && running()) return Verdict::open;
    const std::string whole = text().text;
    if (rest_behind(typed.text, whole)) return Verdict::agrees;
    if (!running()) return Verdict::disagrees;
    if (std::string_view{typed.text}.starts_with(whole)) return Verdict::open;
    return query_->route == "chat" && may_be_wrapping(raw_) ? Verdict::open : Verdict::disagrees;
}

Cleaned Generation::shown(const Query& asked, const Typed& typed, bool cut_off) const {
    const bool half = cut_off || cut_off_;
    if (typed.back == 0) return present(raw_, asked.view, asked.wanted.extent, half);
    const std::string whole = text().text;
    const auto rest = rest_behind(typed.text, whole);
    return present_rest(rest.value_or(""), asked.view, asked.wanted.extent, half).cleaned;
}

bool Generation::is_enough_for(const Query& asked, const Typed& typed) const {
    const auto last_break = raw_.find_last_of("\n\r");
    if (last_break == std::string::npos) return false;
    if (typed.back == 0) return is_enough(raw_, asked.view, asked.wanted.extent);
    const std::string whole = clean(std::string_view{raw_}.substr(0, last_break), query_->view).text + "\n";
    const auto rest = rest_behind(typed.text, whole);
    return rest && present_rest(*rest, asked.view, asked.wanted.extent).certain;
}

}  // namespace dragoman::completion
