#include "controller/notify/signature.h"

#include "controller/model/keyed_digest.h"

namespace poolshift::notify {

std::string Signature(std::string_view key, std::string_view body, absl::Time at) {
  const std::string time = std::to_string(absl::ToUnixSeconds(at));
  return "t=" + time + ",v1=" + KeyedDigest(key, time + '.' + std::string(body));
}

}  // namespace poolshift::notify
