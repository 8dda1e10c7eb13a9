#include "controller/provider/rpc.h"

#include <chrono>
#include <mutex>
#include <utility>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>
#include <grpcpp/impl/codegen/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_buffer_reader.h>

#include "controller/wire/provider_values.h"

namespace poolshift::rpc {
namespace {

// Deep enough that a value which is too deep is still parsed and then refused by name.
constexpr int kRecursionLimit = 3 * (wire::kMaxDepth + 20) + 10;

// Protobuf tells of invalid UTF-8 only in its log; what it says while this thread parses is kept
// here.
thread_local std::string* parse_log = nullptr;

void KeepLog(google::protobuf::LogLevel level,
             const char* file,
             int line,
             const std::string& message) {
  if (parse_log != nullptr) {
    *parse_log += message;
    return;
  }
  if (level == google::protobuf::LOGLEVEL_FATAL)
    ::fprintf(stderr, "%s:%d: %s\n", file, line, message.c_str());
}

// "… field 'poolshift.provider.v1.Observation.reason' contains invalid UTF-8 …" → the field.
std::string FieldIn(const std::string& log) {
  const std::size_t begin = log.find('\'');
  const std::size_t end = log.find('\'', begin + 1);
  if (begin == std::string::npos || end == std::string::npos) return "a text";
  const std::string name = log.substr(begin + 1, end - begin - 1);
  constexpr std::string_view kPackage = "poolshift.provider.v1.";
  return name.rfind(kPackage, 0) == 0 ? name.substr(kPackage.size()) : name;
}

grpc::internal::RpcMethod Method(const char* name, grpc::internal::RpcMethod::RpcType type) {
  return {name, type};
}

}  // namespace

absl::Status Serialize(const google::protobuf::Message& message, grpc::ByteBuffer& out) {
  auto bytes = std::make_unique<std::string>(message.SerializeAsString());
  if (bytes->size() > static_cast<std::size_t>(kLargestMessage)) {
    return absl::ResourceExhaustedError("a request of " + std::to_string(bytes->size()) +
                                        " bytes is larger than the 4 MiB that the protocol allows");
  }
  // Handed over as they are, and let go when they have been sent.
  std::string* const text = bytes.release();
  const grpc::Slice slice(
      text->data(), text->size(), [](void* sent) { delete static_cast<std::string*>(sent); }, text);
  out = grpc::ByteBuffer(&slice, 1);
  return absl::OkStatus();
}

absl::Status Parse(grpc::ByteBuffer bytes, google::protobuf::Message& message) {
  static std::once_flag once;
  std::call_once(once, [] { google::protobuf::SetLogHandler(&KeepLog); });
  grpc::ProtoBufferReader reader(&bytes);
  google::protobuf::io::CodedInputStream input(&reader);
  input.SetRecursionLimit(kRecursionLimit);
  std::string log;
  parse_log = &log;
  const bool parsed = message.ParseFromCodedStream(&input) && input.ConsumedEntireMessage();
  parse_log = nullptr;
  if (parsed) return absl::OkStatus();
  if (log.find("UTF-8") != std::string::npos) {
    return absl::InvalidArgumentError(FieldIn(log) + " is not valid UTF-8");
  }
  return absl::InvalidArgumentError("it is damaged or nested too deep to be read");
}

void SetDeadline(grpc::ClientContext& context, absl::Duration deadline) {
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(deadline));
}

grpc::Status CallUnary(grpc::Channel& channel,
                       const char* method,
                       grpc::ClientContext& context,
                       const grpc::ByteBuffer& request,
                       grpc::ByteBuffer& response) {
  return grpc::internal::
      BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer, grpc::ByteBuffer, grpc::ByteBuffer>(
          &channel,
          Method(method, grpc::internal::RpcMethod::NORMAL_RPC),
          &context,
          request,
          &response);
}

Reader CallStreaming(grpc::Channel& channel,
                     const char* method,
                     grpc::ClientContext& context,
                     const grpc::ByteBuffer& request) {
  return Reader(grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(
      &channel, Method(method, grpc::internal::RpcMethod::SERVER_STREAMING), &context, request));
}

}  // namespace poolshift::rpc
