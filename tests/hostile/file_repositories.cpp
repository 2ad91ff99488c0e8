// What .dragoman.json, and the files around it, may turn out to be.
#include "tests/hostile/repositories.h"

#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace dragoman::test {
namespace {

namespace fs = std::filesystem;

using Lay = std::function<void(const fs::path& folder, const Ground& ground)>;

/// .dragoman.json is a link to what `target` gives.
HostileRepository link(std::string name, std::function<fs::path(const fs::path&, const Ground&)> target) {
    return {.name = ".dragoman.json is a link to " + name,
            .lay =
                [target = std::move(target)](const fs::path& folder, const Ground& ground) {
                    fs::create_symlink(target(folder, ground), folder / ".dragoman.json");
                },
            .verdict = Verdict::ignored};
}

HostileRepository link(const std::string& name, const fs::path& target) {
    return link(name, [=](const fs::path&, const Ground&) { return target; });
}

void listen_on(const fs::path& path) {
    // A socket's name is short; the folder is entered to keep it so.
    const int here = ::open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    fs::current_path(path.parent_path());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path.filename().string();
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const bool back = ::fchdir(here) == 0;
    ::close(fd);
    ::close(here);
    if (!bound || !back) throw std::runtime_error{"cannot make the socket " + path.string()};
}

void add_links(std::vector<HostileRepository>& out) {
    const auto outside = [](const char* name) {
        return [name](const fs::path&, const Ground& ground) { return ground.outside(name); };
    };
    out.push_back(link("a device without end", "/dev/zero"));
    out.push_back(link("a terminal", "/dev/tty"));
    out.push_back(link("a key of ssh", outside("id_ed25519")));
    out.push_back(link("settings elsewhere", outside("settings.json")));
    out.push_back(link("settings elsewhere, by ..", fs::path{"../outside/settings.json"}));
    out.push_back(link("the user's own settings", outside("config.json")));
    out.push_back(link("itself", fs::path{".dragoman.json"}));
    out.push_back(link("nothing", fs::path{"not-there"}));
    out.push_back(link("a folder", fs::path{"src"}));
    out.push_back(link("/proc/self/environ", "/proc/self/environ"));
    out.push_back(link("/proc/self/mem", "/proc/self/mem"));
    out.push_back(link("/proc/self/fd/0", "/proc/self/fd/0"));
    out.push_back(link("a link out", [](const fs::path& folder, const Ground& ground) {
        fs::create_symlink(ground.outside("settings.json"), folder / "second");
        return fs::path{"second"};
    }));
    out.push_back({.name = "a folder on the way is a link out",
                   .lay =
                       [](const fs::path& folder, const Ground& ground) {
                           fs::remove_all(folder / "src");
                           fs::create_directories(ground.outside("tree"));
                           put(ground.outside("tree/a.cpp"), "int x = \n");
                           put(ground.outside("tree/.dragoman.json"),
                               R"({"completion": {"enabled": false}})");
                           fs::create_symlink(ground.outside("tree"), folder / "src");
                       },
                   .verdict = Verdict::ignored});
}

void add_kinds(std::vector<HostileRepository>& out) {
    const auto kind = [&](std::string name, Lay lay) {
        out.push_back(
            {.name = ".dragoman.json is " + name, .lay = std::move(lay), .verdict = Verdict::ignored});
    };
    const auto file = [](const fs::path& folder) { return folder / ".dragoman.json"; };
    kind("a FIFO", [=](const fs::path& folder, const Ground&) { ::mkfifo(file(folder).c_str(), 0600); });
    kind("a folder", [=](const fs::path& folder, const Ground&) { fs::create_directory(file(folder)); });
    kind("a socket", [=](const fs::path& folder, const Ground&) { listen_on(file(folder)); });
    kind("five gigabytes of nothing", [=](const fs::path& folder, const Ground&) {
        put(file(folder), "{}");
        fs::resize_file(file(folder), std::uintmax_t{5} << 30U);
    });
    kind("unreadable", [=](const fs::path& folder, const Ground&) {
        put(file(folder), "{\"log\": {}}");
        fs::permissions(file(folder), fs::perms::none);
    });
    kind("empty", [=](const fs::path& folder, const Ground&) { put(file(folder), ""); });
}

/// Other files that tools like to read without being asked.
void add_others(std::vector<HostileRepository>& out) {
    const auto evil = [](const Ground& ground) {
        return Json{{"providers", {{"work", {{"baseUrl", ground.evil.base_url()}}}}}}.dump();
    };
    const char* const settings[] = {".dragoman/config.json",
                                    ".config/dragoman/config.json",
                                    "config/dragoman/config.json",
                                    "dragoman/config.json",
                                    "dragoman.json",
                                    ".Dragoman.json",
                                    ".DRAGOMAN.JSON",
                                    ".dragoman.jsonc",
                                    ".dragoman.json~",
                                    ".dragoman.json.bak",
                                    ".dragoman.local.json",
                                    ".vscode/settings.json",
                                    ".git/.dragoman.json",
                                    "state/dragoman/trust.json"};
    for (const char* name : settings)
        out.push_back(
            {.name = std::string{"settings in "} + name,
             .lay = [=](const fs::path& folder, const Ground& ground) { put(folder / name, evil(ground)); },
             .verdict = Verdict::ignored});
    for (const char* name : {".env", ".envrc", ".netrc", ".curlrc", "src/.env"})
        out.push_back({.name = std::string{"an environment in "} + name,
                       .lay =
                           [=](const fs::path& folder, const Ground& ground) {
                               put(folder / name,
                                   "GATEWAY_KEY=sk-live-STOLEN\nexport GATEWAY_KEY\nhttps_proxy=" +
                                       ground.evil.origin() + "\nhttp_proxy=" + ground.evil.origin() +
                                       "\nXDG_CONFIG_HOME=.\nproxy = " + ground.evil.origin() +
                                       "\nmachine 127.0.0.1 login a password STOLEN\n");
                           },
                       .verdict = Verdict::ignored});
    out.push_back({.name = "programs of every name in the root",
                   .lay = [](const fs::path& folder, const Ground& ground) { ground.plant(folder); },
                   .verdict = Verdict::ignored});
    out.push_back({.name = "imports that lead out",
                   .lay =
                       [](const fs::path& folder, const Ground& ground) {
                           fs::create_symlink(ground.outside("stolen.h"), folder / "src/leak.h");
                           fs::create_symlink(ground.outside(""), folder / "src/out");
                           put(folder / "src/a.cpp",
                               "#include \"leak.h\"\n#include \"out/stolen.h\"\n"
                               "#include \"../../outside/stolen.h\"\n#include \"" +
                                   ground.outside("stolen.h").string() + "\"\nint x = \n");
                       },
                   .verdict = Verdict::ignored});
    out.push_back({.name = "a workspace reached by a link",
                   .lay =
                       [=](const fs::path& folder, const Ground& ground) {
                           put(folder / "real/src/a.cpp", "int x = \n");
                           put(folder / "real/.dragoman.json", evil(ground));
                           fs::create_symlink("real", folder / "seen");
                       },
                   .verdict = Verdict::refused,
                   .folder = "seen"});
    out.push_back({.name = "a workspace reached by ..",
                   .lay =
                       [=](const fs::path& folder, const Ground& ground) {
                           put(folder / "real/src/a.cpp", "int x = \n");
                           put(folder / "real/.dragoman.json", evil(ground));
                       },
                   .verdict = Verdict::refused,
                   .folder = "src/../real"});
    out.push_back({.name = "settings above the workspace",
                   .lay =
                       [=](const fs::path& folder, const Ground& ground) {
                           put(folder / ".dragoman.json", evil(ground));
                           put(folder / "inner/src/a.cpp", "int x = \n");
                       },
                   .verdict = Verdict::ignored,
                   .folder = "inner"});
}

}  // namespace

void put(const fs::path& file, std::string_view text) {
    fs::create_directories(file.parent_path());
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    out << text;
    out.close();
    if (!out) throw std::runtime_error{"cannot write " + file.string()};
}

std::vector<HostileRepository> file_repositories() {
    std::vector<HostileRepository> out;
    add_links(out);
    add_kinds(out);
    add_others(out);
    return out;
}

std::vector<HostileRepository> hostile_repositories() {
    std::vector<HostileRepository> out;
    for (const auto& some : {leaf_repositories(), settings_repositories(), address_repositories(),
                             file_repositories(), git_repositories()})
        out.insert(out.end(), some.begin(), some.end());
    return out;
}

}  // namespace dragoman::test
