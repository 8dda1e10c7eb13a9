// A provider program that breaks one promise: the one that its own name says,
// "poolshift-provider-<fault>". As `named` and `backwards` it breaks none: it shows each resource
// with its own name, in the order of the keys or from the last to the first. It is written against
// the protocol, without the SDK, which would not let it.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>
#include <grpcpp/server_posix.h>

#include "controller/model/digest.h"
#include "controller/wire/handshake.h"
#include "controller/wire/provider_values.h"
#include "poolshift/provider/v1/provider.grpc.pb.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

extern char** environ;

namespace poolshift {
namespace {

namespace v1 = provider::v1;

void WaitUntilCancelled(grpc::ServerContext* context) {
  while (!context->IsCancelled())
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

// {"value": "on"}: what every resource of this provider is.
Value Content() { return Value::Map{{"value", "on"}}; }

void Fill(const v1::ResourceId& id, const Value& content, v1::Observation& out) {
  *out.mutable_key()->mutable_id() = id;
  out.set_presence(v1::PRESENCE_PRESENT);
  (void)wire::EncodeValue(content, *out.mutable_properties());
  out.set_revision(RevisionOf(content));
}

void Nest(int depth, v1::Value& value) {
  v1::Value* at = &(*value.mutable_map()->mutable_members())["value"];
  for (int i = 1; i < depth; ++i)
    at = at->mutable_list()->add_items();
  at->set_text("deep");
}

class Misbehaving final : public v1::Provider::Service {
 public:
  explicit Misbehaving(std::string fault) : fault_(std::move(fault)) {}

  grpc::Status Configure(grpc::ServerContext*,
                         const v1::ConfigureRequest*,
                         v1::ConfigureResponse* response) override {
    if (fault_ == "configuration") {
      response->add_problems("`server` is missing");
      response->add_problems("`port` is no number");
    }
    if (fault_ == "environment") {
      for (char** entry = environ; *entry != nullptr; ++entry)
        std::cerr << "ENV " << *entry << std::endl;
      for (int i = 0; i < 200; ++i) {
        if (::fcntl(i, F_GETFD) >= 0) std::cerr << "FD " << i << std::endl;
      }
    }
    if (fault_ == "talkative") {
      std::cout << "POOLSHIFT-PROVIDER 9 9 to stdout" << std::endl;
      std::cerr << "\x1b[31mred\x1b[0m" << std::endl << "not ended";
      std::cerr.flush();
    }
    if (fault_ == "forking") {
      const pid_t child = ::fork();
      if (child == 0) {
        for (;;)
          ::pause();
      }
      std::cerr << "CHILD " << child << std::endl;
    }
    return grpc::Status::OK;
  }

  grpc::Status Describe(grpc::ServerContext*,
                        const v1::DescribeRequest*,
                        v1::DescribeResponse* response) override {
    response->set_type(fault_ == "type-lie" ? "sim" : fault_);
    response->set_version("1");
    if (fault_ == "no-kinds") return grpc::Status::OK;
    for (int i = 0; i < (fault_ == "kind-twice" ? 2 : 1); ++i) {
      v1::KindSchema& kind = *response->add_kinds();
      // `liar` offers a kind that a whole organisation asks for.
      kind.set_kind(fault_ == "liar" ? "AccessConfig" : "Switch");
      kind.set_writable(true);
      v1::PropertySchema& property = *kind.add_properties();
      property.set_name("value");
      property.set_type(fault_ == "property-type" ? static_cast<v1::PropertySchema::Type>(77)
                                                  : v1::PropertySchema::STRING);
      property.set_required(true);
    }
    return grpc::Status::OK;
  }

  grpc::Status Observe(grpc::ServerContext* context,
                       const v1::ObserveRequest* request,
                       grpc::ServerWriter<v1::ObserveResponse>* writer) override {
    if (fault_ == "crash-in-observe") std::abort();
    if (fault_ == "hang-in-observe") WaitUntilCancelled(context);
    v1::ObserveResponse response;
    for (const v1::ObservationKey& key : request->keys())
      Answer(key, response);
    if (fault_ == "backwards") {
      auto& seen = *response.mutable_observations();
      std::reverse(seen.pointer_begin(), seen.pointer_end());
    }
    if (fault_ == "missing") response.mutable_observations()->RemoveLast();
    writer->Write(response);
    return grpc::Status::OK;
  }

  grpc::Status Preview(grpc::ServerContext*,
                       const v1::PreviewRequest* request,
                       grpc::ServerWriter<v1::PreviewResponse>* writer) override {
    v1::PreviewResponse response;
    for (const v1::Action& action : request->actions())
      response.add_commands()->add_lines(IsHonest() ? "set " + action.target().name()
                                                    : "set \x1b[31m");
    if (fault_ == "preview-too-many") response.add_commands();
    if (fault_ == "preview-too-few") response.clear_commands();
    writer->Write(response);
    return grpc::Status::OK;
  }

  grpc::Status Export(grpc::ServerContext*,
                      const v1::ExportRequest*,
                      grpc::ServerWriter<v1::ExportResponse>* writer) override {
    std::vector<std::string> parts = {"a.zip", "a.zip", "b.xml"};
    if (fault_ == "export-nothing") parts.clear();
    if (fault_ == "export-path") parts = {"../../etc/passwd"};
    if (fault_ == "export-hidden") parts = {".profile"};
    if (fault_ == "export-mixed") parts = {"a.zip", "b.xml", "a.zip"};
    if (fault_ == "export-many") parts.clear();
    for (int i = 0; fault_ == "export-many" && i <= 100; ++i)
      parts.push_back("file" + std::to_string(i));
    for (const std::string& name : parts) {
      v1::ExportResponse part;
      part.set_name(name);
      part.set_content(fault_ == "export-empty" ? "" : "of " + name + ';');
      writer->Write(part);
    }
    return grpc::Status::OK;
  }

  grpc::Status Apply(grpc::ServerContext* context,
                     const v1::ApplyRequest* request,
                     grpc::ServerWriter<v1::ApplyResponse>* writer) override {
    if (fault_ == "crash-in-apply") std::abort();
    if (fault_ == "hang-in-apply") WaitUntilCancelled(context);
    v1::ApplyResponse progress, answer;
    progress.mutable_progress()->set_line("half \x1b[31mway");
    writer->Write(progress);
    if (fault_ == "no-result") return grpc::Status::OK;
    Conclude(*request, *answer.mutable_result());
    writer->Write(answer);
    if (fault_ == "two-results") writer->Write(answer);
    if (fault_ == "late-progress") writer->Write(progress);
    return grpc::Status::OK;
  }

 private:
  bool IsHonest() const { return fault_ == "named" || fault_ == "backwards"; }

  void Answer(const v1::ObservationKey& key, v1::ObserveResponse& response) {
    v1::Observation& seen = *response.add_observations();
    Fill(key.id(), IsHonest() ? Value::Map{{"value", key.id().name()}} : Content(), seen);
    seen.mutable_key()->set_vantage(key.vantage());
    if (fault_ == "foreign" || fault_ == "liar")
      seen.mutable_key()->mutable_id()->set_name("someone-elses");
    if (fault_ == "twice") *response.add_observations() = v1::Observation(seen);
    if (fault_ == "bad-utf8") seen.set_reason("\xff\xfe");
    if (fault_ == "unknown-presence") seen.set_presence(static_cast<v1::Presence>(9));
    if (fault_ == "oversized") seen.set_reason(std::string(5U << 20U, 'x'));
    if (fault_ == "deep") Nest(31, *seen.mutable_properties());
    if (fault_ == "bottomless") Nest(3000, *seen.mutable_properties());
    if (fault_ == "wrong-revision") seen.set_revision(std::string(64, 'a'));
    if (fault_ == "absent-with-content") seen.set_presence(v1::PRESENCE_ABSENT);
    auto& members = *seen.mutable_properties()->mutable_map()->mutable_members();
    if (fault_ == "wrong-type") members["value"].set_integer(7);
    if (fault_ == "extra-property") members["more"].set_boolean(true);
    if (fault_ == "missing-property") members.erase("value");
  }

  void Conclude(const v1::ApplyRequest& request, v1::Result& result) {
    result.set_outcome(v1::Result::DONE);
    Fill(request.action().target(), Value::Map{{"value", "off"}}, *result.mutable_observation());
    if (fault_ == "unknown-outcome") result.set_outcome(static_cast<v1::Result::Outcome>(99));
    if (fault_ == "no-observation") result.clear_observation();
    if (fault_ == "no-effect")
      Fill(request.action().target(), Content(), *result.mutable_observation());
    if (fault_ == "foreign-result")
      result.mutable_observation()->mutable_key()->mutable_id()->set_name("other");
    if (fault_ == "result-revision") result.mutable_observation()->set_revision("");
  }

  const std::string fault_;
};

void Say(const std::string& line) {
  (void)::send(wire::kControlDescriptor, line.data(), line.size(), MSG_NOSIGNAL);
}

std::string HandshakeFor(const std::string& fault) {
  if (fault == "garbage") return "\x1b[2JHello, world!\n";
  if (fault == "endless-handshake") return std::string(5000, 'x');
  wire::Handshake handshake;
  handshake.type = fault == "wrong-name" ? "sim" : fault;
  handshake.program_version = "1";
  if (fault == "later-version") handshake.lowest = handshake.highest = 7;
  return wire::EncodeHandshake(handshake);
}

void RunFaultsOfStart(const std::string& fault) {
  if (fault == "crash-at-start") std::raise(SIGSEGV);
  if (fault == "early-exit") {
    std::cerr << "licence expired" << std::endl;
    std::exit(3);
  }
  while (fault == "silent")
    ::pause();
}

int Run(const std::string& fault) {
  RunFaultsOfStart(fault);
  ::signal(SIGPIPE, SIG_IGN);
  Misbehaving service(fault);
  grpc::ServerBuilder builder;
  builder.SetMaxReceiveMessageSize(-1);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  grpc::AddInsecureChannelFromFd(server.get(), wire::kChannelDescriptor);
  Say(HandshakeFor(fault));
  char byte;
  while (fault == "deaf")
    ::pause();
  (void)!::read(wire::kControlDescriptor, &byte, 1);
  std::_Exit(0);
}

}  // namespace
}  // namespace poolshift

int main(int, char** argv) {
  const std::string name = argv[0];
  return poolshift::Run(name.substr(std::string("poolshift-provider-").size()));
}
