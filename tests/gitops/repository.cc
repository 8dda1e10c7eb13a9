#include "tests/gitops/repository.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace poolshift {
namespace {

namespace fs = std::filesystem;

const std::string kHere = POOLSHIFT_SOURCE_DIR "/tests/gitops/";

std::string MakeFolder(const std::string& name) {
  std::string folder = (fs::temp_directory_path() / (name + "-XXXXXX")).string();
  EXPECT_NE(::mkdtemp(folder.data()), nullptr);
  return folder;
}

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The quickstart without its policy, which the tests write themselves.
std::string Inventory() {
  std::string text = ReadAll(POOLSHIFT_SOURCE_DIR "/manifests/quickstart/contoso.yaml");
  return text.substr(0, text.find("---\napiVersion: poolshift/v1\nkind: Policy"));
}

std::string Shell(const std::string& command, int& status) {
  std::FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT: the commands are ours
  std::string output;
  for (int letter = 0; (letter = std::fgetc(pipe)) != EOF;)
    output += static_cast<char>(letter);
  status = ::pclose(pipe);
  return output;
}

}  // namespace

std::string RepositoryTest::keys_;

void RepositoryTest::SetUpTestSuite() {
  keys_ = MakeFolder("ps-keys");
  int status = 0;
  const std::string told = Shell("KEYS=" + keys_ + " sh " + kHere + "keys.sh 2>&1", status);
  ASSERT_EQ(status, 0) << told;
}

void RepositoryTest::TearDownTestSuite() {
  int status = 0;
  Shell("for home in " + keys_ + "/*.gnupg; do gpgconf --homedir $home --kill gpg-agent; done",
        status);
  fs::remove_all(keys_);
}

RepositoryTest::RepositoryTest()
    : root_(MakeFolder("ps-git")),
      repository_(root_ + "/work"),
      world_{&clock_, &files_, &processes_} {
  fs::create_directories(repository_);
  fs::create_directories(root_ + "/home");
  std::ofstream(repository_ + "/contoso.yaml", std::ios::binary) << Inventory();
  Script(
      "git init -q -b main . && git config user.name Somebody && git config user.email "
      "s@contoso.com;"
      "git config gc.auto 0; mkdir sites; echo '# Berlin' >sites/berlin.yaml; echo hello "
      ">README.md;"
      "policy >policy.yaml; commit alice base; git tag base");
}

RepositoryTest::~RepositoryTest() { fs::remove_all(root_); }

std::string RepositoryTest::Script(const std::string& script) const {
  const std::string file = root_ + "/script";
  std::ofstream(file, std::ios::binary) << "set -e\n. " << kHere << "prelude.sh\n"
                                        << script << '\n';
  int status = 0;
  std::string output = Shell("cd " + repository_ + " && HOME=" + root_ + "/home KEYS=" + keys_ +
                                 " sh " + file + " 2>" + root_ + "/errors",
                             status);
  EXPECT_EQ(status, 0) << script << '\n' << ReadAll(root_ + "/errors");
  while (output.ends_with('\n'))
    output.pop_back();
  return output;
}

GitProgram::Options RepositoryTest::OptionsFor(const std::string& ref,
                                               const std::string& folder) const {
  GitProgram::Options options;
  const auto place = ReadGitPlace(repository_, ref, folder);
  EXPECT_TRUE(place.ok()) << place.status();
  options.place = *place;
  options.directory = root_ + "/state/git";
  return options;
}

GitSource RepositoryTest::Open(const GitProgram::Options& options) const {
  absl::StatusOr<GitSource> source = GitSource::Open(world_, options);
  EXPECT_TRUE(source.ok()) << source.status();
  return *std::move(source);
}

absl::StatusOr<Verdict> RepositoryTest::JudgeFromBase(GitSource& source) const {
  const auto tip = source.Fetch();
  if (!tip.ok()) return tip.status();
  const std::string base = Id("base^{commit}");
  const auto standing = source.StandOn(base, base);
  if (!standing.ok()) return standing.status();
  return source.Judge(*standing, *tip, clock_.Now());
}

}  // namespace poolshift
