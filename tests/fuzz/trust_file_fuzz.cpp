// The file of decisions about projects: a file with one thing in it that is not as it must be grants nothing,
// and what a whole one grants stands in it, letter by letter.
#include "server/config/trust_store.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/fake_files.h"

using namespace dragoman;
using dragoman::fuzz::claim;

namespace {

const std::filesystem::path kFile = "/state/dragoman/trust.json";

/// The entry `object` written as JSON; what it lacks makes the comparison fail.
Json written(const config::TrustEntry& entry) {
    return {{"folder", entry.folder.real.string()},
            {"workspace", entry.workspace.string()},
            {"device", entry.folder.device},
            {"inode", entry.folder.inode},
            {"decision", entry.decision == config::Decision::allowed ? "allow" : "deny"},
            {"record", entry.record},
            {"time", entry.time},
            {"asks", entry.lines}};
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = fuzz::text_of(data, size);
    test::FakeFiles files;
    files.write(kFile, std::string{input});
    const config::TrustFile::Content content = config::TrustFile{files, kFile}.read();
    if (!content.fault.empty()) {
        claim(content.entries.empty(), "a file that is not whole grants nothing");
        return 0;
    }
    // By another reader than the room's own, for which a NUL in a comment is the end of the text.
    const Json whole = Json::parse(input, nullptr, false, true);
    claim(!whole.is_discarded() || input.starts_with("\xEF\xBB\xBF") ||
              input.find("\\u") != std::string_view::npos || input.find('\0') != std::string_view::npos,
          "a whole file is JSON");
    if (whole.is_discarded()) return 0;
    claim(whole.is_object() && whole.size() == 2 && whole.contains("folders") && whole.contains("version") &&
              whole["version"] == 1,
          "a whole file says its version and its folders, nothing else");
    claim(whole["folders"].size() == content.entries.size(), "each folder is one decision");
    for (std::size_t i = 0; i < content.entries.size(); ++i) {
        const config::TrustEntry& entry = content.entries[i];
        claim(whole["folders"][i] == written(entry), "a decision is what the file says");
        claim(entry.decision != config::Decision::none, "an entry decides");
        claim(entry.folder.real.is_absolute() && entry.workspace.is_absolute(), "folders are absolute");
        claim(entry.decision != config::Decision::allowed || entry.record.size() == 64,
              "an approval is for one record");
    }
    return 0;
}
