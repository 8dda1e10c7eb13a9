// PreviewCall: one Preview of the provider protocol on its way. Private to this floor. Not
// thread-safe.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "controller/provider/rpc.h"
#include "poolshift/provider/v1/provider.pb.h"

namespace poolshift {

class PreviewCall {
 public:
  PreviewCall() = default;
  PreviewCall(const PreviewCall&) = delete;
  PreviewCall& operator=(const PreviewCall&) = delete;
  // Gives the call up when it was sent and not waited for.
  ~PreviewCall();

  absl::Status Send(grpc::Channel& channel,
                    const provider::v1::PreviewRequest& request,
                    absl::Duration deadline);

  // Waits for the end and appends the lines of each action, made printable; never more than one
  // action too many. InvalidArgument: the answer cannot be read. What became of the call itself is
  // in `status` then.
  absl::Status Wait(std::vector<std::vector<std::string>>& commands);
  const grpc::Status& status() const { return status_; }
  absl::Duration deadline() const { return deadline_; }
  std::size_t actions() const { return actions_; }

 private:
  std::size_t actions_ = 0;
  absl::Duration deadline_;
  grpc::ClientContext context_;
  rpc::Reader reader_;  // none: not sent, or at its end
  grpc::Status status_;
};

}  // namespace poolshift
