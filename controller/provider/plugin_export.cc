// Export, from the controller's side.
#include <algorithm>

#include "controller/model/try.h"
#include "controller/provider/answers.h"
#include "controller/provider/plugin_client.h"
#include "controller/provider/printable.h"
#include "controller/provider/rpc.h"

namespace poolshift {
namespace {

namespace v1 = provider::v1;

constexpr std::size_t kMostFiles = 100;
constexpr std::size_t kMostBytes = std::size_t{512} << 20U;
constexpr std::size_t kLongestName = 100;

// It becomes the name of a file of ours: nothing that leads elsewhere.
bool IsPlainName(const std::string& name) {
  return !name.empty() && name.size() <= kLongestName && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' ||
                  letter == '-';
         });
}

absl::Status TakePart(const v1::ExportResponse& part,
                      std::vector<ExportedFile>& files,
                      std::size_t& bytes) {
  if (!IsPlainName(part.name()))
    return absl::InvalidArgumentError("`" + Printable(part.name()) + "` is no plain file name");
  bytes += part.content().size();
  if (bytes > kMostBytes)
    return absl::InvalidArgumentError("it exported more than " + std::to_string(kMostBytes) +
                                      " bytes");
  if (!files.empty() && files.back().name == part.name()) {
    files.back().content += part.content();
    return absl::OkStatus();
  }
  for (const ExportedFile& file : files) {
    if (file.name == part.name())
      return absl::InvalidArgumentError("the parts of " + part.name() +
                                        " do not follow one another");
  }
  if (files.size() == kMostFiles)
    return absl::InvalidArgumentError("it exported more than " + std::to_string(kMostFiles) +
                                      " files");
  files.push_back({part.name(), part.content()});
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ExportedFile>> PluginClient::Export(absl::Duration deadline) {
  v1::ExportRequest request;
  request.set_organization(organization_);
  grpc::ByteBuffer sent, received;
  POOLSHIFT_TRY(rpc::Serialize(request, sent));
  grpc::ClientContext context;
  rpc::SetDeadline(context, deadline);
  const rpc::Reader reader =
      rpc::CallStreaming(*channel_, "/poolshift.provider.v1.Provider/Export", context, sent);
  std::vector<ExportedFile> files;
  std::size_t bytes = 0;
  absl::Status trouble;
  while (trouble.ok() && reader->Read(&received)) {
    v1::ExportResponse part;
    trouble = rpc::Parse(received, part);
    if (trouble.ok()) trouble = TakePart(part, files, bytes);
  }
  if (!trouble.ok()) context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (!trouble.ok()) return Lie(who_, "Export", trouble);
  if (!status.ok()) return ExplainFailure(who_, *process_, "Export", status, deadline);
  return files;
}

}  // namespace poolshift
