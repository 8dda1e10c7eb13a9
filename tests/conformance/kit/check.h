// Check: one promise of a provider that a program can break, with its name, the promise in a
// sentence, and where it is made.
#pragma once

#include <string>
#include <vector>

#include "tests/conformance/kit/scene.h"

namespace poolshift::conformance {

struct Check {
  std::string topic;    // "fencing"
  std::string name;     // "smaller-token-is-fenced": unique among all
  std::string promise;  // a sentence
  std::string source;   // "provider-protocol 5", "provider.proto Result", "guarantees G6"
  std::vector<Need> needs;
  void (*run)(Scene&);
};

// In the order in which they run.
const std::vector<Check>& AllChecks();

// On a scene of its own, from the first state; what it finds wrong are Google Test failures.
void RunCheck(const Check& check, const Fixture& fixture);

// Why the fixture's target cannot take part; "" when it can. A need that is neither offered nor
// explained is a Google Test failure.
std::string ReasonToLeaveOut(const Check& check, const Fixture& fixture);

std::string Words(Need need);

// The tables, one a file.
std::vector<Check> DescriptionChecks();
std::vector<Check> ConfigurationChecks();
std::vector<Check> ObservingChecks();
std::vector<Check> AbsenceChecks();
std::vector<Check> PreviewChecks();
std::vector<Check> ReadOnlyChecks();
std::vector<Check> ChangingChecks();
std::vector<Check> IdempotencyChecks();
std::vector<Check> PreconditionChecks();
std::vector<Check> FencingChecks();
std::vector<Check> LostReplyChecks();
std::vector<Check> CancellationChecks();
std::vector<Check> RestartChecks();
std::vector<Check> HostileChecks();
std::vector<Check> SecretChecks();
std::vector<Check> RefusalChecks();
std::vector<Check> ListingChecks();
std::vector<Check> ObserverChecks();

}  // namespace poolshift::conformance
