// A real name server of a test: BIND's named, Knot's knotd or NSD, which takes no updates, on a
// free loopback port (127.0.0.1 and ::1), in a folder of its own, gone with the object. What `dig`
// sees of it is the independent witness.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "providers/dns/update/grant.h"
#include <sys/types.h>

namespace poolshift::dns::testing {

// Removed with everything in it when it goes.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  // Returns the path.
  std::string Write(const std::string& name, const std::string& content, mode_t mode = 0600) const;
  std::string Read(const std::string& name) const;

 private:
  std::string path_;
};

enum class Product { kBind, kKnot, kNsd };

struct KeyLine {
  std::string name, algorithm, secret;
};

struct ServerSpec {
  Product product = Product::kBind;
  std::string zone = "contoso.test";
  std::vector<std::string> records;  // zone file lines beside SOA and NS
  int serial = 1;
  std::vector<KeyLine> keys;
  std::vector<GrantRequest> grants;
};

class NameServer {
 public:
  explicit NameServer(ServerSpec spec);
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  int port() const { return port_; }
  // Ends it (SIGKILL).
  void Stop();
  // Stops it and lets it go on: while stopped it is silent and loses nothing that arrives.
  void Freeze();
  void Thaw();
  std::string Log() const;

  // `dig +noall +answer` without TTL and class: lines "name. TYPE data", sorted.
  std::vector<std::string> Dig(const std::string& name, const std::string& type) const;
  // Only the data.
  std::vector<std::string> Short(const std::string& name, const std::string& type) const;

 private:
  void Start();
  std::string BindConfiguration() const;
  std::string KnotConfiguration() const;
  std::string NsdConfiguration() const;

  const ServerSpec spec_;
  Folder folder_;
  int port_ = 0;
  pid_t process_ = -1;
};

// A port that is free for UDP and TCP on both loopback addresses.
int FreePort();

// Standard output of a shell command; its exit status is ignored.
std::string OutputOf(const std::string& command);
std::vector<std::string> LinesOf(const std::string& text);

}  // namespace poolshift::dns::testing
