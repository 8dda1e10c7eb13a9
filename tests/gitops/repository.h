// A real repository with real keys, made by real git, gpg and ssh-keygen, and a source that reads
// it.
#pragma once

#include <string>

#include "gtest/gtest.h"

#include "controller/gitops/git_source.h"
#include "controller/world/world.h"

namespace poolshift {

// alice may change everything, bob what is in sites/ and *.md at the top, carol everything with an
// OpenPGP key. old, lapsed (OpenPGP) have expired, gone, taken (OpenPGP) are revoked; eve and
// stranger (OpenPGP) may not sign. The newest commit on `main`, tagged `base`, is alice's.
class RepositoryTest : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  RepositoryTest();
  ~RepositoryTest() override;

  // Runs a shell script (prelude.sh) in the repository; what it printed, without the last line end.
  std::string Script(const std::string& script) const;
  std::string Id(const std::string& name) const { return Script("git rev-parse " + name); }

  GitProgram::Options OptionsFor(const std::string& ref = "main",
                                 const std::string& folder = "") const;
  GitSource Open(const GitProgram::Options& options) const;
  GitSource Open() const { return Open(OptionsFor()); }
  // Stands on `base` and judges what there is now.
  absl::StatusOr<Verdict> JudgeFromBase(GitSource& source) const;

  std::string root_, repository_;
  RealClock clock_;
  mutable RealFiles files_;
  mutable RealProcesses processes_;
  World world_;

 private:
  static std::string keys_;
};

}  // namespace poolshift
