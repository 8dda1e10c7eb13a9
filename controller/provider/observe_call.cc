#include "controller/provider/observe_call.h"

#include <utility>

#include <google/protobuf/arena.h>

#include "controller/model/try.h"
#include "controller/wire/provider_messages.h"

namespace poolshift {

namespace v1 = provider::v1;

ObserveCall::ObserveCall(std::span<const ObservationKey> keys)
    : keys_(keys), answers_(keys.size()), answered_(keys.size(), false) {}

ObserveCall::~ObserveCall() {
  if (reader_ == nullptr) return;
  context_.TryCancel();
  reader_->Finish();
}

absl::Status ObserveCall::Send(grpc::Channel& channel,
                               const std::string& organization,
                               absl::Duration deadline) {
  google::protobuf::Arena arena;
  auto& request = *google::protobuf::Arena::CreateMessage<v1::ObserveRequest>(&arena);
  request.set_organization(organization);
  for (const ObservationKey& key : keys_)
    wire::EncodeKey(key, *request.add_keys());
  grpc::ByteBuffer sent;
  POOLSHIFT_TRY(rpc::Serialize(request, sent));
  deadline_ = deadline;
  rpc::SetDeadline(context_, deadline);
  reader_ = rpc::CallStreaming(channel, "/poolshift.provider.v1.Provider/Observe", context_, sent);
  return absl::OkStatus();
}

absl::Status ObserveCall::Wait(const std::function<void(Observation&)>& stamp) {
  absl::Status trouble;
  grpc::ByteBuffer received;
  while (trouble.ok() && reader_->Read(&received)) {
    google::protobuf::Arena arena;
    auto& response = *google::protobuf::Arena::CreateMessage<v1::ObserveResponse>(&arena);
    trouble = rpc::Parse(received, response);
    if (trouble.ok()) trouble = Take(response, stamp);
  }
  if (!trouble.ok()) context_.TryCancel();
  status_ = reader_->Finish();
  reader_.reset();
  return trouble;
}

absl::Status ObserveCall::Take(const v1::ObserveResponse& response,
                               const std::function<void(Observation&)>& stamp) {
  for (const v1::Observation& wire : response.observations()) {
    POOLSHIFT_ASSIGN(wire::KeyedObservation keyed, wire::DecodeObservation(wire));
    const std::size_t place = PlaceOf(keyed.key);
    if (place == keys_.size()) {
      return absl::InvalidArgumentError("it answered for " + ToString(keyed.key.id) +
                                        ", which it was not asked for");
    }
    if (answered_[place]) {
      return absl::InvalidArgumentError("it answered twice for " + ToString(keyed.key.id));
    }
    answered_[place] = true;
    stamp(keyed.observation);
    answers_[place] = std::move(keyed.observation);
    next_ = place + 1;
  }
  return absl::OkStatus();
}

std::size_t ObserveCall::PlaceOf(const ObservationKey& key) {
  if (next_ < keys_.size() && keys_[next_] == key) return next_;
  if (places_.empty()) {
    for (std::size_t place = 0; place < keys_.size(); ++place)
      places_.emplace(&keys_[place], place);
  }
  const auto found = places_.find(&key);
  return found == places_.end() ? keys_.size() : found->second;
}

std::vector<const ObservationKey*> ObserveCall::Missing() {
  std::vector<const ObservationKey*> missing;
  for (std::size_t place = 0; place < keys_.size(); ++place) {
    if (answered_[place]) continue;
    // One answer stands for all places of its key.
    const std::size_t first = PlaceOf(keys_[place]);
    if (!answered_[first])
      missing.push_back(&keys_[place]);
    else
      answers_[place] = answers_[first];
  }
  return missing;
}

}  // namespace poolshift
