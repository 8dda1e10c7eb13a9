#include "providers/probe/wire/xmpp.h"

#include "gmock/gmock.h"

namespace poolshift::probe {
namespace {

using Next = XmlStream::Next;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kHeader =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:server' "
    "xmlns:stream='http://etherx.jabber.org/streams' from='contoso.test' version='1.0' id='1'>";

// What it yields after the header, fed at once or in single bytes.
Next Second(const std::string& rest, bool in_bytes, XmlStream& stream) {
  const std::string bytes = kHeader + rest;
  bool header = false;
  std::size_t fed = 0;
  if (!in_bytes) {
    stream.Feed(bytes);
    fed = bytes.size();
  }
  for (;;) {
    const Next next = stream.Read();
    if (next == Next::kHeader && !header) {
      header = true;
      continue;
    }
    if (next != Next::kMore || fed == bytes.size()) return next;
    stream.Feed(bytes.substr(fed++, 1));
  }
}

TEST(XmlStream, AllowsWhatXmppAllows) {
  const struct {
    const char* name;
    std::string rest;
    Next next;
  } cases[] = {
      {"features", "<stream:features/>", Next::kElement},
      {"white space between", "\n  <stream:features/>", Next::kElement},
      {"text and entities", "<a>x &lt;&amp;&gt;&quot;&apos; y</a>", Next::kElement},
      {"a bracket in quotes", "<a b='>'/>", Next::kElement},
      {"space before the end", "<a ></a >", Next::kElement},
      {"end", "</stream:stream>", Next::kEnd},
      {"end after space", " </stream:stream>", Next::kEnd},
      {"nothing more", "", Next::kMore},
      {"half a tag", "<stream:feat", Next::kMore},
      {"half an element", "<a><b/>", Next::kMore},
      {"quote that does not end", "<a b='", Next::kMore},
      {"text outside", "hello", Next::kFault},
      {"comment", "<!-- x -->", Next::kFault},
      {"document type", "<!DOCTYPE x>", Next::kFault},
      {"CDATA", "<a><![CDATA[x]]></a>", Next::kFault},
      {"processing instruction", "<?php x ?>", Next::kFault},
      {"unknown entity", "<a>&lol;</a>", Next::kFault},
      {"numeric entity", "<a>&#65;</a>", Next::kFault},
      {"undeclared prefix", "<x:a/>", Next::kFault},
      {"no name", "< />", Next::kFault},
      {"empty tag", "<>", Next::kFault},
      {"wrong end", "<a></b>", Next::kFault},
      {"same attribute twice", "<a b='1' b='2'/>", Next::kFault},
      {"attribute without a value", "<a b/>", Next::kFault},
      {"attribute without quotes", "<a b=1/>", Next::kFault},
      {"bracket in an attribute", "<a b='<'/>", Next::kFault},
      {"too deep", "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>", Next::kFault},
      {"too much", "<a>" + std::string(70000, 'x'), Next::kFault},
  };
  for (const auto& each : cases) {
    for (const bool in_bytes : {false, true}) {
      SCOPED_TRACE(std::string(each.name) + (in_bytes ? ", byte by byte" : ""));
      XmlStream stream;
      EXPECT_EQ(Second(each.rest, in_bytes, stream), each.next) << stream.fault();
      if (each.next == Next::kFault) {
        EXPECT_NE(stream.fault(), "");
      }
    }
  }
}

TEST(XmlStream, TooManyElements) {
  std::string many = "<a>";
  for (int i = 0; i < 1200; ++i)
    many += "<b/>";
  XmlStream stream;
  EXPECT_EQ(Second(many + "</a>", false, stream), Next::kFault);
}

TEST(XmlStream, NotEvenXml) {
  for (const char* bytes : {"SSH-2.0-OpenSSH\r\n", "\x16\x03\x01\x02", "HTTP/1.1 400\r\n"}) {
    XmlStream stream;
    stream.Feed(bytes);
    EXPECT_EQ(stream.Read(), Next::kFault) << bytes;
  }
}

TEST(XmlStream, NamespacesOfTags) {
  XmlStream stream;
  ASSERT_EQ(
      Second("<f xmlns='urn:a' xmlns:p='urn:b'><p:g/><h xmlns='urn:c'>t</h></f>", false, stream),
      Next::kElement);
  EXPECT_EQ(stream.element().space, "urn:a");
  EXPECT_NE(stream.element().Child("urn:b", "g"), nullptr);
  ASSERT_NE(stream.element().Child("urn:c", "h"), nullptr);
  EXPECT_EQ(stream.element().Child("urn:c", "h")->text, "t");
  EXPECT_EQ(stream.element().Child("urn:a", "h"), nullptr);
}

// As Prosody 0.12 sends it.
TEST(StreamFeatures, OfProsody) {
  XmlStream stream;
  ASSERT_EQ(Second("<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"
                   "</starttls><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>"
                   "EXTERNAL</mechanism></mechanisms><dialback xmlns='urn:xmpp:features:dialback'/>"
                   "</stream:features>",
                   false,
                   stream),
            Next::kElement);
  ASSERT_TRUE(IsFeatures(stream.element()));
  const StreamFeatures features = ReadFeatures(stream.element());
  EXPECT_TRUE(features.starttls);
  EXPECT_TRUE(features.dialback);
  EXPECT_THAT(features.mechanisms, ElementsAre("EXTERNAL"));
  EXPECT_TRUE(features.Offers("EXTERNAL"));
  EXPECT_FALSE(features.Offers("PLAIN"));
  EXPECT_EQ(StreamError(stream.element()), "");
}

TEST(StreamFeatures, OfOtherNamespacesCountNothing) {
  XmlStream stream;
  ASSERT_EQ(
      Second(
          "<stream:features><starttls xmlns='urn:x'/><dialback/></stream:features>", false, stream),
      Next::kElement);
  const StreamFeatures features = ReadFeatures(stream.element());
  EXPECT_FALSE(features.starttls);
  EXPECT_FALSE(features.dialback);
}

TEST(StreamError, ConditionAndText) {
  XmlStream stream;
  ASSERT_EQ(
      Second("<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
             "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>not \x07 here</text></stream:error>",
             false,
             stream),
      Next::kElement);
  EXPECT_EQ(StreamError(stream.element()), "host-unknown (not ? here)");
}

TEST(StreamHeader, EscapesWhatItIsTold) {
  const std::string header = StreamHeader("a'/><x>", "probe.test");
  EXPECT_THAT(header, HasSubstr("to='a&apos;/&gt;&lt;x&gt;'"));
  XmlStream stream;
  stream.Feed(StreamHeader("contoso.test", "probe.test"));
  ASSERT_EQ(stream.Read(), Next::kHeader);
  EXPECT_TRUE(IsStreamHeader(stream.element()));
  EXPECT_TRUE(DeclaresDialback(stream.element()));
}

}  // namespace
}  // namespace poolshift::probe
