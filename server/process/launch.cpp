// Boost.Process v2 of Boost 1.81, with what it leaves undone added through its initialisers:
//  - a child that cannot exec calls exit(), which would run this process's static destructors and flush
//    its buffers a second time, and is never waited for. So the program is looked up and checked first,
//    on_exec_error leaves by _exit, and a child lost after the fork is reaped here;
//  - its own closing of descriptors skips the gap below its error pipe; everything above 2 is marked
//    close-on-exec instead;
//  - a pipe that cannot be made is ignored by process_stdio, and the child would get the daemon's own
//    stdout, the editor's wire. Pipes are made here and handed over as descriptors.
// It notifies the io_context of the fork. That takes locks only of services whose I/O objects are made on
// the loop thread, so a child forked there cannot find one held.
#include "server/process/launch.h"

#include "server/process/boost_process.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <linux/close_range.h>
#include <optional>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dragoman::process {
namespace {

namespace fs = std::filesystem;
namespace v2 = boost::process::v2;
using Launcher = v2::posix::default_launcher;

struct Pipe {
    Descriptor read, write;
};

std::string reason(int error) { return std::error_code{error, std::system_category()}.message(); }

std::optional<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
    return Pipe{Descriptor{ends[0]}, Descriptor{ends[1]}};
}

bool is_program(const fs::path& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

/// The program that argv[0] names: through PATH, whose relative parts are left out, since what they name
/// changes with the folder.
Result<fs::path, std::string> find_program(const Command& command, const fs::path& directory) {
    const std::string& name = command.argv[0];
    if (name.find('/') != std::string::npos) {
        const fs::path path = directory / name;
        if (is_program(path)) return path;
        std::error_code ignored;
        return name + (fs::exists(path, ignored) ? " is not an executable file" : " does not exist");
    }
    const auto variable = command.environment.find("PATH");
    std::string_view rest = variable != command.environment.end() ? std::string_view{variable->second}
                                                                  : "/usr/local/bin:/usr/bin:/bin";
    while (!rest.empty() && !name.empty()) {
        const auto end = std::min(rest.find(':'), rest.size());
        const fs::path folder{rest.substr(0, end)};
        if (folder.is_absolute() && is_program(folder / name)) return folder / name;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return "there is no program \"" + name + "\" on PATH";
}

/// What a child needs before exec. Runs between fork and exec: system calls only.
struct ChildSetup {
    pid_t parent;

    boost::system::error_code on_exec_setup(Launcher&, const fs::path&, const char* const*) const {
        const rlimit no_core{};
        ::setrlimit(RLIMIT_CORE, &no_core);
        // After fork there is one thread.  NOLINTNEXTLINE(concurrency-mt-unsafe)
        for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
        sigset_t none;
        ::sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        if (::setpgid(0, 0) != 0) return last_error();
        // The kernel sends this when the *thread* ends that forked; the loop thread ends with the daemon.
        if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return last_error();
        if (::getppid() != parent) ::_exit(EXIT_FAILURE);  // it was too late for that already
        if (::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return close_on_exec_one_by_one();
        return {};
    }

    // A template because Boost 1.81 asks for one signature and calls another.
    template <class... Ignored>
    void on_exec_error(Ignored&&...) const {
        ::_exit(EXIT_FAILURE);
    }

private:
    static boost::system::error_code last_error() { return {errno, boost::system::system_category()}; }

    // Kernels before 5.11.
    static boost::system::error_code close_on_exec_one_by_one() {
        rlimit files{};
        if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return last_error();
        for (int fd = 3; static_cast<rlim_t>(fd) < files.rlim_cur; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        return {};
    }
};

bool holds_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

std::optional<std::string> flaw_of(const Command& command) {
    if (command.argv.empty() || command.argv[0].empty()) return "the command is empty";
    if (std::any_of(command.argv.begin(), command.argv.end(), holds_nul)) return "an argument holds a NUL";
    return std::nullopt;
}

fs::path directory_of(const Command& command) {
    if (!command.directory.empty()) return command.directory;
    const auto home = command.environment.find("HOME");
    return home != command.environment.end() && home->second.starts_with('/') ? fs::path{home->second} : "/";
}

/// Forks and executes; the pid, or why not.
Result<pid_t, std::string> spawn(boost::asio::io_context& context, const Command& command,
                                 const fs::path& program, const fs::path& directory, int output, int errors) {
    std::vector<std::string> variables;
    for (const auto& [name, value] : command.environment) variables.push_back(name + '=' + value);
    std::vector<const char*> environment, arguments;
    for (const auto& variable : variables) environment.push_back(variable.c_str());
    for (const auto& argument : command.argv) arguments.push_back(argument.c_str());
    environment.push_back(nullptr);
    arguments.push_back(nullptr);

    Launcher launcher;
    launcher.env = environment.data();
    v2::process_stdio stdio{.in = nullptr, .out = output, .err = errors};
    v2::process_start_dir start{directory};
    ChildSetup setup{::getpid()};
    if (stdio.in.fd < 0) return std::string{"/dev/null cannot be opened"};
    try {
        boost::system::error_code failure;
        auto child =
            launcher(context.get_executor(), failure, program, arguments.data(), stdio, start, setup);
        if (failure) {
            kill_and_reap(launcher.pid);
            return program.native() + " cannot be started: " + failure.message();
        }
        child.detach();  // its destructor would wait for the child
        return launcher.pid;
    } catch (const boost::system::system_error& failure) {
        kill_and_reap(launcher.pid);
        return program.native() + " cannot be started: " + failure.code().message();
    }
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

int Descriptor::release() { return std::exchange(fd_, -1); }

void kill_and_reap(pid_t pid) {
    if (pid <= 0) return;
    ::kill(-pid, SIGKILL);
    ::kill(pid, SIGKILL);  // it may not lead its group yet
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Result<Launched, std::string> launch(boost::asio::io_context& context, const Command& command) {
    if (auto flaw = flaw_of(command)) return std::move(*flaw);
    const fs::path directory = directory_of(command);
    std::error_code ignored;
    if (!fs::is_directory(directory, ignored)) return "there is no folder " + directory.native();
    const auto program = find_program(command, directory);
    if (!program) return program.error();

    auto output = make_pipe(), errors = make_pipe();
    if (!output || !errors) return "no pipe can be made: " + reason(errno);
    const auto pid = spawn(context, command, *program, directory, output->write.get(), errors->write.get());
    if (!pid) return pid.error();

    Descriptor exit{static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0))};
    if (exit.get() < 0) {
        const int error = errno;
        kill_and_reap(*pid);
        return program->native() + " cannot be watched: " + reason(error);
    }
    return Launched{.pid = *pid,
                    .exit = std::move(exit),
                    .output = std::move(output->read),
                    .errors = std::move(errors->read)};
}

}  // namespace dragoman::process
