// One remote call of the provider protocol, on raw bytes. gRPC's generated stubs turn an answer
// that cannot be parsed into "the stream ended" without a word; here parsing is ours, so that each
// kind of rubbish has its own message. Private to this floor.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/support/sync_stream.h>

namespace poolshift::rpc {

inline constexpr int kLargestMessage = 4 << 20;

// ResourceExhausted when the request is larger than the protocol allows.
absl::Status Serialize(const google::protobuf::Message& message, grpc::ByteBuffer& out);

// InvalidArgument saying what is wrong with it: invalid UTF-8 and in which field, nested too deep,
// damaged.
absl::Status Parse(grpc::ByteBuffer bytes, google::protobuf::Message& message);

void SetDeadline(grpc::ClientContext& context, absl::Duration deadline);

grpc::Status CallUnary(grpc::Channel& channel,
                       const char* method,
                       grpc::ClientContext& context,
                       const grpc::ByteBuffer& request,
                       grpc::ByteBuffer& response);

using Reader = std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>>;
Reader CallStreaming(grpc::Channel& channel,
                     const char* method,
                     grpc::ClientContext& context,
                     const grpc::ByteBuffer& request);

}  // namespace poolshift::rpc
