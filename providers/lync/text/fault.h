// Fault: why a command did not do what it should, and what follows from that. Errors of the
// platform are told apart by their id, and by their words where the id says too little (domain.md
// g.8). Pure.
#pragma once

#include <string>
#include <string_view>

#include "controller/model/value.h"

namespace poolshift::lync {

enum class FaultKind {
  kUnreachable,   // the machine was not reached: nothing was begun
  kLost,          // begun, and no answer: nobody knows
  kRetryable,     // a time-out, a connection that could not be made
  kPermission,    // the account may not
  kConflict,      // the platform is in another state than the action needs
  kNotSupported,  // this product, or this machine, has no such command or parameter
  kFatal,         // everything else
};
std::string_view Name(FaultKind kind);

struct Fault {
  FaultKind kind = FaultKind::kFatal;
  std::string text;  // what happened and what to do next
};

// Of an error record: its FullyQualifiedErrorId, message, category, and the command that failed.
Fault Classify(std::string_view id,
               std::string_view message,
               std::string_view category,
               std::string_view command);

// Of {id, message, category, command} as the scripts send it.
Fault FaultOf(const Value& record);

}  // namespace poolshift::lync
