#include "controller/daemon/control_service.h"

#include "controller/daemon/control_messages.h"
#include "controller/engine/history_run.h"
#include "controller/gitops/status.h"
#include "controller/report/drift_report.h"
#include "controller/report/history_report.h"
#include "controller/report/plan_json.h"
#include "controller/report/plan_text.h"
#include "controller/report/recorded_run.h"

namespace poolshift {
namespace {

namespace v1 = control::v1;

constexpr absl::Duration kLongestWait = absl::Seconds(30);
constexpr Style kPlain = {.width = 100};

grpc::Status ToGrpc(const absl::Status& status) {
  return {static_cast<grpc::StatusCode>(status.code()), std::string(status.message())};
}

grpc::Status NothingYet(const Snapshot& snapshot) {
  return {grpc::StatusCode::UNAVAILABLE,
          "nothing was seen yet" + (snapshot.error.empty() ? "" : ": " + snapshot.error)};
}

}  // namespace

absl::StatusOr<Admitted> ControlService::Admit(const grpc::ServerContext& context,
                                               CallerRole needed) const {
  absl::StatusOr<Admitted> admitted = who_(context);
  if (!admitted.ok() || admitted->caller.role >= needed) return admitted;
  const Caller& caller = admitted->caller;
  return absl::PermissionDeniedError(caller.name + " has the role " +
                                     std::string(Name(caller.role)) + "; this needs " +
                                     std::string(Name(needed)) + " (poolshift serve --role " +
                                     caller.grantee + "=" + std::string(Name(needed)) + ")");
}

grpc::Status ControlService::GetStatus(grpc::ServerContext* context,
                                       const v1::GetStatusRequest* request,
                                       v1::GetStatusResponse* response) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kViewer);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  std::shared_ptr<const Snapshot> snapshot = desk_.board().Current();
  const std::uint64_t after = request->after_round();
  absl::Duration waited;
  while (after > 0 && snapshot->round <= after && waited < kLongestWait &&
         !context->IsCancelled() && !desk_.board().stopped()) {
    snapshot = desk_.board().After(after, absl::Seconds(1));
    waited += absl::Seconds(1);
  }
  DaemonStatus status = StatusOf(*snapshot);
  status.your_name = admitted->caller.name;
  status.your_role = Name(admitted->caller.role);
  *response = ToMessage(status);
  return grpc::Status::OK;
}

grpc::Status ControlService::GetPlan(grpc::ServerContext* context,
                                     const v1::GetPlanRequest* /*request*/,
                                     v1::GetPlanResponse* response) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kViewer);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  const std::shared_ptr<const Snapshot> snapshot = desk_.board().Current();
  if (snapshot->plan == nullptr) return NothingYet(*snapshot);
  response->set_digest(snapshot->digest);
  response->set_json(PlanJson(*snapshot->plan));
  response->set_text(PlanText(*snapshot->plan, kPlain));
  return grpc::Status::OK;
}

grpc::Status ControlService::GetDrift(grpc::ServerContext* context,
                                      const v1::GetDriftRequest* /*request*/,
                                      v1::GetDriftResponse* response) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kViewer);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  const std::shared_ptr<const Snapshot> snapshot = desk_.board().Current();
  if (snapshot->drift == nullptr) return NothingYet(*snapshot);
  response->set_json(DriftJson(*snapshot->drift));
  response->set_text(DriftText(*snapshot->drift, kPlain));
  return grpc::Status::OK;
}

grpc::Status ControlService::Decide(grpc::ServerContext* context,
                                    const v1::DecideRequest* request,
                                    v1::DecideResponse* response) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kApprover);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  Word word;
  word.digest = request->plan_digest();
  word.who = admitted->caller.name;
  word.agrees = request->agrees();
  word.reason = request->reason();
  word.also.insert(request->also().begin(), request->also().end());
  const absl::StatusOr<std::string> digest = desk_.Decide(std::move(word));
  if (!digest.ok()) return ToGrpc(digest.status());
  response->set_plan_digest(*digest);
  return grpc::Status::OK;
}

grpc::Status ControlService::Pause(grpc::ServerContext* context,
                                   const v1::PauseRequest* request,
                                   v1::PauseResponse* response) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kOperator);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  const absl::StatusOr<std::string> id = desk_.Pause(admitted->caller.name,
                                                     request->scope(),
                                                     absl::Seconds(request->seconds()),
                                                     request->reason());
  if (!id.ok()) return ToGrpc(id.status());
  response->set_id(*id);
  return grpc::Status::OK;
}

grpc::Status ControlService::Unpause(grpc::ServerContext* context,
                                     const v1::UnpauseRequest* request,
                                     v1::UnpauseResponse* /*response*/) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kOperator);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  return ToGrpc(desk_.Unpause(admitted->caller.name, request->id()));
}

grpc::Status ControlService::BreakGlass(grpc::ServerContext* context,
                                        const v1::BreakGlassRequest* request,
                                        v1::BreakGlassResponse* /*response*/) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kOperator);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  return ToGrpc(desk_.BreakGlass(
      admitted->caller.name, absl::Seconds(request->seconds()), request->reason()));
}

grpc::Status ControlService::LookNow(grpc::ServerContext* context,
                                     const v1::LookNowRequest* /*request*/,
                                     v1::LookNowResponse* response) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kViewer);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  response->set_round(desk_.board().Current()->round);
  desk_.board().Wake();
  return grpc::Status::OK;
}

grpc::Status ControlService::Login(grpc::ServerContext* context,
                                   const v1::LoginRequest* /*request*/,
                                   v1::LoginResponse* response) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kViewer);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  if (pages_ == nullptr) {
    return {grpc::StatusCode::FAILED_PRECONDITION,
            "no pages are served: start the daemon with --listen 127.0.0.1:PORT or --listen-tls"};
  }
  const Caller& caller = admitted->caller;
  const auto may =
      caller.role >= CallerRole::kApprover ? PageSessions::May::kSpeak : PageSessions::May::kRead;
  response->set_url(pages_->url +
                    "enter?invitation=" + pages_->sessions.Invite(caller.name, may, desk_.Now()));
  return grpc::Status::OK;
}

grpc::Status ControlService::ListRuns(grpc::ServerContext* context,
                                      const v1::ListRunsRequest* /*request*/,
                                      v1::ListRunsResponse* response) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kViewer);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  const std::shared_ptr<const Snapshot> snapshot = desk_.board().Current();
  if (snapshot->organization == nullptr) return NothingYet(*snapshot);
  const History history{snapshot->organization->name, snapshot->runs, {}};
  response->set_json(HistoryJson(history));
  response->set_text(HistoryText(history, kPlain));
  return grpc::Status::OK;
}

grpc::Status ControlService::GetRun(grpc::ServerContext* context,
                                    const v1::GetRunRequest* request,
                                    v1::GetRunResponse* response) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kViewer);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  const std::shared_ptr<const Snapshot> snapshot = desk_.board().Current();
  if (snapshot->organization == nullptr) return NothingYet(*snapshot);
  const absl::StatusOr<Store*> store = desk_.OpenStore();
  if (!store.ok()) return ToGrpc(store.status());
  const absl::StatusOr<RunDossier> dossier =
      DossierOf(**store, snapshot->organization->name, request->run());
  if (!dossier.ok()) return ToGrpc(dossier.status());
  response->set_json(RunDossierJson(*dossier));
  response->set_text(RunDossierText(*dossier, kPlain));
  return grpc::Status::OK;
}

grpc::Status ControlService::Watch(grpc::ServerContext* context,
                                   const v1::WatchRequest* request,
                                   grpc::ServerWriter<v1::WatchResponse>* writer) {
  const absl::StatusOr<Admitted> admitted = Admit(*context, CallerRole::kViewer);
  if (!admitted.ok()) return ToGrpc(admitted.status());
  std::uint64_t after = request->after();
  while (!context->IsCancelled() && !desk_.board().stopped()) {
    for (const RunLine& line : desk_.board().LinesAfter(after, absl::Seconds(1))) {
      after = line.number;
      v1::WatchResponse response;
      response.set_number(line.number);
      response.set_json(line.json);
      if (!writer->Write(response)) return grpc::Status::OK;
    }
  }
  return grpc::Status::OK;
}

}  // namespace poolshift
