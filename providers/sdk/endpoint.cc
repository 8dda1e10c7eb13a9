#include "providers/sdk/endpoint.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include <google/protobuf/arena.h>

#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "controller/wire/handshake.h"
#include "controller/wire/provider_messages.h"
#include "controller/wire/provider_values.h"
#include "providers/sdk/results.h"
#include "providers/sdk/scrub.h"

namespace poolshift::sdk {
namespace {

namespace v1 = provider::v1;

bool IsLeaseWord(std::string_view word) {
  constexpr std::size_t kLongest = 64;
  return word.size() <= kLongest &&
         word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

constexpr int kBatch = 1000;
constexpr std::size_t kBatchBytes = 2U << 20U;  // a batch is sent when it has grown to this
constexpr std::size_t kLargest = (4U << 20U) - 4096;

grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), Scrubbed(std::string(status.message()))};
}

grpc::Status Invalid(const absl::Status& status) {
  return ToGrpc(absl::InvalidArgumentError(std::string(status.message())));
}

// "Unavailable" is what the channel says when the program is gone.
absl::Status SaidByService(const absl::Status& status) {
  return absl::IsUnavailable(status) ? absl::FailedPreconditionError(status.message()) : status;
}

// A little before the controller stops waiting, so that an answer still arrives.
absl::Time DeadlineOf(const grpc::ServerContext& context) {
  const absl::Time deadline = absl::FromChrono(context.deadline());
  const absl::Time now = absl::Now();
  if (deadline > now + absl::Hours(24)) return now + absl::Hours(24);
  return deadline - std::min(absl::Milliseconds(500), (deadline - now) / 10);
}

absl::StatusOr<Configuration> Decode(const v1::ConfigureRequest& request) {
  Configuration configuration;
  configuration.organization = request.organization();
  configuration.provider_name = request.provider_name();
  POOLSHIFT_ASSIGN(configuration.configuration, wire::DecodeValue(request.configuration()));
  if (configuration.configuration.is_null()) configuration.configuration = Value::Map{};
  for (const auto& [name, reference] : request.secrets()) {
    POOLSHIFT_ASSIGN(SecretRef secret, SecretRef::Parse(reference.reference()));
    configuration.secrets.emplace(name, std::move(secret));
  }
  configuration.state_directory = request.state_directory();
  configuration.base_directory = request.base_directory();
  configuration.vantages.assign(request.vantages().begin(), request.vantages().end());
  return configuration;
}

// Sends items of a stream in batches that stay small enough.
template <typename Response>
class Batcher {
 public:
  explicit Batcher(grpc::ServerWriter<Response>* writer) : writer_(writer) {}

  Response& batch() { return *batch_; }

  // After each item. Unavailable when nobody listens any more.
  absl::Status Added(std::size_t bytes) {
    bytes_ += bytes;
    if (bytes > kLargest) return absl::InternalError("one item is larger than a message may be");
    if (++count_ < kBatch && bytes_ < kBatchBytes) return absl::OkStatus();
    return Flush();
  }

  absl::Status Flush() {
    if (count_ == 0) return absl::OkStatus();
    const bool sent = writer_->Write(*batch_);
    arena_.Reset();
    batch_ = google::protobuf::Arena::CreateMessage<Response>(&arena_);
    count_ = 0;
    bytes_ = 0;
    return sent ? absl::OkStatus()
                : absl::UnavailableError("the controller does not listen any more");
  }

 private:
  grpc::ServerWriter<Response>* const writer_;
  google::protobuf::Arena arena_;
  Response* batch_ = google::protobuf::Arena::CreateMessage<Response>(&arena_);
  int count_ = 0;
  std::size_t bytes_ = 0;
};

absl::StatusOr<std::vector<ObservationKey>> DecodeKeys(const v1::ObserveRequest& request) {
  if (request.keys_size() > kBatch) {
    return absl::InvalidArgumentError("more than " + std::to_string(kBatch) + " keys at once");
  }
  std::vector<ObservationKey> keys;
  for (const v1::ObservationKey& key : request.keys()) {
    POOLSHIFT_ASSIGN(ObservationKey decoded, wire::DecodeKey(key));
    keys.push_back(std::move(decoded));
  }
  return keys;
}

absl::Status SendObservations(const std::vector<ObservationKey>& keys,
                              const std::vector<Observation>& observations,
                              grpc::ServerWriter<v1::ObserveResponse>* writer) {
  Batcher<v1::ObserveResponse> batcher(writer);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    v1::Observation& added = *batcher.batch().add_observations();
    POOLSHIFT_TRY(wire::EncodeObservation({keys[i], observations[i]}, added));
    added.set_reason(Scrubbed(added.reason()));
    POOLSHIFT_TRY(batcher.Added(added.ByteSizeLong()));
  }
  return batcher.Flush();
}

class GrpcCall final : public CancellableCall {
 public:
  GrpcCall(grpc::ServerContext& context, grpc::ServerWriter<v1::ApplyResponse>& writer)
      : context_(context), writer_(writer), deadline_(DeadlineOf(context)) {}

  void Progress(std::string_view line) override {
    v1::ApplyResponse response;
    response.mutable_progress()->set_line(Scrubbed(line.substr(0, 65536)));
    const std::lock_guard lock(mutex_);
    writer_.Write(response);
  }
  bool cancelled() const override {
    return CancellableCall::cancelled() || context_.IsCancelled() || absl::Now() > deadline_;
  }
  absl::Time deadline() const override { return deadline_; }

 private:
  grpc::ServerContext& context_;
  grpc::ServerWriter<v1::ApplyResponse>& writer_;
  const absl::Time deadline_;
  std::mutex mutex_;
};

}  // namespace

grpc::Status ReadingEndpoint::Configure(grpc::ServerContext*,
                                        const v1::ConfigureRequest* request,
                                        v1::ConfigureResponse* response) {
  const std::lock_guard lock(mutex_);
  if (asked_) return {grpc::StatusCode::FAILED_PRECONDITION, "it is configured once only"};
  asked_ = true;
  auto configuration = Decode(*request);
  if (!configuration.ok()) return Invalid(configuration.status());
  configuration->read_only = mode() == Ledger::Mode::kReading;
  for (const std::string& problem : SetUp(*configuration))
    response->add_problems(Scrubbed(problem));
  configured_ = response->problems().empty();
  return grpc::Status::OK;
}

std::vector<std::string> ReadingEndpoint::SetUp(const Configuration& configuration) {
  organization_ = configuration.organization;
  if (organization_.empty()) return {"the organisation has no name"};
  std::vector<std::string> problems = service_->Configure(configuration);
  if (!problems.empty()) return problems;
  Description description = service_->Describe();
  for (const std::string& fault : Faults(description)) {
    problems.push_back("the provider's description is wrong: " + fault);
  }
  if (!problems.empty()) return problems;
  witness_ = std::make_unique<Witness>(*service_, std::move(description));
  const absl::Status opened = OpenLedger(configuration);
  if (!opened.ok()) return {std::string(opened.message())};
  runner_ = std::make_unique<ActionRunner>(*service_, *witness_, *ledger_);
  return {};
}

absl::Status ReadingEndpoint::OpenLedger(const Configuration& configuration) {
  std::string directory = configuration.state_directory;
  if (directory.empty()) {
    if (mode() == Ledger::Mode::kWriting) {
      return absl::InvalidArgumentError("a provider that may write needs a state directory");
    }
    directory = "/nonexistent";
  }
  // Two organisations never share keys or tokens, whatever the directories are.
  const std::string path = directory + "/ledger-" + Digest(organization_).substr(0, 16);
  POOLSHIFT_ASSIGN(ledger_, Ledger::Open(path, mode()));
  return absl::OkStatus();
}

grpc::Status ReadingEndpoint::Ready(const std::string& organization) {
  const std::lock_guard lock(mutex_);
  if (!configured_) return {grpc::StatusCode::FAILED_PRECONDITION, "it is not configured"};
  if (organization == organization_) return grpc::Status::OK;
  return {
      grpc::StatusCode::INVALID_ARGUMENT,
      "it serves organisation `" + organization_ + "`, and was asked about `" + organization + "`"};
}

grpc::Status ReadingEndpoint::Describe(grpc::ServerContext*,
                                       const v1::DescribeRequest*,
                                       v1::DescribeResponse* response) {
  const grpc::Status ready = Ready(organization_);
  if (!ready.ok()) return ready;
  const Description& description = witness_->description();
  response->set_type(description.type);
  response->set_version(description.version);
  for (const KindSchema& kind : description.kinds)
    wire::EncodeSchema(kind, *response->add_kinds());
  response->set_fenced(description.fenced);
  response->set_exports(description.exports);
  for (const std::string& remark : description.remarks)
    response->add_remarks(Scrubbed(remark));
  for (int version = wire::kLowestVersion; version <= wire::kHighestVersion; ++version) {
    response->add_protocol_versions(version);
  }
  return grpc::Status::OK;
}

grpc::Status ReadingEndpoint::Observe(grpc::ServerContext* context,
                                      const v1::ObserveRequest* request,
                                      grpc::ServerWriter<v1::ObserveResponse>* writer) {
  const grpc::Status ready = Ready(request->organization());
  if (!ready.ok()) return ready;
  const auto keys = DecodeKeys(*request);
  if (!keys.ok()) return Invalid(keys.status());
  const auto observations = witness_->Look(*keys, DeadlineOf(*context));
  if (!observations.ok()) return ToGrpc(observations.status());
  return ToGrpc(SendObservations(*keys, *observations, writer));
}

grpc::Status ReadingEndpoint::List(grpc::ServerContext* context,
                                   const v1::ListRequest* request,
                                   grpc::ServerWriter<v1::ListResponse>* writer) {
  const grpc::Status ready = Ready(request->organization());
  if (!ready.ok()) return ready;
  const auto entities = service_->List(DeadlineOf(*context));
  if (!entities.ok()) return ToGrpc(SaidByService(entities.status()));
  Batcher<v1::ListResponse> batcher(writer);
  for (const Listed& entity : *entities) {
    v1::Listed& added = *batcher.batch().add_entities();
    absl::Status status = wire::EncodeListed(entity, added);
    if (status.ok()) status = batcher.Added(added.ByteSizeLong());
    if (!status.ok()) return ToGrpc(status);
  }
  return ToGrpc(batcher.Flush());
}

grpc::Status ReadingEndpoint::Export(grpc::ServerContext* context,
                                     const v1::ExportRequest* request,
                                     grpc::ServerWriter<v1::ExportResponse>* writer) {
  constexpr std::size_t kPart = std::size_t{1} << 20U;
  const grpc::Status ready = Ready(request->organization());
  if (!ready.ok()) return ready;
  const auto files = service_->Export(DeadlineOf(*context));
  if (!files.ok()) return ToGrpc(SaidByService(files.status()));
  for (const ExportedFile& file : *files) {
    for (std::size_t at = 0; at == 0 || at < file.content.size(); at += kPart) {
      v1::ExportResponse part;
      part.set_name(file.name);
      part.set_content(file.content.substr(at, kPart));
      if (!writer->Write(part)) return {grpc::StatusCode::UNAVAILABLE, "nobody listens any more"};
    }
  }
  return grpc::Status::OK;
}

grpc::Status ReadingEndpoint::Preview(grpc::ServerContext*,
                                      const v1::PreviewRequest* request,
                                      grpc::ServerWriter<v1::PreviewResponse>* writer) {
  const grpc::Status ready = Ready(request->organization());
  if (!ready.ok()) return ready;
  Batcher<v1::PreviewResponse> batcher(writer);
  for (const v1::Action& wire : request->actions()) {
    const auto action = wire::DecodeAction(wire);
    if (!action.ok()) return Invalid(action.status());
    if (const absl::Status admitted = witness_->Admits(*action); !admitted.ok())
      return Invalid(admitted);
    v1::PreviewResponse::Commands& commands = *batcher.batch().add_commands();
    for (const std::string& line : service_->Preview(*action))
      commands.add_lines(Scrubbed(line));
    const absl::Status added = batcher.Added(commands.ByteSizeLong());
    if (!added.ok()) return ToGrpc(added);
  }
  return ToGrpc(batcher.Flush());
}

grpc::Status ReadingEndpoint::Apply(grpc::ServerContext*,
                                    const v1::ApplyRequest*,
                                    grpc::ServerWriter<v1::ApplyResponse>*) {
  return {grpc::StatusCode::PERMISSION_DENIED, "it was launched read-only; nothing was changed"};
}

grpc::Status WritingEndpoint::Apply(grpc::ServerContext* context,
                                    const v1::ApplyRequest* request,
                                    grpc::ServerWriter<v1::ApplyResponse>* writer) {
  const grpc::Status ready = Ready(request->organization());
  if (!ready.ok()) return ready;
  auto action = wire::DecodeAction(request->action());
  if (!action.ok()) return Invalid(action.status());
  GrpcCall call(*context, *writer);
  const Order order{request->key(), request->token(), *std::move(action)};
  const Result result = runner().Run(order, call);
  v1::ApplyResponse response;
  *response.mutable_result() = EncodeResult(result, order.action.target);
  writer->Write(response);
  return grpc::Status::OK;
}

grpc::Status ReadingEndpoint::Lookup(grpc::ServerContext* context,
                                     const v1::LookupRequest* request,
                                     v1::LookupResponse* response) {
  const grpc::Status ready = Ready(request->organization());
  if (!ready.ok()) return ready;
  const auto found = runner_->Lookup(request->key(), DeadlineOf(*context));
  if (absl::IsNotFound(found.status())) return grpc::Status::OK;
  if (!found.ok()) return ToGrpc(found.status());
  response->set_found(true);
  *response->mutable_result() = EncodeResult(found->result, found->target);
  response->set_token(found->token);
  return grpc::Status::OK;
}

grpc::Status ReadingEndpoint::Fence(grpc::ServerContext* context,
                                    const v1::FenceRequest* request,
                                    v1::FenceResponse* response) {
  const grpc::Status ready = Ready(request->organization());
  if (!ready.ok()) return ready;
  if (request->token() != 0 && mode() == Ledger::Mode::kReading) {
    return {grpc::StatusCode::PERMISSION_DENIED, "it was launched read-only; nothing was changed"};
  }
  if (!IsLeaseWord(request->lease())) {
    return {grpc::StatusCode::INVALID_ARGUMENT,
            "`lease` is not at most 64 of the letters 0-9 and a-f; nothing was changed"};
  }
  const auto answer = runner_->Fence({request->token(), request->lease()}, DeadlineOf(*context));
  if (!answer.ok()) return ToGrpc(answer.status());
  response->set_token(answer->greatest);
  response->set_stood(answer->stood);
  return grpc::Status::OK;
}

grpc::Status ReadingEndpoint::Cancel(grpc::ServerContext*,
                                     const v1::CancelRequest* request,
                                     v1::CancelResponse*) {
  const std::lock_guard lock(mutex_);
  if (configured_) runner_->Cancel(request->key());
  return grpc::Status::OK;
}

void ReadingEndpoint::CancelAll() {
  const std::lock_guard lock(mutex_);
  if (configured_) runner_->CancelAll();
}

}  // namespace poolshift::sdk
