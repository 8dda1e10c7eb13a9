// The gRPC side of a provider program. A program that was launched read-only gets a
// ReadingEndpoint, in which there is no way to the service's Apply at all; any other gets a
// WritingEndpoint. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <grpcpp/grpcpp.h>

#include "poolshift/provider/v1/provider.grpc.pb.h"
#include "providers/sdk/action_runner.h"
#include "providers/sdk/ledger.h"
#include "providers/sdk/service.h"
#include "providers/sdk/witness.h"

namespace poolshift::sdk {

class ReadingEndpoint : public provider::v1::Provider::Service {
 public:
  explicit ReadingEndpoint(std::unique_ptr<sdk::Service> service) : service_(std::move(service)) {}
  ~ReadingEndpoint() override = default;

  grpc::Status Configure(grpc::ServerContext* context,
                         const provider::v1::ConfigureRequest* request,
                         provider::v1::ConfigureResponse* response) final;
  grpc::Status Describe(grpc::ServerContext* context,
                        const provider::v1::DescribeRequest* request,
                        provider::v1::DescribeResponse* response) final;
  grpc::Status Observe(grpc::ServerContext* context,
                       const provider::v1::ObserveRequest* request,
                       grpc::ServerWriter<provider::v1::ObserveResponse>* writer) final;
  grpc::Status Export(grpc::ServerContext* context,
                      const provider::v1::ExportRequest* request,
                      grpc::ServerWriter<provider::v1::ExportResponse>* writer) final;
  grpc::Status List(grpc::ServerContext* context,
                    const provider::v1::ListRequest* request,
                    grpc::ServerWriter<provider::v1::ListResponse>* writer) final;
  grpc::Status Preview(grpc::ServerContext* context,
                       const provider::v1::PreviewRequest* request,
                       grpc::ServerWriter<provider::v1::PreviewResponse>* writer) final;
  grpc::Status Apply(grpc::ServerContext* context,
                     const provider::v1::ApplyRequest* request,
                     grpc::ServerWriter<provider::v1::ApplyResponse>* writer) override;
  grpc::Status Lookup(grpc::ServerContext* context,
                      const provider::v1::LookupRequest* request,
                      provider::v1::LookupResponse* response) final;
  grpc::Status Fence(grpc::ServerContext* context,
                     const provider::v1::FenceRequest* request,
                     provider::v1::FenceResponse* response) final;
  grpc::Status Cancel(grpc::ServerContext* context,
                      const provider::v1::CancelRequest* request,
                      provider::v1::CancelResponse* response) final;

  // Gives up every running action at its next safe point.
  void CancelAll();

 protected:
  virtual Ledger::Mode mode() const { return Ledger::Mode::kReading; }
  // FailedPrecondition before Configure, InvalidArgument for a foreign organisation.
  grpc::Status Ready(const std::string& organization);
  ActionRunner& runner() { return *runner_; }

 private:
  std::vector<std::string> SetUp(const Configuration& configuration);
  absl::Status OpenLedger(const Configuration& configuration);

  const std::unique_ptr<sdk::Service> service_;
  std::mutex mutex_;  // of the configuration
  bool asked_ = false;
  bool configured_ = false;
  std::string organization_;
  std::unique_ptr<Witness> witness_;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<ActionRunner> runner_;
};

class WritingEndpoint final : public ReadingEndpoint {
 public:
  using ReadingEndpoint::ReadingEndpoint;
  grpc::Status Apply(grpc::ServerContext* context,
                     const provider::v1::ApplyRequest* request,
                     grpc::ServerWriter<provider::v1::ApplyResponse>* writer) override;

 protected:
  Ledger::Mode mode() const override { return Ledger::Mode::kWriting; }
};

}  // namespace poolshift::sdk
