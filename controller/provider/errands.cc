#include "controller/provider/errands.h"

#include <utility>

#include "controller/provider/rpc.h"

namespace poolshift::rpc {

Errands::~Errands() {
  for (Errand& errand : errands_)
    errand.context.TryCancel();
  errands_.clear();  // each thread is waited for
}

void Errands::Send(std::string method, grpc::ByteBuffer request, absl::Duration deadline) {
  const std::lock_guard lock(mutex_);
  std::erase_if(errands_, [](const Errand& errand) { return errand.over.load(); });
  Errand& errand = errands_.emplace_back();
  SetDeadline(errand.context, deadline);
  errand.thread = std::jthread(
      [this, &errand, method = std::move(method), request = std::move(request)]() mutable {
        grpc::ByteBuffer response;
        CallUnary(channel_, method.c_str(), errand.context, request, response);
        errand.over = true;
      });
}

}  // namespace poolshift::rpc
