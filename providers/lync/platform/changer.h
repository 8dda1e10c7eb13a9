// Changer: carries one action out. Each change is one script that looks once more before it writes
// and tells what it did; what was wanted is then read back by the SDK. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "providers/lync/platform/bookkeeping.h"
#include "providers/lync/platform/facts.h"
#include "providers/lync/platform/settings.h"
#include "providers/sdk/service.h"

namespace poolshift::lync {

class Changer {
 public:
  Changer(const Settings& settings, const Machines& machines, Bookkeeping& books)
      : settings_(settings), machines_(machines), books_(books) {}

  sdk::Result Change(const Action& action, std::string_view key, sdk::Call& call);

  // What became of a change that somebody else than a program carries out; nothing when it is not
  // waited for.
  std::optional<sdk::Result> Recall(std::string_view key);

 private:
  struct Order;  // one action being carried out

  sdk::Result Topology(const Order& order);
  sdk::Result SiteRoute(const Order& order);
  sdk::Result Enablement(const Order& order);
  sdk::Result Association(const Order& order);
  sdk::Result CentralStore(const Order& order);
  sdk::Result Service(const Order& order);
  sdk::Result Components(const Order& order);
  sdk::Result Streams(const Order& order);

  struct Script {  // that changes something
    std::string_view name;
    Value arguments;
    Value memo = Value::Map{};
  };
  sdk::Result Run(const Order& order, Shell& shell, Script script);
  sdk::Result Judge(std::string_view script,
                    const Value& memo,
                    const Shell& shell,
                    const Answer& answer,
                    sdk::Call* call);
  sdk::Result JudgeWrite(const Value& memo, const Answer& answer, sdk::Call* call);
  // The one that its central store is looked at on has been told nothing of the change.
  void AwaitStore(const Order& order, const Shell& changed);

  // Runs a script that writes to the central store, and keeps account of it.
  sdk::Result WriteStore(const Order& order,
                         Shell& shell,
                         std::string_view script,
                         const Value& arguments,
                         bool enables,
                         Waiting else_waiting);
  // Null: no session is declared, and `result` says so.
  Shell* ServerShell(const std::string& server, sdk::Result& result) const;

  const Settings& settings_;
  const Machines& machines_;
  Bookkeeping& books_;
};

}  // namespace poolshift::lync
