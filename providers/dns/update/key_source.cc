#include "providers/dns/update/key_source.h"

#include "fmt/format.h"
#include "providers/sdk/scrub.h"
#include "providers/sdk/secret.h"

namespace poolshift::dns {
namespace {

constexpr std::string_view kSecret = "tsig";

// What both sources say must agree; one of them must speak.
std::string Agreed(const std::string& declared,
                   std::string_view held,
                   std::string_view member,
                   std::vector<std::string>& problems) {
  if (declared.empty() && held.empty()) {
    problems.push_back(fmt::format("`tsig.{}` is missing", member));
  } else if (!declared.empty() && !held.empty() && declared != held) {
    problems.push_back(
        fmt::format("`tsig.{}` is `{}`, but the key statement says `{}`", member, declared, held));
  }
  return declared.empty() ? std::string(held) : declared;
}

}  // namespace

void ReadKey(const sdk::Configuration& configuration,
             const KeyNames& names,
             Settings& settings,
             std::vector<std::string>& problems) {
  for (const auto& [name, reference] : configuration.secrets) {
    if (name != kSecret) problems.push_back(fmt::format("secret `{}` is unknown: `tsig` is", name));
  }
  const auto reference = configuration.secrets.find(std::string(kSecret));
  if (reference == configuration.secrets.end()) {
    problems.push_back(
        "secret `tsig` is missing: name the file or variable that holds the TSIG key, such as "
        "`file:/etc/poolshift/tsig.key`");
    return;
  }
  const absl::StatusOr<sdk::Secret> secret = sdk::ResolveSecret(reference->second);
  if (!secret.ok()) {
    problems.push_back(fmt::format("secret `tsig`: {}", std::string(secret.status().message())));
    return;
  }
  const absl::StatusOr<KeyText> text = ParseKeyText(secret->Reveal());
  if (!text.ok()) {
    problems.push_back(fmt::format("secret `tsig` ({}): {}",
                                   reference->second.Reference(),
                                   std::string(text.status().message())));
    return;
  }
  // The secret itself stays hidden; that the key's name were the same would be no reason to show
  // it.
  if (text->statement && text->name != text->secret) sdk::MayBeShown(text->name);
  const std::size_t before = problems.size();
  const std::string name = Agreed(names.name, NormalName(text->name), "name", problems);
  const std::string algorithm = Agreed(names.algorithm, text->algorithm, "algorithm", problems);
  if (problems.size() != before) return;
  auto key = TsigKey::Make(name, algorithm, text->secret);
  if (!key.ok()) {
    problems.push_back(fmt::format("TSIG key from {}: {}",
                                   reference->second.Reference(),
                                   std::string(key.status().message())));
    return;
  }
  settings.key = *std::move(key);
  settings.key_place = {.reference = reference->second.Reference(), .statement = text->statement};
}

}  // namespace poolshift::dns
