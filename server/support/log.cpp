// spdlog behind log.h: nothing else in the project includes it, so its sinks, patterns and exceptions
// stay in this file.
#include "server/support/log.h"

#include "protocol/base/utf.h"
#include "server/support/redactor.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <mutex>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dragoman::log {
namespace {

// With its prefix a line stays below PIPE_BUF: once poll calls a pipe writable it fits without waiting.
constexpr std::size_t kLineLimit = 3800;
constexpr std::size_t kFileBytes = 5U << 20U;
constexpr std::size_t kOldFiles = 4;  // beside the current one

/// Editors that do not read their child's stderr exist, and a full pipe would stop the whole daemon.
/// A line that cannot be written at once is dropped; the file has it.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
protected:
    void sink_it_(const spdlog::details::log_msg& message) override {
        pollfd ready{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
        if (::poll(&ready, 1, 0) != 1 || ready.revents != POLLOUT) return;  // full, closed or nobody reads
        spdlog::memory_buf_t text;
        formatter_->format(message, text);
        [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    }
    void flush_() override {}
};

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
        case Level::off: break;
    }
    return spdlog::level::off;
}

std::shared_ptr<spdlog::sinks::sink> stderr_sink() {
    auto sink = std::make_shared<StderrSink>();
    sink->set_pattern("dragoman: %l: %v");
    sink->set_level(spdlog::level::warn);
    return sink;
}

/// Creates what is missing of `folder`, each part for its owner alone; existing parts stay as they are.
void create_private_folder(const std::filesystem::path& folder) {
    std::filesystem::path made;
    for (const auto& part : folder) {
        made /= part;
        ::mkdir(made.c_str(), 0700);
    }
}

/// Throws spdlog_ex when the file cannot be opened.
std::shared_ptr<spdlog::sinks::sink> file_sink(const std::string& file) {
    create_private_folder(std::filesystem::path{file}.parent_path());
    spdlog::file_event_handlers handlers;
    handlers.after_open = [](const spdlog::filename_t&, std::FILE* stream) {
        ::fchmod(::fileno(stream), 0600);
        ::fcntl(::fileno(stream), F_SETFD, FD_CLOEXEC);
    };
    auto sink =
        std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file, kFileBytes, kOldFiles, false, handlers);
    sink->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %P %l %v");
    return sink;
}

std::shared_ptr<spdlog::logger> make_logger(std::vector<spdlog::sink_ptr> sinks) {
    auto logger = std::make_shared<spdlog::logger>("dragoman", sinks.begin(), sinks.end());
    logger->set_level(spdlog::level::trace);  // write() has asked enabled() already
    logger->flush_on(spdlog::level::trace);   // the last line before a crash is the one that counts
    logger->set_error_handler([](const std::string&) {});  // a full disk costs the line, not the daemon
    return logger;
}

struct State {
    std::atomic<Level> level{Level::warning};
    std::mutex mutex;  // guards what follows
    std::shared_ptr<spdlog::logger> logger = make_logger({stderr_sink()});
    Redactor redactor;
};

// Never destroyed: a thread may still write while the process ends.
State& state() {
    static State* const the_state = new State;
    return *the_state;
}

}  // namespace

Level level_of(std::string_view name) {
    if (name == "debug") return Level::debug;
    if (name == "warning") return Level::warning;
    if (name == "error") return Level::error;
    if (name == "off") return Level::off;
    return Level::info;
}

void write(Level level, std::string_view line) {
    if (level == Level::off || !enabled(level)) return;
    std::string text = one_line(redact(line), kLineLimit);
    std::shared_ptr<spdlog::logger> logger;
    {
        const std::lock_guard lock{state().mutex};
        logger = state().logger;
    }
    logger->log(spdlog_level(level), spdlog::string_view_t{text.data(), text.size()});
}

void init(const Options& options) {
    std::vector<spdlog::sink_ptr> sinks;
    std::string problem;
    if (options.to_stderr) sinks.push_back(stderr_sink());
    if (!options.file.empty()) {
        try {
            sinks.push_back(file_sink(options.file));
        } catch (const spdlog::spdlog_ex& failure) {
            problem = failure.what();
        }
    }
    {
        const std::lock_guard lock{state().mutex};
        state().logger = make_logger(std::move(sinks));
    }
    set_level(options.level);
    if (!problem.empty()) warning("no log file: {}", problem);
}

void set_level(Level level) { state().level = level; }

bool enabled(Level level) { return level >= state().level.load(std::memory_order_relaxed); }

Secret::Secret(std::string_view secret) {
    const std::lock_guard lock{state().mutex};
    id_ = state().redactor.add(secret);
}

Secret::~Secret() {
    const std::lock_guard lock{state().mutex};
    state().redactor.forget(id_);
}

std::string redact(std::string_view text) {
    const std::lock_guard lock{state().mutex};
    return state().redactor.redact(text);
}

}  // namespace dragoman::log
