// LogPump: reads what a provider program writes to stdout and stderr and hands it on line by line,
// printable, without letting a flood through: at most 1,000 lines a second, then a count of what
// was dropped.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "controller/world/descriptor.h"

namespace poolshift {

// Called from the provider's own reading thread, never at the same time for one provider.
using LogSink = std::function<void(std::string_view provider, std::string_view line)>;

class LogPump {
 public:
  // Reads `pipe` until its other end is closed everywhere or this object goes.
  LogPump(std::string provider, Descriptor pipe, LogSink sink);
  ~LogPump();

  // The last few lines, for the message that tells of a provider's end. Thread-safe.
  std::string LastWords() const;

 private:
  void Run();
  void Take(std::string_view bytes);
  void Emit(std::string_view line);
  void Deliver(std::string_view line);

  const std::string provider_;
  const Descriptor pipe_;
  const LogSink sink_;
  Descriptor stop_read_, stop_write_;

  std::string line_;  // begun and not ended
  std::int64_t second_ = 0;
  int in_second_ = 0;
  int dropped_ = 0;

  mutable std::mutex mutex_;
  std::deque<std::string> last_;
  bool ended_ = false;  // the pipe is at its end, or the pump was stopped
  mutable std::condition_variable all_read_;
  std::thread thread_;  // last: it uses the others
};

}  // namespace poolshift
