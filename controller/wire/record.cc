#include "controller/wire/record.h"

#include <charconv>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/io/coded_stream.h"

#include "controller/model/digest.h"
#include "controller/model/try.h"
#include "controller/wire/record_inputs.h"
#include "controller/wire/record_plan.h"

namespace poolshift {
namespace {

constexpr std::string_view kMagic = "poolshift-plan";
constexpr std::size_t kLongestHeader = 128;
constexpr int kDeepest = 1000;  // nested messages; a level of a value takes up to three

// The digest covers the format too: a header edited to another format is an edited file.
std::string DigestOf(std::string_view payload) {
  std::string content(kMagic);
  content += ' ' + std::to_string(kPlanFileFormat) + '\n';
  content += payload;
  return Digest(content);
}

std::string Header(std::string_view payload) {
  return std::string(kMagic) + ' ' + std::to_string(kPlanFileFormat) + ' ' + DigestOf(payload) +
         ' ' + std::to_string(payload.size()) + '\n';
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t space = line.find(' ');
    words.push_back(line.substr(0, space));
    if (space == std::string_view::npos) return words;
    line.remove_prefix(space + 1);
  }
}

absl::Status Damaged(std::string_view name, const std::string& how) {
  return absl::DataLossError(std::string(name) + " is damaged: " + how +
                             "; it was not applied. Make it again with `poolshift plan --out`");
}

// The payload behind a header that is exactly the one that was written.
absl::StatusOr<std::string_view> CheckHeader(std::string_view bytes, std::string_view name) {
  const std::size_t end = bytes.substr(0, kLongestHeader).find('\n');
  const std::vector<std::string_view> words = Words(bytes.substr(0, end));
  if (words[0] != kMagic) {
    return absl::InvalidArgumentError(
        std::string(name) + " is no saved plan; make one with `poolshift plan --out FILE`");
  }
  if (end == std::string_view::npos || words.size() != 4)
    return Damaged(name, "its first line is not whole");
  int format = 0;
  std::from_chars(words[1].data(), words[1].data() + words[1].size(), format);
  if (format > kPlanFileFormat) {
    return absl::FailedPreconditionError(std::string(name) + " has format " +
                                         std::string(words[1]) + ", this version reads " +
                                         std::to_string(kPlanFileFormat) +
                                         "; apply it with the version that made it, or plan again");
  }
  const std::string_view payload = bytes.substr(end + 1);
  if (bytes.substr(0, end + 1) == Header(payload)) return payload;
  if (words[3] != std::to_string(payload.size())) {
    return Damaged(name,
                   std::to_string(payload.size()) +
                       " bytes follow its first line, which promises " + std::string(words[3]));
  }
  return Damaged(name, "it was changed after it was made");
}

absl::StatusOr<record::v1::PlanFile> Parse(std::string_view payload, std::string_view name) {
  google::protobuf::io::CodedInputStream stream(
      reinterpret_cast<const unsigned char*>(payload.data()), static_cast<int>(payload.size()));
  stream.SetRecursionLimit(kDeepest);
  record::v1::PlanFile file;
  if (!file.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage()) {
    return Damaged(name, "its content cannot be read");
  }
  return file;
}

}  // namespace

std::string EncodePlanFile(const PlanFile& file) {
  record::v1::PlanFile out;
  out.set_format_version(kPlanFileFormat);
  out.set_plan_digest(PlanDigest(file.plan));
  wire::EncodePlan(file.plan, *out.mutable_plan());
  for (const auto& [provider, digest] : file.provider_digests) {
    auto& added = *out.add_providers();
    added.set_provider(provider);
    added.set_digest(digest);
  }
  out.set_created_ns(absl::ToUnixNanos(file.created));
  out.set_commit(file.commit);
  if (file.inputs.has_value()) wire::EncodePlanInputs(*file.inputs, *out.mutable_inputs());
  out.set_goal(file.goal);
  const std::string payload = out.SerializeAsString();
  return Header(payload) + payload;
}

absl::StatusOr<PlanFile> DecodePlanFile(std::string_view bytes, std::string_view name) {
  POOLSHIFT_ASSIGN(const std::string_view payload, CheckHeader(bytes, name));
  POOLSHIFT_ASSIGN(const record::v1::PlanFile in, Parse(payload, name));
  PlanFile file;
  absl::StatusOr<Plan> plan = wire::DecodePlan(in.plan());
  if (!plan.ok()) return Damaged(name, std::string(plan.status().message()));
  file.plan = *std::move(plan);
  // Guards the meaning, as the header guards the bytes.
  if (in.format_version() != kPlanFileFormat || in.plan_digest() != PlanDigest(file.plan)) {
    return Damaged(name, "its plan is not the one that it names");
  }
  for (const auto& provider : in.providers())
    file.provider_digests[provider.provider()] = provider.digest();
  file.created = absl::FromUnixNanos(in.created_ns());
  file.commit = in.commit();
  if (in.has_inputs()) {
    absl::StatusOr<PlanInputs> inputs = wire::DecodePlanInputs(in.inputs());
    if (!inputs.ok()) return Damaged(name, std::string(inputs.status().message()));
    file.inputs = *std::move(inputs);
  }
  file.goal = in.goal();
  file.identity = DigestOf(payload);
  return file;
}

}  // namespace poolshift
