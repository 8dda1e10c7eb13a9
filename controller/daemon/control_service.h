// ControlService: the control API for one caller, whose identity the connection has proved.
#pragma once

#include <string>

#include "controller/daemon/page_door.h"
#include "controller/daemon/roles.h"
#include "controller/gitops/desk.h"
#include "poolshift/control/v1/control.grpc.pb.h"

namespace poolshift {

struct Caller {
  std::string name;
  CallerRole role = CallerRole::kNone;
};

// Thread-safe, as gRPC wants it.
class ControlService final : public control::v1::Control::Service {
 public:
  // `desk` and `pages` (null: none are served) are borrowed.
  ControlService(Caller caller, Desk& desk, PageDoor* pages)
      : caller_(std::move(caller)), desk_(desk), pages_(pages) {}

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
  grpc::Status Require(CallerRole role) const;

  const Caller caller_;
  Desk& desk_;
  PageDoor* const pages_;
};

}  // namespace poolshift
