#include "providers/xmpp/server/prosody.h"

#include "controller/model/try.h"
#include "providers/xmpp/server/answers.h"

namespace poolshift::xmpp {
namespace {

// Authenticated streams, both ways. `>` gives the line the server's own variables; what is in the
// making has another type (s2sin_unauthed).
constexpr const char* kCount =
    "> local n = 0 for s in pairs(prosody.incoming_s2s) do if s.type == 's2sin' then n = n + 1 end "
    "end for _, h in pairs(prosody.hosts) do for _, s in pairs(h.s2sout or {}) do if s.type == "
    "'s2sout' then n = n + 1 end end end return 'streams=' .. n";
// Hosts with users; components (conferences, uploads) are another type.
constexpr const char* kDomains =
    "> local t = {} for h, d in pairs(prosody.hosts) do if d.type == 'local' then t[#t + 1] = h "
    "end "
    "end table.sort(t) return 'domains=' .. table.concat(t, ' ')";
constexpr const char* kClose = "s2s:closeall()";

class Prosody final : public linux_host::PeerStreams {
 public:
  Prosody(const linux_host::Machine& machine, std::string prosodyctl)
      : machine_(machine), prosodyctl_(std::move(prosodyctl)) {}

  absl::StatusOr<std::int64_t> Count(absl::Time deadline) override {
    POOLSHIFT_ASSIGN(const ssh::Output output, Shell(kCount, deadline));
    if (output.status != 0) return Fault(output);
    const auto count = CountIn(output.out);
    if (!count.ok()) return Fault(output);
    return count;
  }

  absl::Status Close(absl::Time deadline) override {
    POOLSHIFT_ASSIGN(const ssh::Output output, Shell(kClose, deadline));
    const bool none = output.err.find("No sessions to close") != std::string::npos;
    return output.status == 0 || none ? absl::OkStatus() : Fault(output);
  }

  std::vector<std::string> CloseCommands() const override {
    return {linux_host::Typed(machine_, {prosodyctl_, "shell", kClose})};
  }

  absl::StatusOr<std::vector<std::string>> Domains(absl::Time deadline) override {
    POOLSHIFT_ASSIGN(const ssh::Output output, Shell(kDomains, deadline));
    if (output.status != 0) return Fault(output);
    auto domains = DomainsIn(output.out);
    if (!domains.ok()) return Fault(output);
    return domains;
  }

 private:
  absl::StatusOr<ssh::Output> Shell(const char* line, absl::Time deadline) const {
    return machine_.Run({prosodyctl_, "shell", line}, deadline);
  }

  absl::Status Fault(const ssh::Output& output) const {
    return absl::UnavailableError("`prosodyctl shell` on " + machine_.name() +
                                  " says: " + linux_host::Complaint(output) +
                                  " (it needs mod_admin_shell and the rights of root or prosody)");
  }

  const linux_host::Machine machine_;
  const std::string prosodyctl_;
};

}  // namespace

std::unique_ptr<linux_host::PeerStreams> MakeProsody(const linux_host::Machine& machine,
                                                     const std::string& prosodyctl) {
  return std::make_unique<Prosody>(machine, prosodyctl);
}

}  // namespace poolshift::xmpp
