// A server's certificate for tests, made by openssl in a folder of its own.
#pragma once

#include "tests/unit/http/world.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

namespace dragoman::http::test {

/// A key and a self-signed certificate for `name` ("IP:127.0.0.1", "DNS:gateway.example"), gone at the end.
class Identity {
public:
    explicit Identity(const std::string& name) : folder_{output_of("mktemp -d | tr -d '\\n'")} {
        output_of(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
            "/CN=test "
            "-addext subjectAltName=" +
            name + " -keyout " + key() + " -out " + certificate() + " 2>/dev/null");
    }
    ~Identity() { output_of("rm -r " + folder_); }
    Identity(const Identity&) = delete;
    Identity& operator=(const Identity&) = delete;

    std::string certificate() const { return folder_ + "/cert.pem"; }
    std::string key() const { return folder_ + "/key.pem"; }

    /// Makes it one that was good until `seconds` ago, or, negative, will be in so many seconds.
    void out_of_date(long seconds) const {
        const std::unique_ptr<BIO, decltype(&BIO_free)> in{BIO_new_file(certificate().c_str(), "r"),
                                                           BIO_free};
        const std::unique_ptr<X509, decltype(&X509_free)> made{
            PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), X509_free};
        const std::unique_ptr<BIO, decltype(&BIO_free)> secret{BIO_new_file(key().c_str(), "r"), BIO_free};
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> signer{
            PEM_read_bio_PrivateKey(secret.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
        constexpr long kDay = 86'400;
        X509_gmtime_adj(X509_getm_notBefore(made.get()), seconds > 0 ? -kDay : -seconds);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), seconds > 0 ? -seconds : kDay);
        X509_sign(made.get(), signer.get(), EVP_sha256());
        const std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new_file(certificate().c_str(), "w"),
                                                            BIO_free};
        PEM_write_bio_X509(out.get(), made.get());
    }

    boost::asio::ssl::context context() const {
        boost::asio::ssl::context made{boost::asio::ssl::context::tls_server};
        made.use_certificate_file(certificate(), boost::asio::ssl::context::pem);
        made.use_private_key_file(key(), boost::asio::ssl::context::pem);
        return made;
    }

private:
    std::string folder_;
};

}  // namespace dragoman::http::test
