// Every test here runs in namespaces of its own (tests/hosts/machine.sh): the machine that it
// boots, its network and its mounts end with this program, however that ends. Where the kernel
// refuses them the tests fail and say so.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <unistd.h>

namespace {

constexpr const char* kInside = "POOLSHIFT_TEST_ISOLATED";

bool OnlyLists(int argc, char** argv) {
  for (int at = 1; at < argc; ++at) {
    if (std::string_view(argv[at]) == "--gtest_list_tests") return true;
  }
  return false;
}

[[noreturn]] void Isolate(int argc, char** argv) {
  ::setenv(kInside, "1", 1);
  char self[4096] = {};
  if (::readlink("/proc/self/exe", self, sizeof self - 1) < 0) std::abort();
  const std::string script = std::string(POOLSHIFT_SOURCE_DIR) + "/tests/hosts/machine.sh";
  std::vector<char*> words = {
      const_cast<char*>(script.c_str()), const_cast<char*>("isolated"), self};
  for (int at = 1; at < argc; ++at)
    words.push_back(argv[at]);
  words.push_back(nullptr);
  ::execv(script.c_str(), words.data());
  std::perror("cannot run tests/hosts/machine.sh");
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (::getenv(kInside) == nullptr && !OnlyLists(argc, argv)) Isolate(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
