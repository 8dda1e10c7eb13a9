// What the pages prove themselves with, and what becomes of half a renewal.
#include "controller/web/page_certificates.h"

#include <array>
#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <gnutls/x509.h>

namespace poolshift {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Taken(gnutls_datum_t text) {
  std::string taken(reinterpret_cast<const char*>(text.data), text.size);
  gnutls_free(text.data);
  return taken;
}

// Signed by itself, valid for an hour.
PageCertificate Made(const std::string& name) {
  constexpr unsigned kBits = 256;
  constexpr std::array<unsigned char, 1> kSerial = {1};
  gnutls_x509_privkey_t key = nullptr;
  gnutls_x509_crt_t certificate = nullptr;
  gnutls_datum_t text{};
  PageCertificate made;
  gnutls_x509_privkey_init(&key);
  gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, kBits, 0);
  gnutls_x509_crt_init(&certificate);
  gnutls_x509_crt_set_version(certificate, 3);
  gnutls_x509_crt_set_serial(certificate, kSerial.data(), kSerial.size());
  gnutls_x509_crt_set_activation_time(certificate, std::time(nullptr));
  gnutls_x509_crt_set_expiration_time(certificate, std::time(nullptr) + 3600);
  gnutls_x509_crt_set_key(certificate, key);
  EXPECT_EQ(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0), 0);
  gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text);
  made.chain = Taken(text);
  gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, nullptr, GNUTLS_PKCS_PLAIN, &text);
  made.key = Taken(text);
  made.names = {name};
  gnutls_x509_crt_deinit(certificate);
  gnutls_x509_privkey_deinit(key);
  return made;
}

class PageCertificatesTest : public testing::Test {
 protected:
  auto Make() {
    return PageCertificates::Make([this] { return found_; },
                                  [this](const std::string& line) { log_.push_back(line); });
  }
  absl::StatusOr<PageCertificate> found_ = Made("pages.contoso.com");
  std::vector<std::string> log_;
};

TEST_F(PageCertificatesTest, ARenewedOneIsTaken) {
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ((*made)->current(), *found_);
  found_ = Made("portal.contoso.com");
  EXPECT_THAT((*made)->current().names, ElementsAre("pages.contoso.com")) << "nobody connected";
  EXPECT_EQ((*made)->Renewed(), *found_);
  EXPECT_THAT((*made)->current().names, ElementsAre("portal.contoso.com"));
  EXPECT_THAT(log_, IsEmpty());
}

TEST_F(PageCertificatesTest, HalfARenewalIsNotTaken) {
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  const PageCertificate first = *found_;
  found_ = absl::InvalidArgumentError("pages.key is the key of another certificate");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ((*made)->Renewed(), first);
  EXPECT_THAT(log_,
              ElementsAre("pages over TLS go on with the former certificate: pages.key is the key "
                          "of another certificate"));
  found_ = first;
  EXPECT_EQ((*made)->Renewed(), first);
  found_ = absl::InvalidArgumentError("pages.key is the key of another certificate");
  EXPECT_EQ((*made)->Renewed(), first);
  EXPECT_EQ(log_.size(), 2U) << "it was over in between";
}

TEST_F(PageCertificatesTest, WhatGnuTlsDoesNotReadIsNotTaken) {
  const auto made = Make();
  ASSERT_TRUE(made.ok()) << made.status();
  const PageCertificate first = *found_;
  found_->key = "no key";
  EXPECT_EQ((*made)->Renewed(), first);
  found_->chain = "no certificate";
  EXPECT_EQ((*made)->Renewed(), first);
  ASSERT_EQ(log_.size(), 2U);
  EXPECT_THAT(log_[0], HasSubstr("GnuTLS does not take the certificate or its key: "));
}

TEST_F(PageCertificatesTest, ATooLongChainIsNotTaken) {
  std::string chain;
  for (int i = 0; i < 16; ++i)
    chain += found_->chain;
  const std::string one = std::exchange(found_->chain, chain);
  EXPECT_TRUE(Make().ok()) << Make().status();
  found_->chain += one;
  EXPECT_TRUE(absl::IsInvalidArgument(Make().status())) << Make().status();
}

TEST_F(PageCertificatesTest, TheFirstOneMustBeThere) {
  found_ = absl::NotFoundError("pages.pem: no such file");
  EXPECT_TRUE(absl::IsNotFound(Make().status()));
  found_ = PageCertificate();
  EXPECT_TRUE(absl::IsInvalidArgument(Make().status()));
}

}  // namespace
}  // namespace poolshift
