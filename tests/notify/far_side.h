// A real server of the other side, on loopback, for one test.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace poolshift::notify {

class FarSide {
 public:
  // "http" or "smtp": far_side.py.
  explicit FarSide(const std::string& kind);
  ~FarSide();
  FarSide(const FarSide&) = delete;
  FarSide& operator=(const FarSide&) = delete;

  int port() const { return port_; }
  std::string folder() const { return folder_; }
  // What it was sent, in order.
  std::vector<nlohmann::json> Got() const;
  // A file beside it; returns its path.
  std::string Write(const std::string& name, const std::string& text) const;

 private:
  std::string folder_;
  int port_ = 0;
  int child_ = -1;
};

// A port of loopback that nobody listens on.
int ClosedPort();

}  // namespace poolshift::notify
