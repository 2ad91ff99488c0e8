#include "tests/hostile/opening.h"

#include "tests/support/snares.h"

#include <catch2/catch_all.hpp>

#include <algorithm>

namespace dragoman::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAtOnce =
    4;  // repositories whose requests run side by side: starting git holds the loop

/// What every call of git begins with; see server/git/git.cpp.
const std::vector<std::string>& safe_argv() {
    static const std::vector<std::string> argv = [] {
        std::vector<std::string> out{"git", "--no-pager"};
        for (const char* setting :
             {"core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "log.showSignature=false",
              "core.sshCommand=false", "safe.bareRepository=explicit", "core.quotePath=false",
              "diff.autoRefreshIndex=false"})
            out.insert(out.end(), {"-c", setting});
        return out;
    }();
    return argv;
}

bool is_safe_git(const Exec& exec, const Ground& ground) {
    const auto& start = safe_argv();
    if (exec.argv.size() <= start.size() || !std::equal(start.begin(), start.end(), exec.argv.begin()))
        return false;
    const bool absolute = exec.program.starts_with('/') && exec.program.ends_with("/git") &&
                          !exec.program.starts_with(ground.home.path().string());
    const std::string& command = exec.argv[start.size()];
    const auto holds = [&](const char* option) {
        return std::find(exec.argv.begin(), exec.argv.end(), option) != exec.argv.end();
    };
    if (command == "diff" || command == "log") {
        if (!holds("--no-ext-diff") || !holds("--no-textconv") || exec.argv.back() != "--") return false;
    } else if (command != "rev-parse" && command != "config") {
        return false;
    }
    const auto has = [&](const char* variable) {
        return std::find(exec.environment.begin(), exec.environment.end(), variable) !=
               exec.environment.end();
    };
    return absolute && has("GIT_NO_LAZY_FETCH=1") && has("GIT_ALLOW_PROTOCOL=none") &&
           has("GIT_OPTIONAL_LOCKS=0");
}

/// A character that a terminal or an editor would act on, or that hides or reorders what stands beside it.
bool is_dangerous(char32_t c) {
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0x200b ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
           (c >= 0xe0000 && c <= 0xe007f);
}

bool holds_danger(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const std::size_t length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        char32_t c = length == 1 ? byte : byte & (0xffU >> (length + 1));
        for (std::size_t i = 1; i < length && at + i < text.size(); ++i)
            c = (c << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
        if (is_dangerous(c)) return true;
        at += length;
    }
    return false;
}

/// Every string of `value` that is made to be read by a person.
void collect_texts(const Json& value, bool for_people, std::vector<std::string>& out) {
    constexpr const char* kForPeople[] = {"message", "hint", "asked", "asks", "warning", "barred", "title"};
    if (value.is_string() && for_people) out.push_back(value.get<std::string>());
    if (value.is_array())
        for (const Json& item : value) collect_texts(item, for_people, out);
    if (!value.is_object()) return;
    for (const auto& [name, member] : value.items()) {
        const bool told =
            std::find(std::begin(kForPeople), std::end(kForPeople), name) != std::end(kForPeople);
        collect_texts(member, told || (for_people && !member.is_object()), out);
    }
}

}  // namespace

Opening::Opening(std::vector<HostileRepository> repositories) : repositories_{std::move(repositories)} {
    Json folders = Json::array();
    for (std::size_t i = 0; i < repositories_.size(); ++i) {
        put(folder(i) / "src/a.cpp", "int x = \n");
        repositories_[i].lay(folder(i), ground_);
        const fs::path document = opened(i) / repositories_[i].document;
        if (!fs::exists(document)) put(document, "int x = \n");
        folders.push_back({{"uri", "file://" + opened(i).string()}, {"name", std::to_string(i)}});
    }
    // Laying one snare beside another may spring it.
    fs::remove(ground_.sentinel());
    editor_ =
        std::make_unique<TestEditor>(counted(ground_.options(), ground_.home / "calls", ground_.planted()));
    editor_->on_request("window/showMessageRequest", [](const Json&) { return Json(); });
    editor_->initialize({{"workspaceFolders", folders}});
}

fs::path Opening::folder(std::size_t number) const { return ground_.home / ("r" + std::to_string(number)); }

fs::path Opening::opened(std::size_t number) const {
    const std::string& below = repositories_[number].folder;
    return below.empty() ? folder(number) : folder(number) / below;
}

void Opening::use_all() {
    for (std::size_t begin = 0; begin < repositories_.size(); begin += kAtOnce) {
        const std::size_t end = std::min(begin + kAtOnce, repositories_.size());
        for (std::size_t i = begin; i < end; ++i) visit(i);
        for (std::size_t i = begin; i < end; ++i) leave(i);
    }
    // Of one provider: those of all would ask the user's own key sources, as the user wants it.
    for (const char* method : {"dragoman/models", "dragoman/balance"})
        static_cast<void>(editor_->response(editor_->request(method, {{"provider", "work"}})));
    editor_->quit();
}

void Opening::visit(std::size_t number) {
    const HostileRepository& repository = repositories_[number];
    const std::string path = opened(number).string();
    const std::string uri = "file://" + path + "/" + repository.document;
    const Json document = {{"textDocument", {{"uri", uri}}}};
    if (repository.approve)
        static_cast<void>(
            editor_->response(editor_->request("dragoman/trust", {{"folder", path}, {"trust", true}})));
    Visit& visit = visits_[number];
    editor_->open(uri, "cpp",
                  "// " + marker(number) + "\n#include \"leak.h\"\n#include \"out/stolen.h\"\nint x = \n");
    visit.completion = editor_->inline_completion(uri, 3, 8);
    Json more = document;
    if (repository.name.starts_with("git: "))
        more["context"] = Json::array({{{"kind", "gitDiff"}, {"staged", false}}});
    visit.question = editor_->chat(marker(number) + "?", nullptr, more);
    visit.edit = editor_->request(
        "dragoman/edit",
        {{"textDocument", {{"uri", uri}}},
         {"range", {{"start", {{"line", 3}, {"character", 0}}}, {"end", {{"line", 3}, {"character", 7}}}}},
         {"instruction", marker(number)}});
    visit.commit = editor_->request("dragoman/commitMessage", {{"folder", path}});
    visit.settings = editor_->request("dragoman/config", document);
}

void Opening::leave(std::size_t number) {
    const Visit& visit = visits_[number];
    for (const int id : {visit.completion, visit.edit, visit.commit, visit.settings})
        static_cast<void>(editor_->response(id));
    answers_[number] = editor_->response(visit.question);
}

/// "answered", or the kind of the error.
std::string Opening::verdict_on(std::size_t number) const {
    const Json& answer = answers_.at(number);
    if (answer.contains("result")) return "answered";
    return answer["error"].contains("data") ? answer["error"]["data"].value("kind", "?") : "?";
}

void Opening::check_verdicts() const {
    for (std::size_t i = 0; i < repositories_.size(); ++i) {
        INFO(repositories_[i].name
             << ": " << answers_.at(i).dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 600));
        const std::string verdict = verdict_on(i);
        switch (repositories_[i].verdict) {
            case Verdict::refused: CHECK(verdict == "untrusted"); break;
            case Verdict::unusable: CHECK((verdict != "answered" && verdict != "untrusted")); break;
            case Verdict::ignored:
            case Verdict::answered: CHECK(verdict == "answered"); break;
            case Verdict::harmless: break;
        }
    }
}

void Opening::check_servers() const {
    CHECK(ground_.evil.journal().connections == 0);
    const Journal ours = ground_.ours.journal(), theirs = ground_.theirs.journal();
    for (const HttpRequest& request : ours.requests) {
        INFO(request.target << " " << request.body.substr(0, 2000));
        CHECK(request.header("Authorization") == "Bearer " + ground_.ours.key());
        CHECK(request.body.find(kStolen) == std::string::npos);
        for (std::size_t i = 0; i < repositories_.size(); ++i) {
            if (request.body.find(marker(i)) == std::string::npos) continue;
            INFO(repositories_[i].name);
            const Verdict verdict = repositories_[i].verdict;
            // Without its changes a repository of git has no answer to a question about them, and suggestions
            // still.
            const bool of_git = repositories_[i].name.starts_with("git: ");
            CHECK((verdict != Verdict::refused && (verdict != Verdict::unusable || of_git)));
            for (const auto& [name, value] : request.headers)
                CHECK((name + value).find("evil") == std::string::npos);
            for (const char* parameter : {"evil", "n"}) CHECK_FALSE(request.json.contains(parameter));
        }
    }
    for (const HttpRequest& request : theirs.requests) {
        CHECK(request.body.find(kStolen) == std::string::npos);
        for (const auto& [name, value] : request.headers) {
            INFO(name);
            CHECK(value.find(kStolen) == std::string::npos);
            CHECK(value.find(ground_.ours.key()) == std::string::npos);
        }
    }
    CHECK_FALSE(ground_.ran());
}

void Opening::check_texts() const {
    std::vector<std::string> texts;
    for (const Json& message : editor_->received()) {
        const std::string whole = message.dump(-1, ' ', false, Json::error_handler_t::replace);
        INFO(whole.substr(0, 1000));
        CHECK(whole.find(kStolen) == std::string::npos);
        CHECK(whole.find(ground_.ours.key()) == std::string::npos);
        collect_texts(message, false, texts);
    }
    for (const std::string& text : texts) {
        INFO(Json(text).dump(-1, ' ', true));
        CHECK_FALSE(holds_danger(text));
    }
    const std::string log = editor_->home().read("state/dragoman/dragoman.log") + editor_->stderr_text();
    CHECK(log.find("serving") != std::string::npos);
    CHECK(log.find(kStolen) == std::string::npos);
    CHECK(log.find(ground_.ours.key()) == std::string::npos);
}

void Opening::check_execs(const Calls& calls) const {
    bool daemon = false;
    for (const Exec& exec : calls.execs) {
        if (!daemon && exec.program == DRAGOMAN_BINARY) {
            daemon = true;
            continue;
        }
        INFO(exec.program << " " << Json(exec.argv).dump(-1, ' ', true, Json::error_handler_t::replace));
        CHECK(is_safe_git(exec, ground_));
        for (const std::string& variable : exec.environment) {
            CHECK(variable.find(kStolen) == std::string::npos);
            CHECK(variable.find(ground_.ours.key()) == std::string::npos);
        }
    }
    CHECK(daemon);
}

void Opening::check_connects(const Calls& calls) const {
    const auto to = [](const Gateway& gateway) {
        return "sin_port=htons(" + std::to_string(gateway.port()) + "), sin_addr=inet_addr(\"127.0.0.1\")";
    };
    for (const std::string& address : calls.connects) {
        INFO(address);
        const bool approved = address.find(to(ground_.theirs)) != std::string::npos;
        CHECK((approved || address.find(to(ground_.ours)) != std::string::npos));
    }
    CHECK(calls.listens == std::vector<std::string>{});
}

void Opening::check_opened(const Calls& calls) const {
    const auto forbidden = ground_.forbidden();
    std::vector<std::string> own{"/dev/null", "/dev/pts", "/dev/tty"};
    for (const char* name : {"state", "data", "cache", "config", "tmp"})
        own.push_back((editor_->home() / name).string());
    for (const Opened& file : calls.opened) {
        if (file.real.empty()) continue;
        INFO(file.path << " -> " << file.real);
        CHECK(std::find(forbidden.begin(), forbidden.end(), file.real) == forbidden.end());
        CHECK_FALSE(file.real.starts_with("/proc/self/mem"));
        const bool mine = std::any_of(
            own.begin(), own.end(), [&](const std::string& folder) { return file.real.starts_with(folder); });
        if (file.writes) CHECK(mine);
    }
}

void Opening::check_calls() const {
    if (!can_count()) return;
    const Calls calls = calls_in(ground_.home / "calls");
    check_execs(calls);
    check_connects(calls);
    check_opened(calls);
}

}  // namespace dragoman::test
