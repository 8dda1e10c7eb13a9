#include "controller/web/page_site.h"

#include <gtest/gtest.h>

namespace poolshift {
namespace {

const PageSite kSite{.tls = true,
                     .names = {"pages.contoso.com", "*.contoso.net", "192.0.2.10", "2001:db8::1"},
                     .anybody_reads = false};

TEST(PageSiteTest, ItsNamesAreThoseOfItsCertificate) {
  for (const char* host : {"pages.contoso.com",
                           "Pages.Contoso.COM:8443",
                           "www.contoso.net",
                           "192.0.2.10:8443",
                           "[2001:db8::1]",
                           "[2001:DB8::1]:8443"})
    EXPECT_TRUE(IsNameOf(kSite, host)) << host;
}

TEST(PageSiteTest, OtherNamesAreSomebodyElses) {
  for (const char* host : {"",
                           "localhost",
                           "127.0.0.1:8443",
                           "contoso.com",
                           "evil.example",
                           "pages.contoso.com.",
                           "pages.contoso.com.evil.example",
                           "evil.example/pages.contoso.com",
                           "evil.example#pages.contoso.com",
                           "alice@pages.contoso.com",
                           "pages.contoso.com:",
                           "pages.contoso.com:x",
                           "pages.contoso.com:8443:8443",
                           "[pages.contoso.com]",
                           "contoso.net",
                           ".contoso.net",
                           "a.b.contoso.net",
                           "*.contoso.net.evil.example",
                           "192.0.2.11",
                           "2001:db8::1",
                           "[2001:db8::1",
                           "[2001:db8::1]x",
                           "[2001:db8::2]"})
    EXPECT_FALSE(IsNameOf(kSite, host)) << host;
}

TEST(PageSiteTest, WithoutTlsItIsThisMachine) {
  const PageSite here{.tls = false, .names = {"pages.contoso.com"}, .anybody_reads = true};
  EXPECT_TRUE(IsNameOf(here, "localhost:8080"));
  EXPECT_TRUE(IsNameOf(here, "")) << "HTTP/1.0";
  EXPECT_FALSE(IsNameOf(here, "pages.contoso.com"));
}

TEST(PageSiteTest, TheCookieIsBoundToTheHost) {
  EXPECT_EQ(SessionCookie(kSite, "pages.contoso.com:8443"), "__Host-poolshift-8443");
  EXPECT_EQ(SessionCookie(kSite, "pages.contoso.com"), "__Host-poolshift");
  EXPECT_EQ(SessionCookie(kSite, "[2001:db8::1]"), "__Host-poolshift");
}

TEST(PageSiteTest, TheOriginSaysWhetherThereIsTls) {
  EXPECT_EQ(OriginOf(kSite, "pages.contoso.com:8443"), "https://pages.contoso.com:8443");
  EXPECT_EQ(OriginOf({}, "localhost:8080"), "http://localhost:8080");
}

}  // namespace
}  // namespace poolshift
