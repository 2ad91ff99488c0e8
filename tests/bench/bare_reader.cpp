// The least that reads a stream: libcurl's easy interface, and what arrives is written to stdout at once.
// What it needs for a delta is what the machine and libcurl need; the daemon is measured against it.
#include <curl/curl.h>

#include <cstdio>
#include <unistd.h>

namespace {

std::size_t pass_on(char* bytes, std::size_t, std::size_t size, void*) {
    const auto written = ::write(STDOUT_FILENO, bytes, size);
    return written < 0 ? CURL_WRITEFUNC_ERROR : static_cast<std::size_t>(written);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: dragoman-bench-reader URL\n", stderr);
        return 2;
    }
    CURL* const easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "{}");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, pass_on);
    const CURLcode code = curl_easy_perform(easy);
    if (code != CURLE_OK) std::fprintf(stderr, "dragoman-bench-reader: %s\n", curl_easy_strerror(code));
    curl_easy_cleanup(easy);
    return code == CURLE_OK ? 0 : 1;
}
