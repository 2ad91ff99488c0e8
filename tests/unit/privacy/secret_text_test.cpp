#include "server/privacy/secret_text.h"

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

using namespace dragoman::privacy;

namespace {

// Test keys are put together here, so that no scanner of repositories takes this file for a leak.
const std::string kMixed = "q7Zk2Lw9Xb4Rt1Vn8Ps3Hd6Jf5Gm0Cy";  // 31 letters and digits
const std::string kHex = "9f86d081884c7d659a2feaa0c55ad015";
const std::string kBase64 = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7";

struct Leak {
    std::string text, secret, kind;
};

void check_masked(const std::vector<Leak>& leaks) {
    for (const Leak& leak : leaks) {
        CAPTURE(leak.text);
        const auto found = find_secrets(leak.text);
        REQUIRE(found.size() == 1);
        CHECK(leak.text.substr(found[0].begin, found[0].end - found[0].begin) == leak.secret);
        CHECK(found[0].kind == leak.kind);
        const Masked masked = mask_secrets(leak.text);
        CHECK(masked.text.find(leak.secret) == std::string::npos);
        CHECK(masked.text.size() == leak.text.size() - leak.secret.size() + kSecretMask.size());
        CHECK(find_secrets(masked.text).empty());
    }
}

Leak whole(std::string kind, const std::string& token) {
    return {"x = f(\"" + token + "\")\n", token, std::move(kind)};
}

std::string rule(const std::string& words) { return "-----" + words + "-----"; }

}  // namespace

TEST_CASE("Tokens of known vendors are masked whole") {
    check_masked({
        whole("AWS access key", std::string{"AKIA"} + "Q7ZK2LW9XB4RT1VN"),
        whole("GitHub token", "ghp_" + kMixed + "abcd"),
        whole("GitHub token", "github_pat_" + kMixed + "_" + kMixed),
        whole("GitLab token", "glpat-" + kMixed.substr(0, 20)),
        whole("Slack token", std::string{"xoxb-"} + "2048151042-2411482910-" + kMixed.substr(0, 24)),
        whole("Google API key", "AIza" + kMixed + "-_a9"),
        whole("API key", "sk-" + kMixed),
        whole("API key", "sk-proj-" + kMixed + "-" + kMixed),
        whole("API key", "sk-ant-api03-" + kMixed + "_" + kMixed + "AA"),
        whole("API key", "sk-or-v1-" + kHex + kHex),
        whole("Stripe key", std::string{"sk_live"} + "_" + kMixed),
        whole("npm token", "npm_" + kMixed + "Ab9zQ"),
        whole("Hugging Face token", "hf_" + kMixed),
        whole("SendGrid key", "SG." + kMixed.substr(0, 22) + "." + kMixed + "abcdefghijk"),
        whole("JSON Web Token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0." + kMixed),
        whole("Google OAuth secret", "GOCSPX-" + kMixed.substr(0, 28)),
    });
}

TEST_CASE("A token is found wherever it begins, and only there") {
    const std::string token = "ghp_" + kMixed + "abcd";
    for (const std::string before :
         {"", " ", "\"", "=", "(", "https://x/?t=", "\n", "\\n", "\xc3\xa4 ", "token-"}) {
        CAPTURE(before);
        CHECK(mask_secrets(before + token).text == before + std::string{kSecretMask});
    }
    CHECK(find_secrets("x" + token).empty());
    CHECK(find_secrets(token.substr(0, 20)).empty());
    CHECK(mask_secrets(token + " and " + token).kinds.size() == 2);
}

TEST_CASE("A password is masked where its name is given it") {
    const std::string password = "Tr0ub4dor&3x";
    check_masked({
        {"password = \"" + password + "\"", password, "password"},
        {"const std::string db_password{}; db_password = \"" + password + "\";", password, "password"},
        {"{\"password\": \"" + password + "\"}", password, "password"},
        {"{\\\"password\\\": \\\"" + password + "\\\"}", password, "password"},
        {"PASSWORD: '" + password + "'", password, "password"},
        {"password: str = '" + password + "'", password, "password"},
        {"let dbPassword: string = `" + password + "`;", password, "password"},
        {"config['passwd'] = r'" + password + "'", password, "password"},
        {"password := \"" + password + "\"", password, "password"},
        {":password => '" + password + "'", password, "password"},
        {"auth(\"password\", \"" + password + "\")", password, "password"},
        {"DB_PASSWORD=" + password.substr(0, 9) + "\nX=1\n", password.substr(0, 9), "password"},
        {"\nexport DB_PASSWORD=" + password.substr(0, 9), password.substr(0, 9), "password"},
        {"if (password == \"" + password + "\") {", password, "password"},
    });
}

TEST_CASE("A key or token is masked where its name is given it") {
    check_masked({
        {"api_key = \"" + kHex + "\"", kHex, "secret"},
        {"apiKey: '" + kMixed + "',", kMixed, "secret"},
        {"\"x-api-key\": \"" + kMixed + "\"", kMixed, "secret"},
        {"headers.set(\"x-api-key\", \"" + kMixed + "\")", kMixed, "secret"},
        {"aws_secret_access_key = " + kMixed + "/+ab12CD", kMixed + "/+ab12CD", "secret"},
        {"CLIENT_SECRET=" + kMixed, kMixed, "secret"},
        {"clientSecret: " + kMixed + "\n", kMixed, "secret"},
        {"Authorization: Bearer " + kMixed, kMixed, "bearer token"},
        {"curl -H 'Authorization: Basic dXNlcjE6UGFzczIzNA=='", "dXNlcjE6UGFzczIzNA==", "basic credentials"},
        {"postgres://app:s3cr3tPw@db.local/x", "s3cr3tPw", "password in a URL"},
        {"AccountName=a;AccountKey=" + kMixed + kMixed + kMixed + "==;",
         kMixed + kMixed + kMixed + "==", "Azure storage key"},
    });
}

TEST_CASE("A private key is masked with its rules, cut off or not") {
    const std::string open = rule("BEGIN RSA PRIVATE KEY"), close = rule("END RSA PRIVATE KEY");
    const std::string body = "\n" + kBase64 + "\n" + kBase64 + "\n";
    const std::string four = "********\n********\n********\n********";
    CHECK(mask_secrets("a\n" + open + body + close + "\nb").text == "a\n" + four + "\nb");
    CHECK(mask_secrets("k = \"" + open + "\\n" + kBase64 + "\\n" + close + "\";").text ==
          "k = \"********\";");
    CHECK(mask_secrets("a\n" + open + body).text == "a\n********\n********\n********\n");
    CHECK(mask_secrets(kBase64 + "\n" + kBase64 + "\n" + close + "\nb").text ==
          "********\n********\n********\nb");
    CHECK(mask_secrets(open + body + close + "\n" + open + body + close).kinds.size() == 2);
    CHECK(mask_secrets(rule("BEGIN PGP PRIVATE KEY BLOCK") + body + rule("END PGP PRIVATE KEY BLOCK")).text ==
          four);
    CHECK(mask_secrets(open + body + "Proc-Type: 4,ENCRYPTED" + body + close).kinds.size() == 1);
    // Certificates and public keys are for all to see.
    CHECK(find_secrets(rule("BEGIN CERTIFICATE") + body + rule("END CERTIFICATE")).empty());
    CHECK(find_secrets("if (text.starts_with(\"" + open + "\")) return find(\"" + close + "\");").empty());
    CHECK(find_secrets(open + "\n...\n" + close).empty());
}

TEST_CASE("Ordinary code is left as it is") {
    const std::vector<std::string> ordinary = {
        "password = os.environ[\"DB_PASSWORD_2024\"]",
        "api_key = os.getenv('OPENAI_API_KEY_V2_2024')",
        "const token = process.env.GITHUB_TOKEN_2024_ABC;",
        "api_key = \"your-api-key-goes-here-1234\"",
        "password: changeme123",
        "password = \"changeme\"",
        "secret: \"xxxxxxxxxxxxxxxxxxxxxxxx12\"",
        "API_TOKEN=${CI_TOKEN_42}",
        "PASSWORD=$DB_PASSWORD1",
        "password: <%= ENV['DB_PASSWORD1'] %>",
        "token = \"{{ .Values.token1234567890 }}\"",
        "token = parse_token2(input_buffer_1234567890)",
        "token = this.tokens[12];",
        "auto token = next_token_2_of_3_and_more_4_words;",
        "std::string password;",
        "password: string;",
        "passwordLabel: \"Enter your 2nd password\"",
        "label(\"password\", \"Enter your 2nd password\")",
        "token: \"identifier\"",
        "if (token == \"==\") return 1;",
        "\"integrity\": "
        "\"sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==\"",
        "checksum = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"",
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "id = \"123e4567-e89b-12d3-a456-426614174000\"",
        "src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/"
        "w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==\"",
        "https://example.com:8080/path@2x.png",
        "http://user:password@host/",
        "postgres://postgres:postgres@localhost/db",
        "http://user:${PASSWORD}@host/",
        "see https://a.b/c: d@e.f",
        "<div class=\"sk-loading-indicator-component-12-wide\">",
        "sk_buff_destructor_with_arguments_2",
        "the Basic authentication of HTTP, Bearer authentication likewise",
        "AKIA and AKIAIOSFODNN7EXAMPLE",
        "AKIAIMAGINE_A_MACRO_NAME",
        "eyJustAnIdentifier.eyJ",
        "github_pat_ is how they begin; ghp_ too",
        "hf_hub_download(repo_id, filename)",
        "npm_config_registry_for_all_of_our_packages",
        "secret_name = \"projects/12/secrets/thing34\"",
        "TOKEN_LENGTH=1234567890123456789012",
        "password_hash = \"$2b$12$KIXQ4\"",
        "key: \"9f86d081884c7d659a2feaa0c55ad015\"",
    };
    for (const std::string& text : ordinary) {
        CAPTURE(text);
        const Masked masked = mask_secrets(text);
        CHECK(masked.text == text);
        CHECK(masked.kinds.empty());
    }
}

TEST_CASE("Secrets are told in order and never overlap") {
    const std::string token = "ghp_" + kMixed + "abcd";
    const std::string text =
        "password=\"" + token + "\" u=\"https://a:" + token + "@h\" api_key='" + kMixed + "'";
    const auto found = find_secrets(text);
    REQUIRE(found.size() == 3);
    std::size_t behind = 0;
    for (const Secret& secret : found) {
        CHECK(secret.begin >= behind);
        CHECK(secret.end > secret.begin);
        behind = secret.end;
    }
    CHECK(behind <= text.size());
    // Cut anywhere, the rest is still searched without harm.
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        for (const Secret& secret : find_secrets(std::string_view{text}.substr(cut)))
            CHECK(secret.end <= text.size() - cut);
        for (const Secret& secret : find_secrets(std::string_view{text}.substr(0, cut)))
            CHECK(secret.end <= cut);
    }
}

TEST_CASE("A hostile text takes time in proportion to its length") {
    const auto seconds = [](const std::string& unit, std::size_t bytes) {
        std::string text;
        while (text.size() < bytes) text += unit;
        const std::clock_t begin = std::clock();  // of this process, however busy the machine is
        (void)find_secrets(text);
        return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    };
    for (const std::string unit :
         {"sk-", "eyJ", "eyJaaaaaaaaaa.", "eyJaaaaaaaaaa.eyJaaaa.", "password=", "password=\"", "password",
          "://a:", "a", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "-----", "Bearer ",
          "A_TOKEN=", "\\sk-", "-"}) {
        CAPTURE(unit);
        // Eight times the text: 8 times the time, not 64; what is too short to measure counts as a
        // millisecond.
        const double small = std::max(seconds(unit, 32'000), 0.001);
        CHECK(seconds(unit, 256'000) < 32 * small);
    }
}

TEST_CASE("What is masked keeps the number of its lines, and masks the same each time") {
    const std::string open = rule("BEGIN RSA PRIVATE KEY"), close = rule("END RSA PRIVATE KEY");
    const std::string end = GENERATE(std::string{"\n"}, std::string{"\r\n"});
    std::string text = "first" + end + open + end;
    for (int i = 0; i < 20; ++i) text += kBase64 + end;
    text += close + end + "key = \"ghp_" + kMixed + "abcd\"" + end + "last";
    const Masked masked = mask_secrets(text);
    CHECK(masked.kinds.size() == 2);
    CHECK(std::count(masked.text.begin(), masked.text.end(), '\n') ==
          std::count(text.begin(), text.end(), '\n'));
    CHECK(masked.text.starts_with("first" + end + "********" + end));
    CHECK(masked.text.ends_with("key = \"********\"" + end + "last"));
    CHECK(mask_secrets(text).text == masked.text);
    CHECK(mask_secrets(masked.text).text == masked.text);
}

TEST_CASE("Masks are counted where a text was masked before, and rules of asterisks are none") {
    CHECK(count_masks("a = \"********\"; b = ********") == 2);
    CHECK(count_masks("/***********/ char ****p; *******") == 0);
    CHECK(count_masks("") == 0);
    CHECK(count_masks("********") == 1);
}

TEST_CASE("A secret across the cursor is masked on both of its sides, wherever the cursor stands") {
    const std::string token = "ghp_" + kMixed + "abcd", text = "x = \"" + token + "\"; y";
    const std::size_t begin = text.find(token), end = begin + token.size();
    for (std::size_t cursor = 0; cursor <= text.size(); ++cursor) {
        CAPTURE(cursor);
        const MaskedParts parts = mask_secrets(text.substr(0, cursor), text.substr(cursor));
        CHECK(parts.kinds.size() == 1);
        CHECK((parts.before + parts.after).find(kMixed.substr(4, 8)) == std::string::npos);
        // What stands outside of it stays where it was, on its side of the cursor.
        CHECK(parts.before.starts_with(text.substr(0, std::min(cursor, begin))));
        CHECK(parts.after.ends_with(text.substr(std::max(cursor, end))));
        CHECK(parts.before.ends_with("********") == (cursor > begin && cursor <= end));
        CHECK(parts.after.starts_with("********") == (cursor >= begin && cursor < end));
    }
    // One that is whole before the cursor stays one where the text behind it would make it another word.
    const MaskedParts typed = mask_secrets("k = AKIA" + std::string{"QRSTUVWX23456789"}, "ABC more");
    CHECK(typed.before == "k = ********");
    CHECK(typed.after == "ABC more");
}

TEST_CASE("In what the user types only what has the form of a secret is masked") {
    const std::string token = "ghp_" + kMixed + "abcd";
    CHECK(mask_typed("why is " + token + " refused?").text == "why is ******** refused?");
    CHECK(mask_typed("why is password = \"Tr0ub4dor&3x\" weak?").kinds.empty());
    CHECK(mask_secrets("why is password = \"Tr0ub4dor&3x\" weak?").kinds.size() == 1);
    CHECK(mask_typed("password = \"" + token + "\"").text == "password = \"********\"");
    CHECK(mask_typed("mysql://app:s3cr3tPw@db.local/x").kinds.size() == 1);
}
