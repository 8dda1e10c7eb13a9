// Contoso: the organisation of the source documents for one test. Its public zone is on a real name
// server, everything else is a simulated platform, and `poolshift` is run as a person runs it.
//
// Organisation and world are those of manifests/<scenario>. The records leave the simulated world
// for the zone contoso.com of the server; the simulated vantages see the Edge pools by address
// only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/dns/name_server.h"
#include "tests/e2e/child.h"

namespace poolshift::e2e {

using dns::testing::Folder;
using dns::testing::NameServer;
using dns::testing::Product;

// What a key statement for the provider holds; "canary-secret-…" in base64, searched for in all
// that is printed or kept.
inline constexpr char kCanary[] = "Y2FuYXJ5LXNlY3JldC1lMmUtMDEyMzQ1Njc4OWFiY2Q=";
// The key of a person who edits the zone by hand.
inline constexpr char kPersonSecret[] = "YS1wZXJzb24tYXQtdGhlLXRlcm1pbmFsLTAxMjM0NTY=";

inline constexpr char kXmpp[] = "xmpp.contoso.com";
inline constexpr char kSip[] = "_sipfederationtls._tcp.contoso.com";

using Lines = std::vector<std::string>;
// What records hold while an Edge pool hosts the protocol.
inline const Lines kXmppAtPool1{"203.0.113.11", "203.0.113.12"};
inline const Lines kXmppAtPool2{"198.51.100.21", "198.51.100.22"};
inline const Lines kSipAtPool1{"0 0 5061 sip.contoso.com."};
inline const Lines kSipAtPool2{"0 0 5061 sip2.contoso.com."};

// Replaces every occurrence; fails the test when there is none.
std::string With(std::string text, const std::string& from, const std::string& to);

struct Finished {
  int status = -1;
  std::string out, err;
  std::string said() const { return out + err; }
};

struct Setting {
  std::string scenario;
  Product product = Product::kBind;
  std::function<std::string(std::string)> manifest = {};  // changes the text of the organisation
  std::function<std::string(std::string)> world = {};     // changes the text of its world
  // Settings of the simulated platform besides its world file, such as "fenced: false". With any,
  // it lives in a folder of its own, apart from the controllers: there may be another one
  // (Elsewhere).
  std::string platform = {};
};

class Contoso {
 public:
  explicit Contoso(Setting setting);
  // Fails the test when the canary was printed or is in any file that was kept.
  ~Contoso();

  const NameServer& server() const { return *server_; }
  const Folder& folder() const { return folder_; }
  // Where the manifests are.
  std::string manifests() const { return folder_.path() + "/contoso"; }
  std::string state() const { return folder_.path() + "/state"; }

  // Another organisation with the same state directory, from manifests/<scenario>: wholly
  // simulated, or with the same zone on the same server.
  void AddNeighbour(const std::string& name, const std::string& scenario, bool same_zone);

  // Runs `poolshift VERB … manifests` with the state directory, to its end.
  Finished Run(Lines words, const std::string& neighbour = "");
  std::unique_ptr<Child> Start(Lines words, const std::string& neighbour = "");
  // A controller at another place: the same manifests as they were at the beginning, and a state
  // directory of its own. Needs a platform of its own.
  Finished RunElsewhere(Lines words);
  // What the first controller asks for in place of the name server.
  void AskThrough(int port);
  nlohmann::json Json(Lines words);

  Lines Xmpp() const { return server_->Short(kXmpp, "A"); }
  Lines Sip() const { return server_->Short(kSip, "SRV"); }
  // What the simulated platform says about a resource, and about all that the moves change: the
  // second witness.
  std::string Observe(const std::string& resource);
  std::string Platform();

  // Behind the controller's back: in the zone (an nsupdate statement), and on the platform.
  void EditZone(const Lines& statements);
  void FreezeServer() { server_->Freeze(); }
  void ThawServer() { server_->Thaw(); }
  void EditWorld(const std::string& path, const std::string& value);

 private:
  Finished RunProgram(const Lines& words);

  const Folder folder_;
  std::unique_ptr<NameServer> server_;
  std::string world_state_;
};

// The end of a run that proved itself.
bool EndsInNoDrift(const std::string& text);

}  // namespace poolshift::e2e
