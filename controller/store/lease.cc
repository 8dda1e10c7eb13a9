#include "controller/store/lease.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>

#include "controller/model/digest.h"
#include <signal.h>
#include <unistd.h>

namespace poolshift {
namespace {

std::string HostName() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

// Field 22 of /proc/PID/stat; 0 when it cannot be read.
std::int64_t StartOf(std::int64_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(file, line);
  // The second field is a name in parentheses and may itself hold spaces and parentheses.
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream rest(line.substr(name_end + 1));
  constexpr int kFieldsBetween = 19;  // the 3rd to the 21st
  std::string skipped;
  for (int i = 0; i < kFieldsBetween; ++i)
    rest >> skipped;
  std::int64_t start = 0;
  rest >> start;
  return start;
}

}  // namespace

LeaseHolder ThisProcess(std::string who) {
  return {std::move(who), HostName(), getpid(), StartOf(getpid())};
}

bool StillRuns(const LeaseHolder& holder) {
  if (holder.host != HostName()) return true;
  if (kill(static_cast<pid_t>(holder.pid), 0) != 0 && errno == ESRCH) return false;
  const std::int64_t start = StartOf(holder.pid);
  return holder.process_start == 0 || start == 0 || start == holder.process_start;
}

Lease NextLease(std::int64_t last, const LeaseHolder& holder, absl::Time now) {
  Lease lease{std::max(last + 1, absl::ToUnixMillis(now)), holder, now};
  constexpr std::size_t kWord = 16;
  lease.word =
      Digest(holder.host + '\n' + std::to_string(holder.pid) + '\n' +
             std::to_string(holder.process_start) + '\n' + std::to_string(absl::ToUnixNanos(now)))
          .substr(0, kWord);
  return lease;
}

std::string ToString(const Lease& lease) {
  return lease.holder.who + " on " + lease.holder.host + " (process " +
         std::to_string(lease.holder.pid) + "), since " +
         absl::FormatTime("%Y-%m-%d %H:%M:%S", lease.since, absl::UTCTimeZone()) + " UTC";
}

}  // namespace poolshift
