#include "providers/linux/bus.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "absl/time/clock.h"

#include "controller/model/try.h"
#include <systemd/sd-bus.h>

namespace poolshift::linux_host {
namespace {

constexpr const char* kService = "org.freedesktop.systemd1";
constexpr const char* kManagerPath = "/org/freedesktop/systemd1";
constexpr const char* kManager = "org.freedesktop.systemd1.Manager";

struct Unref {
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
  void operator()(sd_bus_slot* slot) const { sd_bus_slot_unref(slot); }
};
using Message = std::unique_ptr<sd_bus_message, Unref>;

class Error {
 public:
  Error() = default;
  ~Error() { sd_bus_error_free(&error_); }
  Error(const Error&) = delete;
  Error& operator=(const Error&) = delete;
  sd_bus_error* get() { return &error_; }
  std::string name() const { return error_.name == nullptr ? "" : error_.name; }
  std::string message() const { return error_.message == nullptr ? "" : error_.message; }

 private:
  sd_bus_error error_ = SD_BUS_ERROR_NULL;
};

std::uint64_t MicrosecondsUntil(absl::Time deadline) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(1, absl::ToInt64Microseconds(deadline - absl::Now())));
}

absl::Status Meaning(int result, const Error& error, const std::string& what) {
  const std::string name = error.name();
  const std::string text =
      what + ": " + (error.message().empty() ? std::strerror(-result) : error.message());
  if (name == "org.freedesktop.DBus.Error.AccessDenied" ||
      name == "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired" ||
      name == "org.freedesktop.DBus.Error.AuthFailed") {
    return absl::PermissionDeniedError(
        text +
        "; allow the account org.freedesktop.systemd1.manage-units and "
        "manage-unit-files by a polkit rule, or use `sudo: true`");
  }
  if (name == "org.freedesktop.systemd1.NoSuchUnit") return absl::NotFoundError(text);
  if (name == "org.freedesktop.DBus.Error.NoReply" ||
      name == "org.freedesktop.DBus.Error.Timeout" || result == -ETIMEDOUT) {
    return absl::DeadlineExceededError(text);
  }
  const bool lost = result == -ECONNRESET || result == -ENOTCONN || result == -EPIPE;
  if (lost || name == "org.freedesktop.DBus.Error.Disconnected") return absl::UnknownError(text);
  return absl::FailedPreconditionError(text);
}

// One call without or with an answer that is of interest.
class Method {
 public:
  Method(sd_bus* bus, const char* object, const char* interface, const char* member)
      : bus_(bus), what_(member) {
    sd_bus_message* made = nullptr;
    result_ = sd_bus_message_new_method_call(bus, &made, kService, object, interface, member);
    call_.reset(made);
  }
  sd_bus_message* call() { return call_.get(); }
  void Check(int result) { result_ = result_ < 0 ? result_ : result; }

  absl::StatusOr<Message> Send(absl::Time deadline) {
    Error error;
    sd_bus_message* reply = nullptr;
    if (result_ >= 0)
      result_ = sd_bus_call(bus_, call_.get(), MicrosecondsUntil(deadline), error.get(), &reply);
    if (result_ < 0) return Meaning(result_, error, what_);
    return Message(reply);
  }

 private:
  sd_bus* bus_;
  const std::string what_;
  Message call_;
  int result_ = 0;
};

// The value of a variant when it is a text or a number; else it is passed over.
std::optional<std::string> TakeVariant(sd_bus_message* message) {
  char type = 0;
  const char* contents = nullptr;
  if (sd_bus_message_peek_type(message, &type, &contents) < 0 || contents == nullptr ||
      std::strlen(contents) != 1 || std::strchr("subiuxtnqo", contents[0]) == nullptr) {
    sd_bus_message_skip(message, "v");
    return std::nullopt;
  }
  const char kind = contents[0];
  sd_bus_message_enter_container(message, 'v', contents);
  std::string text;
  if (kind == 's' || kind == 'o') {
    const char* value = "";
    sd_bus_message_read_basic(message, kind, static_cast<void*>(&value));
    text = value;
  } else {
    std::uint64_t value = 0;  // every number of D-Bus fits, and this machine is little-endian
    sd_bus_message_read_basic(message, kind, &value);
    text = kind == 'i' ? std::to_string(static_cast<std::int32_t>(value)) : std::to_string(value);
  }
  sd_bus_message_exit_container(message);
  return text;
}

// Jobs that have ended since the subscription, with their results.
using EndedJobs = std::map<std::string, std::string>;

int NoteEndedJob(sd_bus_message* message, void* jobs, sd_bus_error* /*error*/) {
  std::uint32_t number = 0;
  const char *path = nullptr, *unit = nullptr, *result = nullptr;
  if (sd_bus_message_read(message, "uoss", &number, &path, &unit, &result) >= 0)
    (*static_cast<EndedJobs*>(jobs))[path] = result;
  return 0;
}

absl::StatusOr<std::string> ResultOf(sd_bus* bus,
                                     const EndedJobs& ended,
                                     const std::string& job,
                                     absl::Time deadline) {
  for (;;) {
    const auto found = ended.find(job);
    if (found != ended.end()) return found->second;
    const int done = sd_bus_process(bus, nullptr);
    if (done < 0) return absl::UnknownError("the connection was lost while the job ran");
    if (done > 0) continue;
    if (absl::Now() >= deadline)
      return absl::DeadlineExceededError("the job did not end in time; it goes on");
    sd_bus_wait(bus, MicrosecondsUntil(deadline));
  }
}

}  // namespace

void Bus::Closer::operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }

std::string UnitPath(const std::string& unit) {
  char* path = nullptr;
  sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit.c_str(), &path);
  const std::string result = path == nullptr ? "" : path;
  std::free(path);  // NOLINT(cppcoreguidelines-no-malloc): sd-bus's own
  return result;
}

absl::StatusOr<Bus> Bus::Connect(const std::string& socket_path, absl::Time deadline) {
  sd_bus* made = nullptr;
  if (sd_bus_new(&made) < 0) return absl::ResourceExhaustedError("no memory for a bus");
  Bus bus(made);
  const std::string address = "unix:path=" + socket_path;
  int result = sd_bus_set_address(made, address.c_str());
  if (result >= 0) result = sd_bus_set_bus_client(made, 1);
  if (result >= 0) result = sd_bus_set_method_call_timeout(made, MicrosecondsUntil(deadline));
  if (result >= 0) result = sd_bus_start(made);
  const char* name = nullptr;
  if (result >= 0) result = sd_bus_get_unique_name(made, &name);  // waits for the greeting
  if (result < 0)
    return absl::UnavailableError(
        std::string("its system bus does not answer through SSH (") + std::strerror(-result) +
        "); sshd must allow AllowStreamLocalForwarding, and dbus must run there");
  return bus;
}

absl::StatusOr<std::map<std::string, std::string>> Bus::Properties(const std::string& object,
                                                                   const char* interface,
                                                                   absl::Time deadline) {
  Method method(bus_.get(), object.c_str(), "org.freedesktop.DBus.Properties", "GetAll");
  method.Check(sd_bus_message_append(method.call(), "s", interface));
  POOLSHIFT_ASSIGN(const Message reply, method.Send(deadline));
  std::map<std::string, std::string> properties;
  sd_bus_message* message = reply.get();
  if (sd_bus_message_enter_container(message, 'a', "{sv}") < 0)
    return absl::InternalError("GetAll answered with something else than properties");
  while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
    const char* name = "";
    sd_bus_message_read_basic(message, 's', static_cast<void*>(&name));
    const std::string key = name;
    if (auto value = TakeVariant(message)) properties[key] = *std::move(value);
    sd_bus_message_exit_container(message);
  }
  return properties;
}

absl::Status Bus::RunJob(const char* method_name, const std::string& unit, absl::Time deadline) {
  EndedJobs ended;
  sd_bus_slot* made = nullptr;
  sd_bus_match_signal(
      bus_.get(), &made, kService, kManagerPath, kManager, "JobRemoved", &NoteEndedJob, &ended);
  const std::unique_ptr<sd_bus_slot, Unref> slot(made);
  POOLSHIFT_TRY(Method(bus_.get(), kManagerPath, kManager, "Subscribe").Send(deadline).status());
  Method method(bus_.get(), kManagerPath, kManager, method_name);
  method.Check(sd_bus_message_append(method.call(), "ss", unit.c_str(), "replace"));
  POOLSHIFT_ASSIGN(const Message reply, method.Send(deadline));
  const char* job = "";
  if (sd_bus_message_read(reply.get(), "o", &job) < 0)
    return absl::InternalError("systemd named no job");
  POOLSHIFT_ASSIGN(const std::string result, ResultOf(bus_.get(), ended, job, deadline));
  if (result == "done") return absl::OkStatus();
  return absl::InternalError(std::string(method_name) + " of " + unit + " ended as `" + result +
                             '`');
}

absl::Status Bus::ChangeUnitFile(const char* method_name,
                                 const std::string& unit,
                                 absl::Time deadline) {
  Method method(bus_.get(), kManagerPath, kManager, method_name);
  method.Check(sd_bus_message_append(method.call(), "as", 1, unit.c_str()));
  method.Check(sd_bus_message_append(method.call(), "b", 0));  // for good, not until next boot
  const std::string_view name = method_name;
  if (name == "EnableUnitFiles" || name == "MaskUnitFiles")
    method.Check(sd_bus_message_append(method.call(), "b", 0));  // no force
  POOLSHIFT_TRY(method.Send(deadline).status());
  return Method(bus_.get(), kManagerPath, kManager, "Reload").Send(deadline).status();
}

}  // namespace poolshift::linux_host
