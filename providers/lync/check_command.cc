#include "providers/lync/check_command.h"

#include <algorithm>
#include <iostream>

#include "providers/lync/platform/findings.h"
#include "providers/lync/text/json_value.h"

namespace poolshift::lync {
namespace {

constexpr absl::Duration kEach =
    absl::Seconds(120);  // -WhatIf of the cmdlets that validate takes its time

std::string_view Mark(Finding::Kind kind) {
  return kind == Finding::Kind::kFine   ? "ok    "
         : kind == Finding::Kind::kNote ? "note  "
                                        : "FAULT ";
}

}  // namespace

int RunCheck(const std::vector<std::string>& arguments) {
  const auto given =
      arguments.size() == 1 ? ReadJson(arguments.front()) : absl::InvalidArgumentError("");
  if (!given.ok() || given->Find("configuration") == nullptr) {
    std::cerr << "check: is run by `poolshift provider check`, which hands it the configuration\n";
    return 2;
  }
  sdk::Configuration configuration;
  configuration.organization = std::string(given->StringOr("organization", ""));
  configuration.configuration = *given->Find("configuration");
  configuration.base_directory = std::string(given->StringOr("base", "."));
  configuration.read_only = true;
  const Value* secrets = given->Find("secrets");
  for (const auto& [name, reference] : secrets == nullptr ? Value::Map() : secrets->map()) {
    const auto parsed = SecretRef::Parse(reference.is_string() ? reference.string() : "");
    if (parsed.ok()) configuration.secrets.emplace(name, *parsed);
  }
  Settings settings;
  Machines machines;
  const std::vector<std::string> problems = ReadSettings(configuration, settings, machines);
  for (const std::string& problem : problems)
    std::cout << "FAULT configuration: " << problem << '\n';
  if (!problems.empty()) return 1;
  bool fine = true;
  for (const Finding& finding : CheckEverything(machines, kEach)) {
    fine &= finding.kind != Finding::Kind::kFault;
    std::cout << Mark(finding.kind) << finding.machine << ": " << finding.text << '\n';
  }
  return fine ? 0 : 1;
}

}  // namespace poolshift::lync
