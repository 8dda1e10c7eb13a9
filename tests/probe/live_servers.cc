#include "tests/probe/live_servers.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace poolshift::probe::testing {
namespace {

// A missing server is a failure that names the package, never a test left out.
std::string Installed(const std::string& path, const std::string& package) {
  if (!std::filesystem::exists(path))
    throw std::runtime_error(path + " is missing: install the package " + package);
  return path;
}

}  // namespace

LiveServer::LiveServer(const conformance::Scratch& scratch,
                       const ServerSpec& spec,
                       const char* product)
    : address_(spec.address.empty() ? LoopbackAddress() : spec.address) {
  static int count = 0;
  folder_ = scratch.Path(fmt::format("{}-{}", product, ++count));
  std::filesystem::create_directories(folder_);
}

void LiveServer::Write(const std::string& name, const std::string& text) const {
  std::ofstream(Path(name)) << text;
}

void LiveServer::Start(std::vector<std::string> arguments, int port) {
  program_ = std::make_unique<Program>(std::move(arguments), Path("log"));
  AwaitPort(*program_, address_, port);
}

Prosody::Prosody(const conformance::Scratch& scratch, const ServerSpec& spec)
    : LiveServer(scratch, spec, "prosody") {
  std::string hosts;
  for (const std::string& domain : spec.domains)
    hosts += fmt::format("VirtualHost \"{}\"\n", domain);
  Write("prosody.cfg.lua",
        fmt::format(
            "run_as_root = true; daemonize = false; use_libevent = false\n"
            "data_path = \"{0}\"; pidfile = \"{0}/pid\"; certificates = \"{0}\"\n"
            "log = {{ debug = \"*console\" }}\n"
            "modules_enabled = {{ \"tls\"; \"dialback\"; \"saslauth\"; \"disco\" }}\n"
            "modules_disabled = {{ \"c2s\"; \"http\"; \"https\"; \"posix\" }}\n"
            "s2s_interfaces = {{ \"{1}\" }}; s2s_require_encryption = true; s2s_secure_auth = {5}\n"
            "c2s_ports = {{}}; http_ports = {{}}; https_ports = {{}}; s2s_timeout = 30\n"
            "ssl = {{ cafile = \"{2}\"; certificate = \"{3}.pem\"; key = \"{3}.key\" }}\n{4}",
            folder_,
            address_,
            spec.ca,
            scratch.Path(spec.certificate),
            hosts,
            spec.demands_certificate));
  Start({Installed("/usr/bin/prosody", "prosody"), "-F", "--config", Path("prosody.cfg.lua")},
        5269);
}

Kamailio::Kamailio(const conformance::Scratch& scratch, const ServerSpec& spec)
    : LiveServer(scratch, spec, "kamailio") {
  const std::string yes = spec.demands_certificate ? "yes" : "no";
  Write("tls.cfg",
        fmt::format("[server:default]\nmethod = TLSv1.2+\nverify_certificate = {0}\n"
                    "require_certificate = {0}\nprivate_key = {1}.key\ncertificate = {1}.pem\n"
                    "ca_list = {2}\n",
                    yes,
                    scratch.Path(spec.certificate),
                    spec.ca));
  Write("kamailio.cfg",
        fmt::format("#!KAMAILIO\ndebug=2\nlog_stderror=yes\nfork=yes\nchildren=1\ntcp_children=1\n"
                    "enable_tls=yes\nlisten=tls:{0}:5061\nauto_aliases=no\ndns=no\nrev_dns=no\n"
                    "server_header=\"Server: kamailio of the test\"\n"
                    "mpath=\"/usr/lib/x86_64-linux-gnu/kamailio/modules/\"\n"
                    "loadmodule \"tls.so\"\nloadmodule \"sl.so\"\nloadmodule \"pv.so\"\n"
                    "loadmodule \"textops.so\"\nloadmodule \"maxfwd.so\"\n"
                    "modparam(\"tls\", \"config\", \"{1}\")\n"
                    "request_route {{\n"
                    "  if (!mf_process_maxfwd_header(\"10\")) {{ sl_send_reply(\"483\", \"Too Many "
                    "Hops\"); exit; }}\n"
                    "  if (is_method(\"OPTIONS\")) {{ sl_send_reply(\"200\", \"OK\"); exit; }}\n"
                    "  sl_send_reply(\"405\", \"Method Not Allowed\");\n}}\n",
                    address_,
                    Path("tls.cfg")));
  Installed("/usr/lib/x86_64-linux-gnu/kamailio/modules/tls.so", "kamailio-tls-modules");
  Start({Installed("/usr/sbin/kamailio", "kamailio"),
         "-f",
         Path("kamailio.cfg"),
         "-DD",
         "-E",
         "-m",
         "16",
         "-M",
         "4",
         "-Y",
         folder_,
         "-P",
         Path("pid")},
        5061);
}

Named::Named(const conformance::Scratch& scratch, const std::vector<std::string>& records)
    : LiveServer(scratch, {.certificate = "", .ca = "", .address = "127.0.0.1"}, "named"),
      port_(FreePort()) {
  Write("zone",
        fmt::format(
            "$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n{}\n",
            fmt::join(records, "\n")));
  Write("conf",
        fmt::format(
            "options {{ directory \"{0}\"; pid-file \"{0}/pid\"; session-keyfile "
            "\"{0}/session\"; managed-keys-directory \"{0}\"; recursion no; "
            "dnssec-validation no; listen-on port {2} {{ {1}; }}; listen-on-v6 {{ none; }}; }};\n"
            "controls {{ }};\nzone \"contoso.test\" {{ type primary; file \"zone\"; }};\n",
            folder_,
            address_,
            port_));
  Start({Installed("/usr/sbin/named", "bind9"), "-n", "1", "-g", "-c", Path("conf")}, port_);
}

}  // namespace poolshift::probe::testing
