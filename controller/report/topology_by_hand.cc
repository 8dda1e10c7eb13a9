#include "controller/report/topology_by_hand.h"

#include <algorithm>
#include <utility>

#include "controller/federation/kinds.h"

namespace poolshift {
namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kPublish = "Publish-CsTopology ";

// One flag of one Edge pool that changes.
struct Flag {
  std::string pool;
  bool sip = false;  // else XMPP
  bool on = false;
};

std::vector<Flag> FlagsOf(const Action& action) {
  std::vector<Flag> flags;
  const Value* pools = action.after.Find("pools");
  if (action.human || action.target.kind != kinds::kTopology || pools == nullptr ||
      !pools->is_map())
    return flags;
  const Value* before = action.before.Find("pools");
  for (const auto& [pool, members] : pools->map()) {
    const Value* was = before == nullptr ? nullptr : before->Find(pool);
    for (const char* member : {"federation", "xmpp"}) {
      const Value* wanted = members.Find(member);
      const Value* old = was == nullptr ? nullptr : was->Find(member);
      if (wanted == nullptr || !wanted->is_bool() || (old != nullptr && *old == *wanted)) continue;
      flags.push_back({pool, std::string_view(member) == "federation", wanted->boolean()});
    }
  }
  return flags;
}

// Element by element as a topology has them that Topology Builder made; ACCESS-EDGE stands for the
// external name of the pool's Access Edge, which only the document knows.
struct Port {
  std::string_view owner, side, number, rest;
};
constexpr Port kSipPorts[] = {
    {"AccessEdge",
     "External",
     "5061",
     R"(Protocol="Mtls" UrlPath="/" AuthorizesRequests="false" ConfiguredFqdn="ACCESS-EDGE" />)"}};
constexpr Port kXmppPorts[] = {
    {"XmppFederationProxy",
     "External",
     "5269",
     R"(Protocol="Tls" UrlPath="/" AuthorizesRequests="true" />)"},
    {"XmppFederationProxy",
     "Internal",
     "23456",
     R"(Protocol="Mtls" UrlPath="/XmppFederation/" AuthorizesRequests="false" />)"}};

std::string_view UsageOf(const Port& port) {
  if (port.owner == "AccessEdge") return "SipServer";
  return port.side == "External" ? "XmppServer" : "XptServer";
}

std::string Element(const Port& port) {
  return "<Port Owner=\"urn:component:" + std::string(port.owner) + "\" Usage=\"" +
         std::string(UsageOf(port)) + "\" InterfaceSide=\"" + std::string(port.side) +
         "\" InterfaceNumber=\"1\" Port=\"" + std::string(port.number) + "\" " +
         std::string(port.rest);
}

std::vector<Port> PortsOf(const Flag& flag) {
  if (flag.sip) return {std::begin(kSipPorts), std::end(kSipPorts)};
  return {std::begin(kXmppPorts), std::end(kXmppPorts)};
}

std::string Quoted(std::string_view text) { return '\'' + std::string(text) + '\''; }

// Of the action, so that a second publish never overwrites what the first one saved.
std::string Folder(const Action& action) {
  return "$here = \"$HOME\\poolshift-" + action.id.substr(0, 9) + '"';
}

void AddReading(const Action& action, Lines& lines) {
  const std::string read[] = {
      "# the document as it is now, kept until the change is signed off",
      Folder(action),
      "[void](New-Item -ItemType Directory -Force -Path $here)",
      "$before = (Get-CsTopology -AsXml).ToString()",
      "[IO.File]::WriteAllText(\"$here\\before.xml\", $before)",
      "$xml = New-Object System.Xml.XmlDocument",
      "$xml.PreserveWhitespace = $true",
      "$xml.LoadXml($before)",
      "",
      "# the ports of the Edge service that is installed on a pool",
      "function EdgePorts($pool) {",
      "  $id = ($xml.Topology.Clusters.Cluster | Where-Object { $_.Fqdn -eq $pool }).ClusterId",
      "  foreach ($service in $xml.Topology.Services.Service) {",
      "    $on = $service.InstalledOn.ClusterId",
      "    if ($service.ServiceId.RoleName -eq 'EdgeServer' -and $on.SiteId -eq $id.SiteId -and "
      "$on.Number -eq $id.Number) { $service.Ports }",
      "  }",
      "}"};
  lines.insert(lines.end(), std::begin(read), std::end(read));
}

void AddRemoving(Lines& lines) {
  const std::string removing[] = {
      "function RemovePort($pool, $owner, $side, $number) {",
      "  $ports = EdgePorts $pool",
      "  foreach ($port in @($ports.Port | Where-Object { $_.Owner -eq $owner -and "
      "$_.InterfaceSide -eq $side -and $_.Port -eq $number })) {",
      "    if ($port.PreviousSibling.NodeType -eq 'Whitespace') { "
      "[void]$ports.RemoveChild($port.PreviousSibling) }",
      "    [void]$ports.RemoveChild($port)",
      "  }",
      "}"};
  lines.insert(lines.end(), std::begin(removing), std::end(removing));
}

void AddAdding(Lines& lines) {
  const std::string adding[] = {
      "function AddPort($pool, $element) {",
      "  $ports = EdgePorts $pool",
      "  $client = @($ports.Port | Where-Object { $_.Owner -eq 'urn:component:AccessEdge' -and "
      "$_.InterfaceSide -eq 'External' -and $_.ConfiguredFqdn })[0]",
      "  $piece = New-Object System.Xml.XmlDocument",
      "  $piece.LoadXml('<Ports xmlns=\"' + $ports.NamespaceURI + '\">' + "
      "$element.Replace('ACCESS-EDGE', [string]$client.ConfiguredFqdn) + '</Ports>')",
      "  $port = $xml.ImportNode($piece.DocumentElement.FirstChild, $true)",
      "  if ($port.ConfiguredFqdn -eq '') { $port.RemoveAttribute('ConfiguredFqdn') }",
      "  $last = @($ports.Port)[-1]",
      "  [void]$ports.InsertAfter($port, $last)",
      "  if ($last.PreviousSibling.NodeType -eq 'Whitespace') { "
      "[void]$ports.InsertAfter($last.PreviousSibling.CloneNode($true), $last) }",
      "}"};
  lines.insert(lines.end(), std::begin(adding), std::end(adding));
}

void AddEdit(const std::vector<Flag>& flags, Lines& lines) {
  lines.insert(lines.end(), {"", "# the edit"});
  for (const Flag& flag : flags) {
    for (const Port& port : PortsOf(flag)) {
      if (flag.on) {
        lines.push_back("AddPort " + Quoted(flag.pool) + ' ' + Quoted(Element(port)));
      } else {
        lines.push_back("RemovePort " + Quoted(flag.pool) + ' ' +
                        Quoted("urn:component:" + std::string(port.owner)) + ' ' +
                        Quoted(port.side) + ' ' + Quoted(port.number));
      }
    }
  }
  lines.emplace_back("$xml.Save(\"$here\\after.xml\")");
}

void AddLook(const std::vector<Flag>& flags, Lines& lines) {
  lines.insert(lines.end(), {"", "# go on only when this shows"});
  std::string pools;
  for (const Flag& flag : flags) {
    for (const Port& port : PortsOf(flag)) {
      lines.push_back("#   " + flag.pool + ": " + (flag.on ? "once " : "no ") +
                      std::string(port.side) + ' ' + std::string(port.number));
    }
    const std::string pool = Quoted(flag.pool);
    if (pools.find(pool) == std::string::npos) pools += (pools.empty() ? "" : ", ") + pool;
  }
  lines.insert(lines.end(),
               {"$xml.Load(\"$here\\after.xml\")",
                "foreach ($pool in " + pools +
                    ") { $pool + ': ' + (@((EdgePorts $pool).Port | ForEach-Object { "
                    "$_.InterfaceSide + ' ' + $_.Port }) -join ', ') }"});
}

void AddPublishing(Lines& lines) {
  lines.insert(lines.end(),
               {"",
                "if ((Get-CsTopology -AsXml).ToString() -ceq $before) {",
                "  Publish-CsTopology -FileName \"$here\\after.xml\" -BackupFileName "
                "\"$here\\published-before.xml\"",
                "} else { 'NOTHING IS PUBLISHED: somebody else published meanwhile; begin this "
                "step anew' }"});
}

}  // namespace

std::vector<std::string> ByHand(const Action& action) {
  const std::vector<Flag> flags = FlagsOf(action);
  const auto publishes =
      std::find_if(action.commands.begin(), action.commands.end(), [](const std::string& command) {
        return command.find(kPublish) != std::string::npos;
      });
  if (flags.empty() || publishes == action.commands.end()) return action.commands;
  Lines lines;
  AddReading(action, lines);
  const auto any = [&](bool on) {
    return std::any_of(
        flags.begin(), flags.end(), [on](const Flag& flag) { return flag.on == on; });
  };
  if (any(false)) AddRemoving(lines);
  if (any(true)) AddAdding(lines);
  AddEdit(flags, lines);
  AddLook(flags, lines);
  AddPublishing(lines);
  // Where the commands name the machine that they are run on, so do these.
  const std::string machine = publishes->substr(0, publishes->find(kPublish));
  if (!machine.empty())
    lines.insert(lines.begin(), "# all of it on " + machine.substr(0, machine.find('>')));
  for (auto left = publishes + 1; left != action.commands.end(); ++left) {
    if (!left->starts_with("# the same in Topology Builder"))
      lines.push_back(left->starts_with(machine) ? left->substr(machine.size()) : *left);
  }
  return lines;
}

std::string InTopologyBuilder(const Action& action) {
  std::string text;
  for (const Flag& flag : FlagsOf(action)) {
    text += (text.empty() ? "" : "; ") + std::string("Edge pools > ") + flag.pool +
            " > Edit Properties > General: " + (flag.on ? "select" : "clear") +
            (flag.sip ? " \"Enable federation (Port 5061)\""
                      : " \"Enable XMPP federation (port 5269)\"");
  }
  return text.empty() ? "" : text + "; then Action > Topology > Publish, once";
}

std::vector<std::string> RepublishFormer(const Action& action) {
  if (FlagsOf(action).empty()) return {};
  return {
      Folder(action), "Publish-CsTopology -FileName \"$here\\before.xml\"", "Enable-CsTopology"};
}

}  // namespace poolshift
