// Canonical values of nodes, for binding. Each takes any node, or none, and gives a neutral value
// where the node does not fit: what is wrong with it has been reported by the shape checker.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"

#include "controller/model/value.h"
#include "controller/yaml/tree.h"

namespace poolshift::manifest {

std::string Text(yaml::Node node);     // ""
std::string DnsName(yaml::Node node);  // lower case, or ""
bool Boolean(yaml::Node node, bool otherwise);
std::int64_t Integer(yaml::Node node, std::int64_t otherwise);
std::int64_t DurationSeconds(yaml::Node node, std::int64_t otherwise);
int MinuteOfDay(yaml::Node node, int otherwise);
absl::CivilMinute CalendarTime(yaml::Node node);  // 1970-01-01 00:00

// The items of a list that is one, each as above; wrong items are left out.
std::vector<std::string> Texts(yaml::Node list);
std::vector<std::string> DnsNames(yaml::Node list);
std::vector<std::string> Addresses(yaml::Node list);
// Of servers, written as names or as maps with `fqdn`.
std::vector<std::string> MachineNames(yaml::Node servers);

// A free map as a value: plain `true`, `false`, `null` and decimal numbers are typed, all else is
// text.
Value FreeValue(yaml::Node node);

}  // namespace poolshift::manifest
