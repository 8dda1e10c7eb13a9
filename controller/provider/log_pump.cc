#include "controller/provider/log_pump.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "controller/provider/printable.h"
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace poolshift {
namespace {

constexpr std::size_t kLongestLine = 8192;
constexpr int kLinesPerSecond = 1000;
constexpr std::size_t kLastWords = 3;
constexpr std::chrono::milliseconds kLastWordsPatience(500);

std::int64_t Second() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace

LogPump::LogPump(std::string provider, Descriptor pipe, LogSink sink)
    : provider_(std::move(provider)), pipe_(std::move(pipe)), sink_(std::move(sink)) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) == 0) {
    stop_read_ = Descriptor(ends[0]);
    stop_write_ = Descriptor(ends[1]);
  }
  thread_ = std::thread([this] { Run(); });
}

LogPump::~LogPump() {
  stop_write_.Close();
  thread_.join();
}

std::string LogPump::LastWords() const {
  std::unique_lock lock(mutex_);
  // What an ended program wrote may still be in the pipe. A child of it may hold the pipe open.
  all_read_.wait_for(lock, kLastWordsPatience, [this] { return ended_; });
  std::string words;
  for (const std::string& line : last_)
    words += (words.empty() ? "" : " / ") + line;
  return words;
}

void LogPump::Run() {
  std::array<char, 4096> buffer;
  for (;;) {
    pollfd waits[] = {{pipe_.number(), POLLIN, 0}, {stop_read_.number(), POLLIN, 0}};
    if (::poll(waits, 2, -1) < 0 && errno != EINTR) break;
    if ((waits[0].revents & (POLLIN | POLLHUP)) != 0) {
      const ssize_t got = ::read(pipe_.number(), buffer.data(), buffer.size());
      if (got == 0) break;
      if (got > 0) Take({buffer.data(), static_cast<std::size_t>(got)});
      continue;  // what was written before the end is read before the stop is heeded
    }
    if (waits[1].revents != 0) break;
  }
  if (!line_.empty()) Emit(line_);
  if (dropped_ > 0) Deliver("(" + std::to_string(dropped_) + " lines were dropped)");
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  all_read_.notify_all();
}

void LogPump::Take(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    line_ += bytes.substr(0, end);
    if (end != std::string_view::npos || line_.size() >= kLongestLine) {
      Emit(std::string_view(line_).substr(0, kLongestLine));
      line_.clear();
    }
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
}

void LogPump::Emit(std::string_view line) {
  const std::int64_t now = Second();
  if (now != second_) {
    if (dropped_ > 0) Deliver("(" + std::to_string(dropped_) + " lines were dropped)");
    second_ = now;
    in_second_ = 0;
    dropped_ = 0;
  }
  if (++in_second_ > kLinesPerSecond) {
    ++dropped_;
    return;
  }
  Deliver(line);
}

void LogPump::Deliver(std::string_view line) {
  const std::string shown = Printable(line);
  {
    const std::lock_guard lock(mutex_);
    last_.push_back(shown.substr(0, 200));
    if (last_.size() > kLastWords) last_.pop_front();
  }
  if (sink_) sink_(provider_, shown);
}

}  // namespace poolshift
