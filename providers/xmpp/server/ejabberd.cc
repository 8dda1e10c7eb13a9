#include "providers/xmpp/server/ejabberd.h"

#include <utility>

#include "controller/model/try.h"
#include "providers/xmpp/server/answers.h"
#include "providers/xmpp/server/http.h"

namespace poolshift::xmpp {
namespace {

class Ejabberd final : public linux_host::PeerStreams {
 public:
  Ejabberd(const linux_host::Machine& machine, EjabberdApi api)
      : machine_(machine), api_(std::move(api)) {}

  absl::StatusOr<std::int64_t> Count(absl::Time deadline) override {
    std::int64_t sum = 0;
    for (const char* direction : {"incoming_s2s_number", "outgoing_s2s_number"}) {
      POOLSHIFT_ASSIGN(const std::string answer, Ask(direction, deadline));
      const auto number = NumberIn(answer);
      if (!number.ok())
        return absl::UnavailableError("ejabberd on " + machine_.name() + " answered `" + answer +
                                      "` to " + direction);
      sum += *number;
    }
    return sum;
  }

  absl::Status Close(absl::Time deadline) override {
    return Ask("stop_s2s_connections", deadline).status();
  }

  absl::StatusOr<std::vector<std::string>> Domains(absl::Time deadline) override {
    POOLSHIFT_ASSIGN(const std::string answer, Ask("registered_vhosts", deadline));
    auto domains = HostsIn(answer);
    if (domains.ok()) return domains;
    return absl::UnavailableError("ejabberd on " + machine_.name() + " answered `" + answer +
                                  "` to registered_vhosts");
  }

  std::vector<std::string> CloseCommands() const override {
    return {linux_host::Typed(machine_,
                              {"curl",
                               "-X",
                               "POST",
                               "-d",
                               "{}",
                               "http://" + Place() + api_.path + "/stop_s2s_connections"}),
            "# or, when nobody answers there: " +
                linux_host::Typed(machine_, {api_.ejabberdctl, "stop_s2s_connections"})};
  }

 private:
  std::string Place() const { return api_.address + ':' + std::to_string(api_.port); }

  absl::StatusOr<std::string> Ask(const std::string& command, absl::Time deadline) const {
    POOLSHIFT_ASSIGN(const std::string socket,
                     machine_.host().Forward(
                         {.path = "", .address = api_.address, .port = api_.port}, deadline));
    const auto answer = Post(socket, Place(), api_.path + '/' + command, "{}", deadline);
    // A command that is not carried out twice by asking twice may be asked for in the other way.
    if (absl::IsNotFound(answer.status())) return AskByCommand(command, deadline);
    if (!answer.ok())
      return absl::Status(answer.status().code(),
                          "ejabberd on " + machine_.name() + " at " + Place() + ": " +
                              std::string(answer.status().message()));
    if (answer->status == 200) return answer->body;
    const std::string text = "ejabberd on " + machine_.name() + " answers " +
                             std::to_string(answer->status) + " to " + api_.path + '/' + command +
                             ": " + answer->body;
    if (answer->status == 401 || answer->status == 403)
      return absl::PermissionDeniedError(
          text + "; allow it in `api_permissions` for mod_http_api from the loopback address");
    return absl::UnavailableError(text + "; is `/api: mod_http_api` among the request_handlers?");
  }

  absl::StatusOr<std::string> AskByCommand(const std::string& command, absl::Time deadline) const {
    POOLSHIFT_ASSIGN(const ssh::Output output, machine_.Run({api_.ejabberdctl, command}, deadline));
    if (output.status == 0) return output.out.empty() ? "0" : output.out;
    return absl::UnavailableError("nobody answers at " + Place() + " of " + machine_.name() +
                                  ", and `ejabberdctl " + command +
                                  "` says: " + linux_host::Complaint(output));
  }

  const linux_host::Machine machine_;
  const EjabberdApi api_;
};

}  // namespace

std::unique_ptr<linux_host::PeerStreams> MakeEjabberd(const linux_host::Machine& machine,
                                                      const EjabberdApi& api) {
  return std::make_unique<Ejabberd>(machine, api);
}

}  // namespace poolshift::xmpp
