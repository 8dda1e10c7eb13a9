// ControlService: the control API for callers whose identity their connection has proved.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

#include "controller/daemon/page_door.h"
#include "controller/daemon/roles.h"
#include "controller/gitops/desk.h"
#include "poolshift/control/v1/control.grpc.pb.h"

namespace poolshift {

struct Caller {
  std::string name;
  CallerRole role = CallerRole::kNone;
  std::string grantee;  // what --role calls them
};

// A call that may begin. It is over when `place` goes.
struct Admitted {
  Caller caller;
  std::shared_ptr<void> place;
};
// Who makes a call; an error: it ends so. Called from any thread.
using WhoCalls = std::function<absl::StatusOr<Admitted>(const grpc::ServerContext& context)>;

// Thread-safe, as gRPC wants it.
class ControlService final : public control::v1::Control::Service {
 public:
  // `desk` and `pages` (null: none are served) are borrowed.
  ControlService(WhoCalls who, Desk& desk, PageDoor* pages)
      : who_(std::move(who)), desk_(desk), pages_(pages) {}

  grpc::Status GetStatus(grpc::ServerContext* context,
                         const control::v1::GetStatusRequest* request,
                         control::v1::GetStatusResponse* response) override;
  grpc::Status GetPlan(grpc::ServerContext* context,
                       const control::v1::GetPlanRequest* request,
                       control::v1::GetPlanResponse* response) override;
  grpc::Status GetDrift(grpc::ServerContext* context,
                        const control::v1::GetDriftRequest* request,
                        control::v1::GetDriftResponse* response) override;
  grpc::Status Decide(grpc::ServerContext* context,
                      const control::v1::DecideRequest* request,
                      control::v1::DecideResponse* response) override;
  grpc::Status Pause(grpc::ServerContext* context,
                     const control::v1::PauseRequest* request,
                     control::v1::PauseResponse* response) override;
  grpc::Status Unpause(grpc::ServerContext* context,
                       const control::v1::UnpauseRequest* request,
                       control::v1::UnpauseResponse* response) override;
  grpc::Status BreakGlass(grpc::ServerContext* context,
                          const control::v1::BreakGlassRequest* request,
                          control::v1::BreakGlassResponse* response) override;
  grpc::Status LookNow(grpc::ServerContext* context,
                       const control::v1::LookNowRequest* request,
                       control::v1::LookNowResponse* response) override;
  grpc::Status Login(grpc::ServerContext* context,
                     const control::v1::LoginRequest* request,
                     control::v1::LoginResponse* response) override;
  grpc::Status ListRuns(grpc::ServerContext* context,
                        const control::v1::ListRunsRequest* request,
                        control::v1::ListRunsResponse* response) override;
  grpc::Status GetRun(grpc::ServerContext* context,
                      const control::v1::GetRunRequest* request,
                      control::v1::GetRunResponse* response) override;
  grpc::Status Watch(grpc::ServerContext* context,
                     const control::v1::WatchRequest* request,
                     grpc::ServerWriter<control::v1::WatchResponse>* writer) override;

 private:
  absl::StatusOr<Admitted> Admit(const grpc::ServerContext& context, CallerRole needed) const;

  const WhoCalls who_;
  Desk& desk_;
  PageDoor* const pages_;
};

}  // namespace poolshift
