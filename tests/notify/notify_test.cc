// The parts that send nothing: templates, signatures, letters, what waits and what is told again.
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "controller/model/message_template.h"
#include "controller/model/web_address.h"
#include "controller/notify/commit_status.h"
#include "controller/notify/letter_text.h"
#include "controller/notify/outbox.h"
#include "controller/notify/signature.h"

namespace poolshift::notify {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1795230000);

Event Drift(const std::string& key = "k1") {
  return {"drift-found",
          "contoso",
          key,
          kNow,
          "traffic is affected",
          "a route is wrong",
          "more\nlines",
          "c0ffee",
          "",
          ""};
}

std::string Filled(const MessageTemplate& words, const Event& event) {
  return words.Fill([&](std::string_view name) { return FieldOf(event, name); });
}

TEST(MessageTemplateTest, EveryFieldHasAValue) {
  Event event = Drift();
  event.plan = "p";
  event.run = "r";
  for (const std::string_view name : kEventFields)
    EXPECT_NE(FieldOf(event, name), "") << name;
}

TEST(MessageTemplateTest, FieldsAreFilledIn) {
  const auto made = MessageTemplate::Parse(
      "{{event}} of {{ organization }} at {{at}}: {{summary}}{}", kEventFields);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(Filled(*made, Drift()),
            "drift-found of contoso at 2026-11-21 03:00:00Z: a route is wrong{}");
}

TEST(MessageTemplateTest, FieldsOfValuesAreNotFilledIn) {
  Event event = Drift();
  event.summary = "{{key}} {{nothing}}";
  EXPECT_EQ(Filled(*MessageTemplate::Parse("{{summary}}", kEventFields), event),
            "{{key}} {{nothing}}");
}

TEST(MessageTemplateTest, FaultsAreFoundWhenLoaded) {
  for (const char* text : {"{{secret}}", "{{}}", "{{summary", "{{sum{{mary}}"})
    EXPECT_FALSE(MessageTemplate::Parse(text, kEventFields).ok()) << text;
  EXPECT_THAT(std::string(MessageTemplate::Parse("{{sumary}}", kEventFields).status().message()),
              HasSubstr("there is event, organization"));
}

struct StatusRow {
  Notification::Forge forge;
  const char* state;
  const char* url;
  const char* body;
  const char* header;
};

TEST(CommitStatusTest, EachForgeHasItsForm) {
  using Forge = Notification::Forge;
  constexpr const char* kBody =
      R"({"context":"poolshift","description":"a route is wrong","state":"failure"})";
  for (const StatusRow& row :
       {StatusRow{Forge::kGithub,
                  "failure",
                  "https://api.github.com/repos/contoso/edge",
                  kBody,
                  "Authorization: Bearer t0ken"},
        {Forge::kGitea,
         "failure",
         "https://git.contoso.com/api/v1/repos/contoso/edge/",
         kBody,
         "Authorization: token t0ken"},
        {Forge::kGitlab,
         "error",
         "https://git.contoso.com/api/v4/projects/7",
         R"({"description":"a route is wrong","name":"poolshift","state":"failed"})",
         "PRIVATE-TOKEN: t0ken"},
        {Forge::kGitlab,
         "pending",
         "https://git.contoso.com/api/v4/projects/7",
         R"({"description":"a route is wrong","name":"poolshift","state":"pending"})",
         "PRIVATE-TOKEN: t0ken"}}) {
    Notification to;
    to.forge = row.forge;
    to.url = row.url;
    to.context = "poolshift";
    Event event = Drift();
    event.state = row.state;
    const Post post = CommitStatusPost(event, to, "t0ken");
    const std::string url = row.url;
    EXPECT_EQ(post.url, (url.ends_with('/') ? url : url + '/') + "statuses/c0ffee");
    EXPECT_EQ(post.body, row.body);
    EXPECT_THAT(post.headers, testing::Contains(row.header));
  }
}

TEST(CommitStatusTest, LongWordsAreCutBetweenLetters) {
  Event event = Drift();
  event.state = "success";
  for (int i = 0; i < 200; ++i)
    event.summary += "\u00e9";
  const std::string body = CommitStatusPost(event, {}, "t").body;
  EXPECT_THAT(body, HasSubstr("...\",\"state\""));
  EXPECT_LT(body.size(), 200U);
}

// The value was made with `openssl dgst -sha256 -hmac Jefe`.
TEST(SignatureTest, IsAnHmacOfTimeAndBody) {
  EXPECT_EQ(Signature("Jefe", "what do ya want for nothing?", absl::FromUnixSeconds(1)),
            "t=1,v1=a9049465ce89cfb8e9aac62333abda66f80e3403f51f57f6bae3c3a4485eca38");
  EXPECT_NE(Signature("Jefe", "a", absl::FromUnixSeconds(1)).substr(4),
            Signature("Jefe", "a", absl::FromUnixSeconds(2)).substr(4));
}

TEST(LetterTest, HeadersStayHeaders) {
  const std::string text = LetterText(Drift(),
                                      "poolshift@contoso.com",
                                      {"noc@contoso.com"},
                                      "x\r\nBcc: mallory@evil.example\r\n\r\nbody",
                                      "text");
  EXPECT_THAT(text, HasSubstr("Subject: x  Bcc: mallory@evil.example    body\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("\nBcc:")));
  EXPECT_THAT(text, HasSubstr("Date: Sat, 21 Nov 2026 03:00:00 +0000\r\n"));
}

TEST(LetterTest, LettersBeyondAsciiAreEncoded) {
  const std::string text = LetterText(Drift(), "a@b", {"c@d"}, "Gr\u00fc\u00dfe", "t");
  EXPECT_THAT(text, HasSubstr("Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n"));
  for (const char letter : text)
    EXPECT_LT(static_cast<unsigned char>(letter), 0x80);
}

struct UrlRow {
  const char* url;
  bool fits, loopback;
};

TEST(AddressTest, WhereAUrlLeads) {
  for (const UrlRow& row : {UrlRow{"https://hooks.example/x", true, false},
                            {"http://127.0.0.1:80/", true, true},
                            {"http://[::1]:80/", true, true},
                            {"http://localhost/", true, true},
                            {"http://localhost.evil.example/", true, false},
                            {"http://127.0.0.1.evil.example/", true, false},
                            {"http://user:pw@host/", false, false},
                            {"http://127.0.0.1@evil.example/", false, false},
                            {"ftp://host/", false, false},
                            {"https://", false, false},
                            {"http://127.0.0.1\\@evil.example/", false, false},
                            {"https://a b/", false, false}}) {
    const auto address = ParseWebAddress(row.url, "http", "https");
    EXPECT_EQ(address.ok(), row.fits) << row.url;
    if (!address.ok()) continue;
    EXPECT_EQ(address->is_loopback(), row.loopback) << row.url;
  }
}

TEST(OutboxTest, AnEventIsToldOnce) {
  Outbox box({});
  EXPECT_EQ(box.Offer("a", Drift(), kNow), Outbox::Offered::kTaken);
  EXPECT_EQ(box.Offer("a", Drift(), kNow), Outbox::Offered::kKnown);
  EXPECT_EQ(box.Offer("b", Drift(), kNow), Outbox::Offered::kTaken);
  box.Ended(box.Next(kNow)->number, absl::OkStatus(), kNow);
  EXPECT_EQ(box.Offer("a", Drift(), kNow), Outbox::Offered::kKnown);
  EXPECT_EQ(box.delivered(), 1);
}

TEST(OutboxTest, WaitsAreDoubledAndBounded) {
  OutboxLimits limits;
  limits.most_attempts = 6;
  limits.longest_wait = absl::Seconds(30);
  Outbox box(limits);
  box.Offer("a", Drift(), kNow);
  absl::Time now = kNow;
  std::vector<std::int64_t> waits;
  while (const auto item = box.Next(now)) {
    box.Ended(item->number, absl::UnavailableError("503"), now);
    if (box.waiting() == 0) break;
    waits.push_back(absl::ToInt64Seconds(box.NextDue() - now));
    EXPECT_FALSE(box.Next(box.NextDue() - absl::Seconds(1)).has_value());
    now = box.NextDue();
  }
  EXPECT_EQ(waits, (std::vector<std::int64_t>{5, 10, 20, 30, 30}));
  EXPECT_THAT(box.TakeGivenUp(), SizeIs(1));
  EXPECT_EQ(box.NextDue(), absl::InfiniteFuture());
}

TEST(OutboxTest, FinalFailureIsNotRepeated) {
  Outbox box({});
  box.Offer("a", Drift(), kNow);
  box.Ended(box.Next(kNow)->number, absl::FailedPreconditionError("404"), kNow);
  EXPECT_EQ(box.waiting(), 0U);
  EXPECT_THAT(box.TakeGivenUp(), SizeIs(1));
  EXPECT_THAT(box.TakeGivenUp(), SizeIs(0));
}

TEST(OutboxTest, QueueAndMemoryAreBounded) {
  OutboxLimits limits;
  limits.most_waiting = 2;
  limits.most_keys = 2;
  Outbox box(limits);
  EXPECT_EQ(box.Offer("a", Drift("1"), kNow), Outbox::Offered::kTaken);
  EXPECT_EQ(box.Offer("a", Drift("2"), kNow), Outbox::Offered::kTaken);
  EXPECT_EQ(box.Offer("a", Drift("3"), kNow), Outbox::Offered::kFull);
  EXPECT_EQ(box.dropped(), 1);
  box.Ended(box.Next(kNow)->number, absl::OkStatus(), kNow);
  EXPECT_EQ(box.Offer("a", Drift("3"), kNow), Outbox::Offered::kTaken);
  box.Ended(box.Next(kNow)->number, absl::OkStatus(), kNow);
  EXPECT_EQ(box.Offer("a", Drift("1"), kNow), Outbox::Offered::kTaken) << "its key is forgotten";
}

}  // namespace
}  // namespace poolshift::notify
