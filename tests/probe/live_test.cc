// Real servers, looked at from this process: what a partner would get from them, and what is told
// when it would get nothing.
#include "gmock/gmock.h"

#include "tests/probe/live_look.h"

namespace poolshift::probe::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class LiveXmpp : public LiveLook {
 protected:
  static Answer LookAtXmpp(const Eyes& eyes,
                           const LiveServer& server,
                           std::vector<std::string> names) {
    return LookAt(eyes, server.address(), 5269, Speech::kXmpp, std::move(names));
  }
};

TEST_F(LiveXmpp, HealthyServerOffersExternal) {
  ServerSpec spec = Spec("edge");
  spec.domains = {"contoso.test"};
  const Prosody server(scratch(), spec);
  const Answer answer = LookAtXmpp(MakeEyes(), server, {"contoso.test"});
  EXPECT_EQ(answer.state, State::kOpen);
  EXPECT_TRUE(answer.spoke) << answer.evidence;
  EXPECT_THAT(answer.certificate_names, ElementsAre("contoso.test", "edge", "sip.contoso.test"));
  EXPECT_THAT(answer.certificate_not_after, StartsWith("20"));
  EXPECT_THAT(answer.evidence, HasSubstr("STARTTLS; TLSv1.3; certificate of contoso.test"));
  EXPECT_THAT(answer.evidence, HasSubstr("offers SASL EXTERNAL and dialback"));
}

TEST_F(LiveXmpp, OurCertificateIsDemanded) {
  ServerSpec spec = Spec("edge");
  spec.domains = {"contoso.test"};
  const Prosody server(scratch(), spec);
  const Answer answer = LookAtXmpp(MakeEyes(false), server, {"contoso.test"});
  EXPECT_EQ(answer.state, State::kOpen);
  EXPECT_FALSE(answer.spoke);
  EXPECT_THAT(answer.evidence, HasSubstr("stream error not-authorized"));
}

TEST_F(LiveXmpp, WithoutCertificateDialbackIsOffered) {
  ServerSpec spec = Spec("edge");
  spec.demands_certificate = false;
  spec.domains = {"contoso.test"};
  const Prosody server(scratch(), spec);
  const Answer answer = LookAtXmpp(MakeEyes(false), server, {"contoso.test"});
  EXPECT_TRUE(answer.spoke) << answer.evidence;
  EXPECT_THAT(answer.evidence, HasSubstr("offers dialback"));
}

TEST_F(LiveXmpp, DomainThatIsNotServed) {
  ServerSpec spec = Spec("edge");
  spec.domains = {"contoso.test"};
  const Prosody server(scratch(), spec);
  const Answer answer = LookAtXmpp(MakeEyes(), server, {"contoso.test", "fabrikam.test"});
  EXPECT_EQ(answer.state, State::kOpen);
  EXPECT_FALSE(answer.spoke);
  EXPECT_THAT(answer.evidence, HasSubstr("offers SASL EXTERNAL"));
  EXPECT_THAT(answer.evidence, HasSubstr("stream error host-unknown"));
  EXPECT_THAT(answer.evidence, HasSubstr("for fabrikam.test"));
}

TEST_F(LiveXmpp, ForeignCertificate) {
  ServerSpec spec = Spec("wrong");
  spec.domains = {"contoso.test"};
  const Prosody server(scratch(), spec);
  const Answer answer = LookAtXmpp(MakeEyes(), server, {"contoso.test"});
  EXPECT_EQ(answer.state, State::kOpen);
  EXPECT_FALSE(answer.spoke);
  EXPECT_THAT(answer.evidence, HasSubstr("its certificate does not cover contoso.test"));
}

TEST_F(LiveXmpp, FrozenServerIsOpenAndSilent) {
  ServerSpec spec = Spec("edge");
  spec.domains = {"contoso.test"};
  Prosody server(scratch(), spec);
  server.program().Freeze();
  const Answer answer = LookAtXmpp(MakeEyes(), server, {"contoso.test"});
  EXPECT_EQ(answer.state, State::kOpen);
  EXPECT_FALSE(answer.spoke);
  EXPECT_THAT(answer.evidence, HasSubstr("no answer"));
}

TEST_F(LiveXmpp, DeadServerIsRefused) {
  ServerSpec spec = Spec("edge");
  spec.domains = {"contoso.test"};
  Prosody server(scratch(), spec);
  server.program().Kill();
  const Answer answer = LookAtXmpp(MakeEyes(), server, {"contoso.test"});
  EXPECT_EQ(answer.state, State::kRefused);
  EXPECT_THAT(answer.evidence, HasSubstr("ECONNREFUSED"));
}

class LiveSip : public LiveLook {
 protected:
  static Answer LookAtSip(const Eyes& eyes, const LiveServer& server) {
    return LookAt(eyes, server.address(), 5061, Speech::kSip, {"sip.contoso.test"});
  }
};

TEST_F(LiveSip, HealthyServerAnswersOptions) {
  const Kamailio server(scratch(), Spec("edge"));
  const Answer answer = LookAtSip(MakeEyes(), server);
  EXPECT_EQ(answer.state, State::kOpen);
  EXPECT_TRUE(answer.spoke) << answer.evidence;
  EXPECT_THAT(answer.certificate_names, ElementsAre("contoso.test", "edge", "sip.contoso.test"));
  EXPECT_THAT(answer.evidence, HasSubstr("SIP 200 OK from kamailio of the test"));
}

TEST_F(LiveSip, OurCertificateIsDemanded) {
  const Kamailio server(scratch(), Spec("edge"));
  const Answer answer = LookAtSip(MakeEyes(false), server);
  EXPECT_EQ(answer.state, State::kOpen);
  EXPECT_FALSE(answer.spoke);
  EXPECT_THAT(answer.evidence, HasSubstr("the vantage has no certificate to show"));
}

TEST_F(LiveSip, ForeignCertificate) {
  const Kamailio server(scratch(), Spec("wrong"));
  const Answer answer = LookAtSip(MakeEyes(), server);
  EXPECT_FALSE(answer.spoke);
  EXPECT_THAT(answer.evidence, HasSubstr("SIP 200 OK"));
  EXPECT_THAT(answer.evidence, HasSubstr("its certificate does not cover sip.contoso.test"));
}

TEST_F(LiveSip, ExpiredCertificate) {
  const Kamailio server(scratch(), Spec("expired"));
  const Answer answer = LookAtSip(MakeEyes(), server);
  EXPECT_FALSE(answer.spoke);
  EXPECT_THAT(answer.evidence,
              HasSubstr("its certificate is not trusted: certificate has expired"));
}

TEST_F(LiveSip, UnknownAuthority) {
  const Authority others(scratch(), "others");
  others.Issue("stranger", "DNS:sip.contoso.test");
  const Kamailio server(scratch(), Spec("stranger"));
  const Answer answer = LookAtSip(MakeEyes(), server);
  EXPECT_FALSE(answer.spoke);
  EXPECT_THAT(answer.evidence,
              HasSubstr("its certificate is not trusted: unable to get local issuer"));
}

TEST_F(LiveSip, FrozenServerIsOpenAndSilent) {
  Kamailio server(scratch(), Spec("edge"));
  server.program().Freeze();
  const Answer answer = LookAtSip(MakeEyes(), server);
  EXPECT_EQ(answer.state, State::kOpen);
  EXPECT_FALSE(answer.spoke);
  EXPECT_THAT(answer.evidence, HasSubstr("TLS: no answer"));
}

TEST_F(LiveSip, OtherProtocolsAreToldApart) {
  const Kamailio sip(scratch(), Spec("edge"));
  const Answer xmpp = LookAt(MakeEyes(), sip.address(), 5061, Speech::kXmpp, {"contoso.test"});
  EXPECT_EQ(xmpp.state, State::kOpen);
  EXPECT_FALSE(xmpp.spoke);
  const Answer tls = LookAt(MakeEyes(), sip.address(), 5061, Speech::kTls, {"sip.contoso.test"});
  EXPECT_FALSE(tls.spoke);
  EXPECT_THAT(tls.certificate_names, ElementsAre("contoso.test", "edge", "sip.contoso.test"));
  const Answer tcp = LookAt(MakeEyes(), sip.address(), 5061, Speech::kTcp, {});
  EXPECT_EQ(tcp.state, State::kOpen);
  EXPECT_TRUE(tcp.certificate_names.empty());
}

class LiveResolver : public LiveLook {
 protected:
  static Answer LookUp(const Eyes& eyes, const std::string& name, const std::string& type) {
    Question question;
    question.resolve = true;
    question.host = name;
    question.type = type;
    return Look(eyes, question, {absl::Seconds(4), absl::InfiniteFuture()});
  }
};

TEST_F(LiveResolver, RecordsAsTheKindSpellsThem) {
  const Named server(scratch(),
                     {"xmpp 60 A 203.0.113.22",
                      "xmpp 60 A 203.0.113.21",
                      "xmpp 60 AAAA 2001:db8::21",
                      "_xmpp-server._tcp 30 SRV 10 0 5269 Xmpp",
                      "note TXT \"a text\""});
  Eyes eyes = MakeEyes();
  eyes.resolvers = {{server.address(), server.port()}};
  const Answer a = LookUp(eyes, "xmpp.contoso.test", "A");
  EXPECT_TRUE(a.found) << a.evidence;
  EXPECT_THAT(a.records, ElementsAre("203.0.113.21", "203.0.113.22"));
  EXPECT_EQ(a.ttl, 60);
  EXPECT_EQ(a.disagreement, "");
  EXPECT_THAT(LookUp(eyes, "xmpp.contoso.test", "AAAA").records, ElementsAre("2001:db8::21"));
  EXPECT_THAT(LookUp(eyes, "_xmpp-server._tcp.contoso.test", "SRV").records,
              ElementsAre("10 0 5269 xmpp.contoso.test"));
  EXPECT_THAT(LookUp(eyes, "note.contoso.test", "TXT").records, ElementsAre("a text"));
  const Answer none = LookUp(eyes, "nothing.contoso.test", "A");
  EXPECT_EQ(none.state, State::kOpen) << none.evidence;
  EXPECT_FALSE(none.found);
  const Answer refused = LookUp(eyes, "www.fabrikam.test", "A");
  EXPECT_EQ(refused.state, State::kBlind);
  EXPECT_THAT(refused.evidence, HasSubstr("answers REFUSED"));
}

TEST_F(LiveResolver, ResolversThatDiffer) {
  const Named first(scratch(), {"xmpp A 203.0.113.21"});
  const Named second(scratch(), {"xmpp A 203.0.113.11"});
  Eyes eyes = MakeEyes();
  eyes.resolvers = {{first.address(), first.port()}, {second.address(), second.port()}};
  const Answer answer = LookUp(eyes, "xmpp.contoso.test", "A");
  EXPECT_THAT(answer.records, ElementsAre("203.0.113.21"));
  EXPECT_THAT(answer.disagreement, HasSubstr("has 203.0.113.21"));
  EXPECT_THAT(answer.disagreement, HasSubstr("has 203.0.113.11"));
}

TEST_F(LiveResolver, SilentResolverIsNoFinding) {
  Named server(scratch(), {"xmpp A 203.0.113.21"});
  server.program().Kill();
  Eyes eyes = MakeEyes();
  eyes.resolvers = {{server.address(), server.port()}};
  const Answer answer = LookUp(eyes, "xmpp.contoso.test", "A");
  EXPECT_EQ(answer.state, State::kBlind);
  EXPECT_THAT(answer.evidence, HasSubstr(server.address()));
}

// A target that is named, not numbered: all its addresses, the best answer.
TEST_F(LiveResolver, HostOfTwoAddresses) {
  const Kamailio server(scratch(), Spec("edge"));
  const std::string closed = LoopbackAddress();
  const Named names(scratch(),
                    {"edge A " + server.address(), "edge A " + closed, "gone A " + closed});
  Eyes eyes = MakeEyes();
  eyes.resolvers = {{names.address(), names.port()}};
  const Answer both = LookAt(eyes, "edge.contoso.test", 5061, Speech::kSip, {"sip.contoso.test"});
  EXPECT_EQ(both.state, State::kOpen);
  EXPECT_TRUE(both.spoke) << both.evidence;
  EXPECT_THAT(both.evidence, HasSubstr(closed + " ECONNREFUSED"));
  EXPECT_EQ(LookAt(eyes, "gone.contoso.test", 5061, Speech::kTcp, {}).state, State::kRefused);
  EXPECT_EQ(LookAt(eyes, "no.contoso.test", 5061, Speech::kTcp, {}).state, State::kUnreachable);
}

}  // namespace
}  // namespace poolshift::probe::testing
