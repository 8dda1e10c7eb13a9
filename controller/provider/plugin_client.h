// PluginClient: the provider protocol from the controller's side. It trusts no answer: one
// observation for each key and none for others, known values only, one result, sizes, UTF-8.
// (Whether contents keep to their schemas is looked at by Checked.) Private to this floor: plugin.h
// is the way in. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "controller/provider/errands.h"
#include "controller/provider/observe_call.h"
#include "controller/provider/plugin.h"
#include "controller/provider/plugin_process.h"
#include "controller/provider/preview_call.h"
#include "controller/provider/provider.h"
#include "controller/world/clock.h"
#include "poolshift/provider/v1/provider.pb.h"

namespace poolshift {

class PluginClient final : public Provider {
 public:
  PluginClient(const Clock& clock,
               const PluginOptions& options,
               std::unique_ptr<PluginProcess> process);

  // Once, first. Waits until the program has started: gRPC starts on this side meanwhile.
  absl::Status Configure(const PluginConfiguration& configuration);

  absl::StatusOr<ProviderDescription> Describe() override;
  absl::StatusOr<std::vector<Observation>> Observe(const std::vector<ObservationKey>& keys,
                                                   absl::Duration deadline) override;
  absl::StatusOr<std::vector<Listed>> List(absl::Duration deadline) override;
  absl::StatusOr<std::vector<ExportedFile>> Export(absl::Duration deadline) override;
  absl::StatusOr<std::vector<std::vector<std::string>>> Preview(const std::vector<Action>& actions,
                                                                absl::Duration deadline) override;
  ApplyResult Apply(const ApplyRequest& request, const ProgressSink& progress) override;
  absl::StatusOr<FenceAnswer> Fence(const FenceClaim& claim, absl::Duration deadline) override;
  absl::StatusOr<ApplyResult> Lookup(const std::string& key, absl::Duration deadline) override;
  void Cancel(const std::string& key) override;

 private:
  using Commands = std::vector<std::vector<std::string>>;

  absl::Status Call(const char* name,
                    const google::protobuf::Message& request,
                    google::protobuf::Message& response,
                    absl::Duration deadline);
  // Until all answers of the call are there. Several calls may be under way at once.
  absl::Status AskAndRead(ObserveCall& call, absl::Duration deadline);
  absl::Status FinishPreview(PreviewCall& call, Commands& commands);
  absl::Status ReadApply(const ApplyRequest& request,
                         const ProgressSink& progress,
                         std::optional<provider::v1::Result>& result);
  // With the time of arrival and the provider's name.
  ApplyResult Stamped(ApplyResult result) const;

  const Clock& clock_;
  const std::string name_;
  const std::string type_;
  const std::string who_;
  std::string organization_;
  const std::unique_ptr<PluginProcess> process_;
  const std::shared_ptr<grpc::Channel> channel_;  // destroyed before the process is ended
  rpc::Errands errands_;                          // ended before their channel is
};

}  // namespace poolshift
