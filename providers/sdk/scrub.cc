#include "providers/sdk/scrub.h"

#include <algorithm>
#include <iostream>
#include <mutex>
#include <set>
#include <streambuf>
#include <vector>

#include <unistd.h>

namespace poolshift::sdk {
namespace {

constexpr std::size_t kShortest = 4;  // shorter ones would blot out ordinary words
constexpr std::size_t kWord = 16;

struct Hidden {
  std::mutex mutex;
  std::vector<std::string> texts;  // longest first, so that a part never uncovers the rest
  std::set<std::string, std::less<>> wholes;  // those that are a secret, not a word of one
};

Hidden& TheHidden() {
  static Hidden* const hidden = new Hidden;  // never destroyed: streams are used until the very end
  return *hidden;
}

void Hide(std::vector<std::string>& texts, std::string_view text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.emplace_back(text);
}

void HideWords(std::vector<std::string>& texts, std::string_view secret) {
  constexpr std::string_view kBetween = " \t\r\n\"';:{}(),";
  while (!secret.empty()) {
    const std::size_t end = std::min(secret.find_first_of(kBetween), secret.size());
    if (end >= kWord) Hide(texts, secret.substr(0, end));
    secret.remove_prefix(std::min(end + 1, secret.size()));
  }
}

// Collects a line, scrubs it, and writes it in one call.
class ScrubbingBuffer final : public std::streambuf {
 public:
  ~ScrubbingBuffer() override = default;

 protected:
  int overflow(int letter) override {
    const std::lock_guard lock(mutex_);
    if (letter != traits_type::eof()) line_ += static_cast<char>(letter);
    if (letter == '\n' || line_.size() > 8192) Flush();
    return letter;
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    const std::lock_guard lock(mutex_);
    line_.append(text, static_cast<std::size_t>(size));
    if (line_.find('\n') != std::string::npos || line_.size() > 8192) Flush();
    return size;
  }

 private:
  void Flush() {
    const std::string text = Scrubbed(line_);
    line_.clear();
    std::string_view rest = text;
    while (!rest.empty()) {
      const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
      if (written <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  std::mutex mutex_;
  std::string line_;
};

}  // namespace

void NeverShow(std::string_view secret) {
  if (secret.size() < kShortest) return;
  Hidden& hidden = TheHidden();
  const std::lock_guard lock(hidden.mutex);
  Hide(hidden.texts, secret);
  hidden.wholes.emplace(secret);
  HideWords(hidden.texts, secret);
  std::sort(hidden.texts.begin(), hidden.texts.end(), [](const auto& a, const auto& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
}

void MayBeShown(std::string_view word) {
  Hidden& hidden = TheHidden();
  const std::lock_guard lock(hidden.mutex);
  if (!hidden.wholes.contains(word)) std::erase(hidden.texts, word);
}

std::string Scrubbed(std::string_view text) {
  std::string clean(text);
  Hidden& hidden = TheHidden();
  const std::lock_guard lock(hidden.mutex);
  for (const std::string& secret : hidden.texts) {
    for (std::size_t at = clean.find(secret); at != std::string::npos;
         at = clean.find(secret, at)) {
      clean.replace(at, secret.size(), "[secret]");
      at += 8;
    }
  }
  return clean;
}

void ScrubStreams() {
  static ScrubbingBuffer* const buffer = new ScrubbingBuffer;
  for (std::ostream* stream : {&std::cerr, &std::clog, &std::cout})
    stream->rdbuf(buffer);
}

}  // namespace poolshift::sdk
