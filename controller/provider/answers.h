// What a plugin's answers mean to the controller: failed calls in words, results as ApplyResult.
// Private to this floor. `who` is PluginTitle's, `call` the name of the RPC.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include <grpcpp/grpcpp.h>

#include "controller/provider/plugin_process.h"
#include "controller/provider/provider.h"
#include "poolshift/provider/v1/provider.pb.h"

namespace poolshift {

// What a failed call means: ended (how, with its last words), hung, refused, or sent too much (a
// Violation).
absl::Status ExplainFailure(const std::string& who,
                            const PluginProcess& process,
                            const char* call,
                            const grpc::Status& status,
                            absl::Duration deadline);

// A Violation from what a decoder found wrong.
absl::Status Lie(const std::string& who, const char* call, const absl::Status& what);

// Whether the program said no before anything could happen.
bool IsRefusal(const absl::Status& status);

ApplyResult EffectUnknown(absl::Status status);

// A result as the engine wants it; rubbish is a Violation with its effect unknown. `target` is the
// resource that it has to be of, null when only the provider knows (Lookup). The observation's `at`
// and `provider` are not set.
ApplyResult DecodeResult(const std::string& who,
                         const char* call,
                         const provider::v1::Result& wire,
                         const ResourceId* target);

}  // namespace poolshift
