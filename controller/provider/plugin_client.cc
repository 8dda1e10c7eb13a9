#include "controller/provider/plugin_client.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include <google/protobuf/arena.h>
#include <grpcpp/create_channel_posix.h>

#include "controller/model/try.h"
#include "controller/provider/answers.h"
#include "controller/provider/observe_call.h"
#include "controller/provider/preview_call.h"
#include "controller/provider/printable.h"
#include "controller/provider/rpc.h"
#include "controller/provider/violation.h"
#include "controller/wire/provider_messages.h"
#include "controller/wire/provider_values.h"

namespace poolshift {
namespace {

namespace v1 = provider::v1;

constexpr std::size_t kBatch = 1000;
constexpr std::size_t kMostListed = 1'000'000;
constexpr std::size_t kBatchBytes = 2U << 20U;
constexpr std::size_t kCallsAtOnce = 2;
constexpr absl::Duration kSetUpDeadline = absl::Seconds(30);

std::string Path(const char* call) {
  return std::string("/poolshift.provider.v1.Provider/") + call;
}

std::shared_ptr<grpc::Channel> MakeChannel(PluginProcess& process) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(rpc::kLargestMessage);
  // A lost Apply is settled by Lookup, never by sending it again unseen.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // A whole answer fits: the provider never waits for this side to read.
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, rpc::kLargestMessage);
  return grpc::CreateCustomInsecureChannelFromFd("plugin", process.TakeChannel(), arguments);
}

}  // namespace

PluginClient::PluginClient(const Clock& clock,
                           const PluginOptions& options,
                           std::unique_ptr<PluginProcess> process)
    : clock_(clock),
      name_(options.name),
      type_(options.type),
      who_(PluginTitle(options.name, options.type)),
      process_(std::move(process)),
      channel_(MakeChannel(*process_)),
      errands_(*channel_) {}

absl::Status PluginClient::Call(const char* name,
                                const google::protobuf::Message& request,
                                google::protobuf::Message& response,
                                absl::Duration deadline) {
  grpc::ByteBuffer sent, received;
  POOLSHIFT_TRY(rpc::Serialize(request, sent));
  grpc::ClientContext context;
  rpc::SetDeadline(context, deadline);
  const grpc::Status status =
      rpc::CallUnary(*channel_, Path(name).c_str(), context, sent, received);
  if (!status.ok()) return ExplainFailure(who_, *process_, name, status, deadline);
  const absl::Status parsed = rpc::Parse(received, response);
  return parsed.ok() ? parsed : Lie(who_, name, parsed);
}

absl::Status PluginClient::Configure(const PluginConfiguration& configuration) {
  POOLSHIFT_TRY(process_->Greet());
  organization_ = configuration.organization;
  v1::ConfigureRequest request;
  request.set_organization(organization_);
  request.set_provider_name(name_);
  POOLSHIFT_TRY(wire::EncodeValue(configuration.configuration, *request.mutable_configuration()));
  for (const auto& [name, secret] : configuration.secrets) {
    (*request.mutable_secrets())[name].set_reference(secret.Reference());
  }
  request.set_state_directory(configuration.state_directory);
  request.set_base_directory(configuration.base_directory);
  for (const std::string& vantage : configuration.vantages)
    request.add_vantages(vantage);
  v1::ConfigureResponse response;
  POOLSHIFT_TRY(Call("Configure", request, response, kSetUpDeadline));
  if (response.problems().empty()) return absl::OkStatus();
  std::string text = who_ + " cannot work with its configuration:";
  for (const std::string& problem : response.problems())
    text += "\n  " + Printable(problem);
  return absl::InvalidArgumentError(text);
}

absl::StatusOr<ProviderDescription> PluginClient::Describe() {
  v1::DescribeResponse response;
  POOLSHIFT_TRY(Call("Describe", v1::DescribeRequest(), response, kSetUpDeadline));
  if (response.type() != type_) {
    return Violation(
        who_, "Describe", "it says that it is of type `" + Printable(response.type()) + "`");
  }
  ProviderDescription description;
  description.type = response.type();
  description.version = Printable(response.version());
  description.fenced = response.fenced();
  description.exports = response.exports();
  for (const std::string& remark : response.remarks())
    description.remarks.push_back(Printable(remark));
  for (const v1::KindSchema& kind : response.kinds()) {
    auto schema = wire::DecodeSchema(kind);
    if (!schema.ok()) return Lie(who_, "Describe", schema.status());
    description.kinds.push_back(*std::move(schema));
  }
  return description;
}

absl::StatusOr<std::vector<Observation>> PluginClient::Observe(
    const std::vector<ObservationKey>& keys, absl::Duration deadline) {
  const absl::Duration until = clock_.Elapsed() + deadline;
  std::deque<ObserveCall> calls;
  for (std::size_t begin = 0; begin < keys.size(); begin += kBatch)
    calls.emplace_back(std::span(keys).subspan(begin, std::min(kBatch, keys.size() - begin)));
  std::vector<absl::Status> ends(calls.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < calls.size(); i = next++) {
      ends[i] = AskAndRead(calls[i], until - clock_.Elapsed());
      if (!ends[i].ok()) next = calls.size();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(kCallsAtOnce, calls.size()); ++i)
      others.emplace_back(work);
    work();
  }
  for (const absl::Status& end : ends)
    POOLSHIFT_TRY(end);
  std::vector<Observation> observations;
  observations.reserve(keys.size());
  for (ObserveCall& call : calls) {
    for (Observation& answer : call.TakeAnswers())
      observations.push_back(std::move(answer));
  }
  return observations;
}

absl::Status PluginClient::AskAndRead(ObserveCall& call, absl::Duration deadline) {
  POOLSHIFT_TRY(call.Send(*channel_, organization_, deadline));
  const absl::Status trouble = call.Wait([this](Observation& observation) {
    observation.at = clock_.Now();
    observation.provider = name_;
    observation.reason = Printable(observation.reason);
  });
  if (!trouble.ok()) return Lie(who_, "Observe", trouble);
  if (!call.status().ok())
    return ExplainFailure(who_, *process_, "Observe", call.status(), call.deadline());
  const std::vector<const ObservationKey*> missing = call.Missing();
  if (missing.empty()) return absl::OkStatus();
  return Violation(who_,
                   "Observe",
                   "it did not answer for " + Printable(ToString(missing.front()->id)) +
                       ", one of " + std::to_string(missing.size()) + " that are missing");
}

absl::StatusOr<std::vector<Listed>> PluginClient::List(absl::Duration deadline) {
  v1::ListRequest request;
  request.set_organization(organization_);
  grpc::ByteBuffer sent, received;
  POOLSHIFT_TRY(rpc::Serialize(request, sent));
  grpc::ClientContext context;
  rpc::SetDeadline(context, deadline);
  const rpc::Reader reader = rpc::CallStreaming(*channel_, Path("List").c_str(), context, sent);
  std::vector<Listed> entities;
  absl::Status trouble;
  while (trouble.ok() && reader->Read(&received)) {
    v1::ListResponse response;
    trouble = rpc::Parse(received, response);
    for (int i = 0; trouble.ok() && i < response.entities_size(); ++i) {
      absl::StatusOr<Listed> entity = wire::DecodeListed(response.entities(i));
      trouble = entity.status();
      if (trouble.ok()) entities.push_back(*std::move(entity));
    }
    if (trouble.ok() && entities.size() > kMostListed)
      trouble = absl::InvalidArgumentError("it listed more than " + std::to_string(kMostListed));
  }
  if (!trouble.ok()) context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (!trouble.ok()) return Lie(who_, "List", trouble);
  if (!status.ok()) return ExplainFailure(who_, *process_, "List", status, deadline);
  return entities;
}

absl::StatusOr<std::vector<std::vector<std::string>>> PluginClient::Preview(
    const std::vector<Action>& actions, absl::Duration deadline) {
  const absl::Duration until = clock_.Elapsed() + deadline;
  Commands commands;
  commands.reserve(actions.size());
  std::deque<PreviewCall> calls;
  for (std::size_t next = 0; next < actions.size();) {
    google::protobuf::Arena arena;
    auto& request = *google::protobuf::Arena::CreateMessage<v1::PreviewRequest>(&arena);
    request.set_organization(organization_);
    std::size_t bytes = 0;
    for (std::size_t count = 0; next < actions.size() && count < kBatch && bytes < kBatchBytes;
         ++count, ++next) {
      v1::Action& added = *request.add_actions();
      POOLSHIFT_TRY(wire::EncodeAction(actions[next], added));
      bytes += added.ByteSizeLong();
    }
    calls.emplace_back();
    POOLSHIFT_TRY(calls.back().Send(*channel_, request, until - clock_.Elapsed()));
    if (calls.size() < kCallsAtOnce) continue;
    POOLSHIFT_TRY(FinishPreview(calls.front(), commands));
    calls.pop_front();
  }
  for (PreviewCall& call : calls)
    POOLSHIFT_TRY(FinishPreview(call, commands));
  return commands;
}

absl::Status PluginClient::FinishPreview(PreviewCall& call, Commands& commands) {
  const std::size_t expected = commands.size() + call.actions();
  const absl::Status trouble = call.Wait(commands);
  if (!trouble.ok()) return Lie(who_, "Preview", trouble);
  if (commands.size() <= expected && !call.status().ok())
    return ExplainFailure(who_, *process_, "Preview", call.status(), call.deadline());
  if (commands.size() == expected) return absl::OkStatus();
  return Violation(who_,
                   "Preview",
                   "it was asked about " + std::to_string(call.actions()) +
                       " actions and answered for more or fewer");
}

ApplyResult PluginClient::Apply(const ApplyRequest& request, const ProgressSink& progress) {
  std::optional<v1::Result> result;
  const absl::Status read = ReadApply(request, progress, result);
  if (IsViolation(read)) return EffectUnknown(read);
  if (result.has_value())
    return Stamped(DecodeResult(who_, "Apply", *result, &request.action.target));
  if (read.ok()) return EffectUnknown(Violation(who_, "Apply", "it ended without a result"));
  ApplyResult lost = EffectUnknown(read);
  lost.effect_unknown = !IsRefusal(read);
  return lost;
}

absl::Status PluginClient::ReadApply(const ApplyRequest& request,
                                     const ProgressSink& progress,
                                     std::optional<v1::Result>& result) {
  v1::ApplyRequest wire;
  wire.set_organization(request.organization);
  wire.set_key(request.key);
  wire.set_token(request.token);
  POOLSHIFT_TRY(wire::EncodeAction(request.action, *wire.mutable_action()));
  grpc::ByteBuffer sent, received;
  const absl::Status serialized = rpc::Serialize(wire, sent);
  if (!serialized.ok()) return absl::InvalidArgumentError(std::string(serialized.message()));
  grpc::ClientContext context;
  rpc::SetDeadline(context, request.deadline);
  const rpc::Reader reader = rpc::CallStreaming(*channel_, Path("Apply").c_str(), context, sent);
  absl::Status trouble;
  while (trouble.ok() && reader->Read(&received)) {
    v1::ApplyResponse response;
    trouble = rpc::Parse(received, response);
    if (trouble.ok() && result.has_value()) {
      trouble = absl::InvalidArgumentError(response.has_result() ? "it gave two results"
                                                                 : "it went on after its result");
    }
    if (trouble.ok() && response.has_result()) result = response.result();
    if (trouble.ok() && response.has_progress() && progress)
      progress(Printable(response.progress().line()));
  }
  if (!trouble.ok()) context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (!trouble.ok()) return Lie(who_, "Apply", trouble);
  return status.ok() ? absl::OkStatus()
                     : ExplainFailure(who_, *process_, "Apply", status, request.deadline);
}

ApplyResult PluginClient::Stamped(ApplyResult result) const {
  if (!result.status.ok()) return result;
  result.observation.at = clock_.Now();
  result.observation.provider = name_;
  return result;
}

absl::StatusOr<ApplyResult> PluginClient::Lookup(const std::string& key, absl::Duration deadline) {
  v1::LookupRequest request;
  request.set_organization(organization_);
  request.set_key(key);
  v1::LookupResponse response;
  POOLSHIFT_TRY(Call("Lookup", request, response, deadline));
  if (!response.found()) return absl::NotFoundError(who_ + " never began an action under this key");
  ApplyResult result = Stamped(DecodeResult(who_, "Lookup", response.result(), nullptr));
  result.token = response.token();
  if (IsViolation(result.status)) return result.status;
  return result;
}

absl::StatusOr<FenceAnswer> PluginClient::Fence(const FenceClaim& claim, absl::Duration deadline) {
  v1::FenceRequest request;
  request.set_organization(organization_);
  request.set_token(claim.token);
  request.set_lease(claim.lease);
  v1::FenceResponse response;
  const absl::Status status = Call("Fence", request, response, deadline);
  if (absl::IsUnimplemented(status)) return FenceAnswer{};  // made before there was such a call
  if (!status.ok()) return status;
  if (response.token() != 0 && response.token() < claim.token)
    return Violation(who_, "Fence", "it answered with a smaller token");
  return FenceAnswer{response.token(), response.stood()};
}

void PluginClient::Cancel(const std::string& key) {
  v1::CancelRequest request;
  request.set_key(key);
  grpc::ByteBuffer sent;
  if (rpc::Serialize(request, sent).ok())
    errands_.Send(Path("Cancel"), std::move(sent), absl::Seconds(5));
}

}  // namespace poolshift
