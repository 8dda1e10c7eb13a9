// libFuzzer target: what git prints about the objects of a repository of somebody else. The first
// line says which commit and folder; the rest is read as each of the forms that git prints.
// Beyond crashes, leaks, undefined behaviour and time it checks what must hold for every input:
//   - a path that is accepted stays in its folder, and has no part `..` or `.git` and nothing that
//     steers a terminal; it is a plain file, and stands there once
//   - sizes and counts are within the limits
//   - what was accepted prints, and reads as the same again
//   - nothing that is no id of an object is taken for one
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "controller/gitops/git_objects.h"
#include "controller/gitops/git_place.h"
#include "controller/gitops/manifest_choice.h"
#include "controller/manifest/manifest.h"

namespace {

using namespace poolshift;  // NOLINT(google-build-using-namespace)

void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

bool IsId(const std::string& text) {
  return (text.size() == 40 || text.size() == 64) && std::ranges::all_of(text, [](char digit) {
           return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
         });
}

bool IsOneLine(const std::string& text) { return text.find('\n') == std::string::npos; }

// Written for this, without a look at how paths are judged.
void CheckPart(std::string_view part) {
  Require(!part.empty() && part != "." && part != "..", "a path that leads elsewhere");
  std::string small(part);
  std::ranges::transform(small, small.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  });
  Require(small != ".git", "a path into git's own folder");
  for (std::size_t i = 0; i < part.size(); ++i) {
    const auto byte = static_cast<unsigned char>(part[i]);
    Require(byte >= 0x20 && byte != 0x7F && byte != '\\', "a path that steers a terminal");
    // U+0080 to U+009F, which are control characters too, and bytes that UTF-8 never has.
    const auto next = i + 1 < part.size() ? static_cast<unsigned char>(part[i + 1]) : 0U;
    Require(byte != 0xC2 || next >= 0xA0, "a path with a control character of two bytes");
    Require(byte != 0xC0 && byte != 0xC1 && byte < 0xF5, "a path that is not UTF-8");
  }
}

void CheckPath(const std::string& folder, std::string_view path) {
  if (!folder.empty()) Require(path.starts_with(folder + '/'), "a path outside of its folder");
  for (;;) {
    const std::size_t end = path.find('/');
    CheckPart(path.substr(0, end));
    if (end == std::string_view::npos) return;
    path.remove_prefix(end + 1);
  }
}

std::string Printed(const std::vector<TreeEntry>& entries) {
  std::string text;
  for (const TreeEntry& entry : entries) {
    text += entry.mode + " blob " + entry.object + ' ' + std::to_string(entry.size) + '\t' +
            entry.path + '\0';
  }
  return text;
}

bool Same(const std::vector<TreeEntry>& one, const std::vector<TreeEntry>& other) {
  return std::ranges::equal(one, other, [](const TreeEntry& left, const TreeEntry& right) {
    return left.mode == right.mode && left.object == right.object && left.size == right.size &&
           left.path == right.path;
  });
}

void CheckLock(const std::string& folder, const TreeEntry& lock) {
  Require(lock.path == (folder.empty() ? "" : folder + '/') + "poolshift.lock",
          "another lock file");
  Require(lock.mode == "100644" && lock.size <= ManifestLimits::kFileBytes, "no plain lock file");
}

void CheckTree(const std::string& commit, const std::string& folder, std::string_view text) {
  const auto entries = ReadTreeListing(text);
  if (!entries.ok()) return;
  for (const TreeEntry& entry : *entries) {
    Require(IsId(entry.object), "an entry without an object");
    Require(!entry.path.empty() && entry.path.find('\0') == std::string::npos, "no path");
  }
  const auto again = ReadTreeListing(Printed(*entries));
  Require(again.ok() && Same(*entries, *again), "a list that prints as another");
  const auto files = ChooseFiles(commit, folder, *entries);
  if (!files.ok()) return;
  const std::vector<TreeEntry>* const chosen = &files->manifests;
  if (files->lock.has_value()) CheckLock(folder, *files->lock);
  std::uint64_t total = 0;
  for (const TreeEntry& entry : *chosen) {
    CheckPath(folder, entry.path);
    Require(entry.path.ends_with(".yaml") || entry.path.ends_with(".yml"), "no manifest");
    Require(entry.mode == "100644", "something else than a plain file");
    Require(entry.size <= ManifestLimits::kFileBytes, "a file that is too large");
    total += entry.size;
  }
  Require(total <= ManifestLimits::kTotalBytes, "more than may be read");
  Require(chosen->size() <= std::min(entries->size(), ManifestLimits::kFiles), "too many files");
  for (std::size_t i = 1; i < chosen->size(); ++i)
    Require((*chosen)[i - 1].path != (*chosen)[i].path, "a path that is there twice");
  // A list that is taken holds no link and no submodule, and nothing that leads elsewhere, also
  // where it is no manifest.
  for (const TreeEntry& entry : *entries) {
    Require(entry.mode != "120000" && entry.mode != "160000", "a link that is overlooked");
    CheckPath("", entry.path);
  }
}

// The ids of a batch as its own heads have them, so that a reader has a chance to accept it.
std::vector<std::string> ObjectsNamed(std::string_view text) {
  std::vector<std::string> objects;
  while (!text.empty() && objects.size() < 64) {
    const std::string head(text.substr(0, text.find('\n')));
    objects.push_back(head.substr(0, head.find(' ')));
    const std::size_t size =
        std::strtoull(head.c_str() + std::min(head.size(), head.rfind(' ') + 1), nullptr, 10);
    const std::size_t rest = head.size() + 1;
    if (rest >= text.size() || size >= text.size() - rest) break;
    text.remove_prefix(rest + size + 1);
  }
  return objects;
}

void CheckBatch(std::string_view text) {
  const std::vector<std::string> objects = ObjectsNamed(text);
  const auto contents = ReadBatch(text, objects);
  if (!contents.ok()) return;
  Require(contents->size() == objects.size(), "contents of other objects");
  std::string printed;
  std::size_t total = 0;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const std::string& content = (*contents)[i];
    printed += objects[i] + " blob " + std::to_string(content.size()) + '\n' + content + '\n';
    total += content.size();
  }
  Require(total <= text.size(), "more than git printed");
  const auto again = ReadBatch(printed, objects);
  Require(again.ok() && *again == *contents, "contents that print as others");
}

void CheckRecords(std::string_view text) {
  const auto records = ReadCommitRecords(text);
  if (!records.ok()) return;
  std::string printed;
  for (const CommitRecord& record : *records) {
    Require(IsId(record.id), "a commit without an id");
    printed += record.id;
    for (const std::string& parent : record.parents) {
      Require(IsId(parent), "a parent without an id");
      printed += ' ' + parent;
    }
    printed += '\n';
  }
  const auto again = ReadCommitRecords(printed);
  const auto same = [](const CommitRecord& left, const CommitRecord& right) {
    return left.id == right.id && left.parents == right.parents;
  };
  Require(again.ok() && std::ranges::equal(*records, *again, same), "commits that print as others");
}

void CheckMessage(const std::string& commit, std::string_view text) {
  const auto message = ReadCommitMessage(commit, text);
  if (!message.ok()) return;
  Require(message->id == commit, "the message of another commit");
  Require(message->committed_at < absl::InfiniteFuture(), "a commit without a time");
  Require(IsOneLine(message->author) && IsOneLine(message->subject), "a subject of two lines");
  std::string printed = message->author + '\n' +
                        std::to_string(absl::ToUnixSeconds(message->committed_at)) + '\n' +
                        message->subject + '\n';
  for (const auto& [name, value] : message->trailers) {
    Require(!name.empty() && name.find(':') == std::string::npos && IsOneLine(name + value),
            "a trailer that is none");
    printed += name + ": " + value + '\n';
  }
  const auto again = ReadCommitMessage(commit, printed);
  Require(again.ok() && again->trailers == message->trailers && again->author == message->author &&
              again->subject == message->subject && again->committed_at == message->committed_at,
          "a message that prints as another");
}

void CheckRefs(std::string_view text) {
  std::string printed;
  const std::vector<RemoteRef> refs = ReadRemoteRefs(text);
  for (const RemoteRef& ref : refs) {
    Require(IsId(ref.object) && !ref.name.empty() && IsOneLine(ref.name), "a ref that is none");
    printed += ref.object + '\t' + ref.name + '\n';
  }
  const auto same = [](const RemoteRef& left, const RemoteRef& right) {
    return left.object == right.object && left.name == right.name;
  };
  Require(std::ranges::equal(refs, ReadRemoteRefs(printed), same), "refs that print as others");
}

// Words of git's command line.
void CheckPlace(const std::string& text) {
  const auto named = ReadGitPlace("/srv/git", text, "");
  if (named.ok()) {
    Require(!named->ref.starts_with('-') && IsOneLine(named->ref), "a ref that is an option");
    Require(named->ref.find_first_of(": ^~") == std::string::npos,
            "a ref that names more than one");
  }
  const auto place = ReadGitPlace("/srv/git", "", text);
  if (!place.ok() || place->folder.empty()) return;
  const std::string around = '/' + place->folder + '/';
  for (const char* part : {"//", "/./", "/../", "\n", "\\"})
    Require(around.find(part) == std::string::npos, "a folder that leads elsewhere");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string word = text.substr(0, line);
  const std::string_view rest = std::string_view(text).substr(std::min(line + 1, text.size()));
  const std::string commit(40, 'c');
  CheckPlace(word);
  const auto place = ReadGitPlace("/srv/git", "", word);
  CheckTree(commit, place.ok() ? place->folder : "", rest);
  CheckBatch(rest);
  CheckRecords(rest);
  CheckMessage(commit, rest);
  CheckRefs(rest);
  return 0;
}
