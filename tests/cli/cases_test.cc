// Every folder of tests/cli/cases is one call of the program, compared byte for byte (README.md
// there).

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "tests/cli/program.h"
#include "tests/golden/golden_file.h"
#include <unistd.h>

namespace poolshift {
namespace {

namespace fs = std::filesystem;

const std::regex kTime(R"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z)");
// Where the tree stands, if anywhere.
const std::regex kCommit(R"re("commit": "([0-9a-f]{40})?")re");
const fs::path kCases = POOLSHIFT_SOURCE_DIR "/tests/cli/cases";

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kCases)) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Replace(const std::string& from, const std::string& to, std::string& text) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

// A fresh copy of the case, so that no run can change the tree; removed at the end.
class CaseFolder {
 public:
  explicit CaseFolder(const std::string& name) {
    std::string made = (fs::temp_directory_path() / "poolshift-case-XXXXXX").string();
    EXPECT_NE(::mkdtemp(made.data()), nullptr);
    root_ = made;
    fs::create_directories(root_ / "home");
    if (fs::exists(kCases / name / "work"))
      fs::copy(kCases / name / "work", work(), fs::copy_options::recursive);
    fs::create_directories(work());
    fs::create_directory_symlink(POOLSHIFT_SOURCE_DIR, source());
  }
  ~CaseFolder() { fs::remove_all(root_); }
  CaseFolder(const CaseFolder&) = delete;
  CaseFolder& operator=(const CaseFolder&) = delete;

  fs::path work() const { return root_ / "work"; }
  // The tree, by a name as long as on every other machine: lines break at the same places.
  fs::path source() const { return root_ / "source"; }
  const fs::path& root() const { return root_; }

 private:
  fs::path root_;
};

class CliCases : public ::testing::TestWithParam<std::string> {};

TEST_P(CliCases, AnswersByteForByte) {
  const fs::path golden = kCases / GetParam();
  const CaseFolder folder(GetParam());
  ProgramCall call;
  call.words = Lines(ReadGolden(golden / "args"));
  for (std::string& word : call.words)
    Replace("$SOURCE", folder.source().string(), word);
  call.directory = folder.work().string();
  call.input = ReadGolden(golden / "stdin");
  call.environment = Lines(ReadGolden(golden / "environment"));
  call.environment.push_back("HOME=" + (folder.root() / "home").string());
  ProgramRun run = RunProgram(call);
  for (std::string* text : {&run.out, &run.err}) {
    Replace(POOLSHIFT_BIN_DIR, "$BIN", *text);
    Replace(folder.source().string(), "$SOURCE", *text);
    Replace(folder.root().string(), "$ROOT", *text);
    *text = std::regex_replace(*text, kTime, "$$TIME");
    *text = std::regex_replace(*text, kCommit, "\"commit\": \"$$COMMIT\"");
  }
  ExpectGolden(golden / "stdout", run.out);
  ExpectGolden(golden / "stderr", run.err);
  ExpectGolden(golden / "status", std::to_string(run.status) + '\n');
}

std::string TestName(const ::testing::TestParamInfo<std::string>& tested) {
  std::string name = tested.param;
  for (char& letter : name) {
    if (letter == '-') letter = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Calls, CliCases, ::testing::ValuesIn(CaseNames()), TestName);

}  // namespace
}  // namespace poolshift
