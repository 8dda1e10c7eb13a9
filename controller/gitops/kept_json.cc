#include "controller/gitops/kept_json.h"

namespace poolshift {

std::string TextIn(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

std::int64_t NumberIn(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

absl::Status WriteKept(Files& files, const std::string& path, const nlohmann::json& json) {
  constexpr int kPrivate = 0600;
  return files.Replace(
      path, json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), kPrivate);
}

}  // namespace poolshift
