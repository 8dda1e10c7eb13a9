#include "controller/provider/preview_call.h"

#include "controller/model/try.h"
#include "controller/provider/printable.h"

namespace poolshift {

namespace v1 = provider::v1;

PreviewCall::~PreviewCall() {
  if (reader_ == nullptr) return;
  context_.TryCancel();
  reader_->Finish();
}

absl::Status PreviewCall::Send(grpc::Channel& channel,
                               const v1::PreviewRequest& request,
                               absl::Duration deadline) {
  grpc::ByteBuffer sent;
  POOLSHIFT_TRY(rpc::Serialize(request, sent));
  actions_ = static_cast<std::size_t>(request.actions_size());
  deadline_ = deadline;
  rpc::SetDeadline(context_, deadline);
  reader_ = rpc::CallStreaming(channel, "/poolshift.provider.v1.Provider/Preview", context_, sent);
  return absl::OkStatus();
}

absl::Status PreviewCall::Wait(std::vector<std::vector<std::string>>& commands) {
  const std::size_t expected = commands.size() + actions_;
  absl::Status trouble;
  grpc::ByteBuffer received;
  while (trouble.ok() && commands.size() <= expected && reader_->Read(&received)) {
    v1::PreviewResponse response;
    trouble = rpc::Parse(received, response);
    for (const auto& lines : response.commands()) {
      commands.emplace_back();
      for (const std::string& line : lines.lines())
        commands.back().push_back(Printable(line));
    }
  }
  if (!trouble.ok() || commands.size() > expected) context_.TryCancel();
  status_ = reader_->Finish();
  reader_.reset();
  return trouble;
}

}  // namespace poolshift
