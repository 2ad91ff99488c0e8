#include "server/support/log.h"

#include "server/support/files.h"
#include "server/support/redactor.h"
#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace dragoman;

namespace {

std::string base64_of(std::string_view bytes, bool url_safe) {
    std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    alphabet += url_safe ? "-_" : "+/";
    std::string result;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        unsigned group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        for (unsigned i = 0; i < 4; ++i) {
            result += at + i > bytes.size() ? '=' : alphabet[group >> (18 - 6 * i) & 63U];
        }
    }
    return result;
}

std::string percent_of(std::string_view text, const char* format, bool all) {
    std::string result;
    for (const char c : text) {
        if (!all && std::isalnum(static_cast<unsigned char>(c)) != 0) {
            result += c;
        } else {
            char buffer[4];
            std::snprintf(buffer, sizeof buffer, format, static_cast<unsigned char>(c));
            result += buffer;
        }
    }
    return result;
}

std::string unicode_of(std::string_view text) {
    std::string result;
    for (const char c : text) {
        char buffer[7];
        std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned char>(c));
        result += buffer;
    }
    return result;
}

std::string slashes_of(std::string text) {
    for (auto at = text.find('/'); at != std::string::npos; at = text.find('/', at + 2))
        text.insert(at, "\\");
    return text;
}

struct Writing {
    std::string text;
    std::string secret;  // the part of `text` that tells of the secret
};

/// Every writing in which `secret` could turn up.
std::vector<Writing> writings(const std::string& secret) {
    const auto escaped = [](const std::string& text) {
        const std::string quoted = nlohmann::json(text).dump();
        return quoted.substr(1, quoted.size() - 2);
    };
    std::vector<std::string> bare = {
        secret,
        escaped(secret),
        escaped(escaped(secret)),
        escaped(escaped(escaped(secret))),
        slashes_of(secret),
        unicode_of(secret),
        percent_of(secret, "%%%02X", false),
        percent_of(secret, "%%%02x", false),
        percent_of(secret, "%%%02x", true),
    };
    std::vector<Writing> all;
    for (const bool url_safe : {false, true}) {
        const std::string whole = base64_of(secret, url_safe);
        bare.insert(bare.end(), {whole, percent_of(whole.substr(0, whole.find('=')), "%%%02X", false),
                                 slashes_of(whole)});
        for (const std::string around : {"u", "us", "usr", "user:"}) {
            const std::string mixed = base64_of(around + secret + around, url_safe);
            const std::size_t first = (around.size() * 8 + 5) / 6;
            all.push_back({mixed, mixed.substr(first, (around.size() + secret.size()) * 8 / 6 - first)});
        }
    }
    for (const auto& text : bare) {
        all.push_back({text, text});
        all.push_back({"Authorization: Bearer " + text + "\r\n", text});
        all.push_back({text + text, text});
    }
    return all;
}

/// How many bytes in a row of `text` occur in `of`: what a reader of the log gets of a secret.
std::size_t longest_shared(std::string_view text, std::string_view of) {
    std::size_t longest = 0;
    for (std::size_t at = 0; at < of.size(); ++at) {
        while (at + longest < of.size() && text.find(of.substr(at, longest + 1)) != std::string_view::npos)
            ++longest;
    }
    return longest;
}

std::string read_all(int fd) {
    std::string text;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(fd, buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
}

/// Stderr turned into a pipe for as long as this lives.
class StderrPipe {
public:
    StderrPipe() : saved_{::dup(STDERR_FILENO)} {
        REQUIRE(::pipe2(ends_, O_CLOEXEC | O_NONBLOCK) == 0);
        ::fcntl(ends_[1], F_SETFL, 0);  // blocks, as an editor's pipe does
        ::dup2(ends_[1], STDERR_FILENO);
    }
    ~StderrPipe() {
        ::dup2(saved_, STDERR_FILENO);
        for (const int fd : {saved_, ends_[0], ends_[1]}) ::close(fd);
        log::init({.level = log::Level::warning});
    }
    std::string text() const { return read_all(ends_[0]); }
    int write_end() const { return ends_[1]; }

private:
    int saved_;
    int ends_[2] = {-1, -1};
};

std::string content(const std::filesystem::path& path) {
    DiskFiles files;
    const auto file = files.read(path, 10U << 20U);
    return file.ok() ? file->bytes : std::string{};
}

}  // namespace

TEST_CASE("A secret survives in a line in no writing") {
    std::mt19937 random{7};
    std::vector<std::string> secrets = {"sk-live-0123456789abcdef",
                                        "a/b+c==\"\\%41'&?",
                                        "%25%25%25%25",
                                        "\\\\sla\\shes\\\\x",
                                        "abcdef",
                                        "aaaaaaaa"};
    for (int i = 0; i < 200; ++i) {
        std::string secret;
        const std::size_t length = 6 + random() % 60;
        while (secret.size() < length) secret += static_cast<char>('!' + random() % ('~' - '!' + 1));
        secrets.push_back(secret + 'z');
    }
    for (const auto& secret : secrets) {
        log::Redactor redactor;
        redactor.add(secret);
        for (const auto& writing : writings(secret)) {
            const std::string line = redactor.redact("<" + writing.text + "> <" + writing.text + ">");
            CAPTURE(secret, writing.text, line);
            REQUIRE(line.find("***") != std::string::npos);
            REQUIRE(line.find(secret) == std::string::npos);
            REQUIRE(longest_shared(line, writing.secret) < 6);
        }
    }
}

TEST_CASE("Of keys that contain one another the longer one is cut out whole") {
    for (const bool short_first : {true, false}) {
        log::Redactor redactor;
        redactor.add(short_first ? "sk-common" : "sk-common-secretpart");
        redactor.add(short_first ? "sk-common-secretpart" : "sk-common");
        CHECK(redactor.redact("x sk-common-secretpart y") == "x *** y");
        CHECK(redactor.redact("x sk-common y") == "x *** y");
    }
}

TEST_CASE("Text without a secret is left as it is") {
    log::Redactor redactor;
    CHECK(redactor.redact("anything") == "anything");
    redactor.add("short");  // below six bytes
    redactor.add("");
    redactor.add("canary-canary");
    const std::string text = "a short canary-canar %63anary \\\\u \\u00 % %4 c2hvcnQ=";
    CHECK(redactor.redact(text) == text);
    CHECK(redactor.redact("").empty());
}

TEST_CASE("A secret is cut out until the last who knows it forgets it") {
    const std::string one = "canary-one-0123456789", other = "canary-other-0123456789";
    log::Redactor redactor;
    const auto first = redactor.add(one), second = redactor.add(one), third = redactor.add(other);
    CHECK(redactor.add("short") == 0);
    redactor.forget(0);
    redactor.forget(first);
    redactor.forget(first);
    CHECK(redactor.redact(one + " " + other) == "*** ***");
    redactor.forget(third);
    CHECK(redactor.redact(one + " " + other) == "*** " + other);
    redactor.forget(second);
    for (const auto& writing : writings(one)) CHECK(redactor.redact(writing.text) == writing.text);
    redactor.add(one);
    CHECK(redactor.redact(one) == "***");
}

TEST_CASE("The log forgets a key that nobody holds any more") {
    const std::string text = "canary-of-a-short-life";
    auto held = std::make_unique<log::Secret>(text);
    auto again = std::make_unique<log::Secret>(text);
    held.reset();
    CHECK(log::redact(text) == "***");
    again.reset();
    CHECK(log::redact(text) == text);
}

TEST_CASE("The log file is private, holds one line a call, and no key") {
    const test::TempDir dir;
    const auto file = dir / "state" / "deep" / "dragoman.log";
    log::init({.level = log::Level::info, .file = file, .to_stderr = false});
    const log::Secret secret{"canary-in-file-1234"};
    log::debug("not {}", "shown");
    log::info("plain {}", 1);
    log::warning("key {} here\nforged line {{}}", "canary-in-file-1234");
    log::write(log::Level::error, "braces {} %v \xff\x1b[31m");
    log::set_level(log::Level::off);
    log::error("not shown");
    log::init({.level = log::Level::warning});

    const std::string text = content(file);
    CAPTURE(text);
    CHECK(std::count(text.begin(), text.end(), '\n') == 3);
    CHECK(text.find("plain 1\n") != std::string::npos);
    CHECK(text.find("key *** here forged line {}\n") != std::string::npos);
    CHECK(text.find("braces {} %v") != std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("not") == std::string::npos);

    struct stat info {};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0600);
    REQUIRE(::stat(file.parent_path().c_str(), &info) == 0);
    CHECK((info.st_mode & 07777U) == 0700);
}

TEST_CASE("A long line is cut, and a key at the cut leaves no part") {
    const test::TempDir dir;
    const auto file = dir / "dragoman.log";
    log::init({.level = log::Level::info, .file = file, .to_stderr = false});
    const std::string secret = "canary-at-the-cut-0123456789";
    const log::Secret unlogged{secret};
    for (std::size_t before = 3700; before < 3900; before += 3)
        log::info("{}{}", std::string(before, 'x'), secret);
    log::info("{}", std::string(1'000'000, 'y'));
    log::init({.level = log::Level::warning});
    const std::string text = content(file);
    CHECK(text.size() > 100'000);
    CHECK(text.find("canary") == std::string::npos);
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = text.find('\n', start);
        CHECK(end - start < 4096);
        start = end + 1;
    }
}

TEST_CASE("Old log files are few and private") {
    const test::TempDir dir;
    log::init({.level = log::Level::info, .file = dir / "dragoman.log", .to_stderr = false});
    const std::string line(3700, 'z');
    for (int i = 0; i < 9000; ++i) log::write(log::Level::info, line);  // 33 MB
    log::init({.level = log::Level::warning});
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{dir.path()}) {
        ++files;
        CHECK(entry.file_size() <= 5U << 20U);
        CHECK(static_cast<unsigned>(entry.status().permissions()) == 0600);
    }
    CHECK(files == 5);
}

TEST_CASE("Warnings go to stderr, and a log file that cannot be opened costs the file only") {
    const test::TempDir dir;
    const auto blocker = dir.write("file", "");
    const StderrPipe pipe;
    log::init({.level = log::Level::info, .file = blocker / "dragoman.log"});
    log::info("quiet");
    log::warning("loud");
    const std::string text = pipe.text();
    CAPTURE(text);
    CHECK(text.find("no log file") != std::string::npos);
    CHECK(text.find("dragoman: warning: loud\n") != std::string::npos);
    CHECK(text.find("quiet") == std::string::npos);
}

TEST_CASE("Nobody reading stderr stops nobody") {
    const StderrPipe pipe;
    log::init({.level = log::Level::info});
    const std::string line(3000, 'w');
    for (int i = 0; i < 1000; ++i) log::warning("{}", line);  // a pipe holds about 20 of them
    const std::string text = pipe.text();
    CHECK(text.size() > 3000);
    CHECK(text.size() < 1'000'000);
    log::warning("{}", "heard again");
    CHECK(pipe.text().find("heard again") != std::string::npos);
}

TEST_CASE("Threads may log and register keys at the same time") {
    const test::TempDir dir;
    const auto file = dir / "dragoman.log";
    log::init({.level = log::Level::info, .file = file, .to_stderr = false});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([t] {
            const std::string secret = "canary-of-thread-" + std::to_string(t);
            const log::Secret unlogged{secret};
            for (int i = 0; i < 200; ++i) log::info("{} {}", i, secret);
        });
    }
    for (auto& thread : threads) thread.join();
    log::init({.level = log::Level::warning});
    const std::string text = content(file);
    CHECK(std::count(text.begin(), text.end(), '\n') == 800);
    CHECK(text.find("canary") == std::string::npos);
}
