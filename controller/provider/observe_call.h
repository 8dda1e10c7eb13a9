// ObserveCall: one Observe of the provider protocol on its way, and what it has brought so far.
// Private to this floor. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "controller/model/observation.h"
#include "controller/provider/rpc.h"
#include "poolshift/provider/v1/provider.pb.h"

namespace poolshift {

class ObserveCall {
 public:
  // `keys` are borrowed and must outlive the call.
  explicit ObserveCall(std::span<const ObservationKey> keys);
  ObserveCall(const ObserveCall&) = delete;
  ObserveCall& operator=(const ObserveCall&) = delete;
  // Gives the call up when it was sent and not waited for.
  ~ObserveCall();

  absl::Status Send(grpc::Channel& channel,
                    const std::string& organization,
                    absl::Duration deadline);

  // Waits for the end, and hands each answer to `stamp`. InvalidArgument: what was answered is not
  // what the protocol allows. What became of the call itself is in `status` then.
  absl::Status Wait(const std::function<void(Observation&)>& stamp);
  const grpc::Status& status() const { return status_; }
  absl::Duration deadline() const { return deadline_; }

  // Keys without an answer, after Wait.
  std::vector<const ObservationKey*> Missing();
  // By place, when none is missing.
  std::vector<Observation> TakeAnswers() { return std::move(answers_); }

 private:
  struct ByKey {
    bool operator()(const ObservationKey* a, const ObservationKey* b) const { return *a < *b; }
  };

  absl::Status Take(const provider::v1::ObserveResponse& response,
                    const std::function<void(Observation&)>& stamp);
  // The place of this answer, keys.size() when it was not asked for.
  std::size_t PlaceOf(const ObservationKey& key);

  const std::span<const ObservationKey> keys_;
  std::vector<Observation> answers_;
  std::vector<bool> answered_;
  std::size_t next_ = 0;  // the place after the last answer: most providers keep the order
  std::map<const ObservationKey*, std::size_t, ByKey> places_;  // for those who do not
  absl::Duration deadline_;
  grpc::ClientContext context_;
  rpc::Reader reader_;  // none: not sent, or at its end
  grpc::Status status_;
};

}  // namespace poolshift
