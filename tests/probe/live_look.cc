#include "tests/probe/live_look.h"

#include <csignal>

namespace poolshift::probe::testing {

void LiveLook::SetUpTestSuite() {
  std::signal(SIGPIPE, SIG_IGN);
  scratch_ = std::make_unique<conformance::Scratch>();
  authority_ = std::make_unique<Authority>(*scratch_, "partners");
  authority_->Issue("probe", "DNS:probe.test");
  authority_->Issue("edge", "DNS:contoso.test,DNS:sip.contoso.test");
  authority_->Issue("wrong", "DNS:wrong.test");
  authority_->Issue("expired", "DNS:contoso.test,DNS:sip.contoso.test", -1);
}

void LiveLook::TearDownTestSuite() {
  authority_.reset();
  scratch_.reset();
}

Eyes LiveLook::MakeEyes(bool shows_certificate) {
  Eyes eyes;
  eyes.from = "probe.test";
  eyes.shows_certificate = shows_certificate;
  TlsFiles files;
  files.trust = authority_->file();
  if (shows_certificate) {
    files.certificate = scratch_->Path("probe.pem");
    files.key = scratch_->Path("probe.key");
  }
  absl::StatusOr<TlsContext> context = MakeTlsContext(files, false, false);
  EXPECT_TRUE(context.ok()) << context.status();
  if (context.ok()) eyes.context = *std::move(context);
  return eyes;
}

Answer LiveLook::LookAt(const Eyes& eyes,
                        const std::string& address,
                        int port,
                        Speech speech,
                        std::vector<std::string> names) {
  Question question;
  question.host = address;
  question.port = port;
  question.speech = speech;
  question.names = std::move(names);
  return Look(eyes, question, {absl::Seconds(5), absl::InfiniteFuture()});
}

}  // namespace poolshift::probe::testing
