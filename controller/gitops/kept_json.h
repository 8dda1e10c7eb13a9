// A small JSON file of the state directory that only its owner reads, and its members.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"

#include "controller/world/files.h"
#include <nlohmann/json.hpp>

namespace poolshift {

// "" and 0 when there is none, or it is something else.
std::string TextIn(const nlohmann::json& json, const char* name);
std::int64_t NumberIn(const nlohmann::json& json, const char* name);

// Replaces it in one step; bytes that are no UTF-8 become U+FFFD.
absl::Status WriteKept(Files& files, const std::string& path, const nlohmann::json& json);

}  // namespace poolshift
