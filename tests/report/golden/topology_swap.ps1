# the document as it is now, kept until the change is signed off
$here = "$HOME\poolshift-a240f1a60"
[void](New-Item -ItemType Directory -Force -Path $here)
$before = (Get-CsTopology -AsXml).ToString()
[IO.File]::WriteAllText("$here\before.xml", $before)
$xml = New-Object System.Xml.XmlDocument
$xml.PreserveWhitespace = $true
$xml.LoadXml($before)

# the ports of the Edge service that is installed on a pool
function EdgePorts($pool) {
  $id = ($xml.Topology.Clusters.Cluster | Where-Object { $_.Fqdn -eq $pool }).ClusterId
  foreach ($service in $xml.Topology.Services.Service) {
    $on = $service.InstalledOn.ClusterId
    if ($service.ServiceId.RoleName -eq 'EdgeServer' -and $on.SiteId -eq $id.SiteId -and $on.Number -eq $id.Number) { $service.Ports }
  }
}
function RemovePort($pool, $owner, $side, $number) {
  $ports = EdgePorts $pool
  foreach ($port in @($ports.Port | Where-Object { $_.Owner -eq $owner -and $_.InterfaceSide -eq $side -and $_.Port -eq $number })) {
    if ($port.PreviousSibling.NodeType -eq 'Whitespace') { [void]$ports.RemoveChild($port.PreviousSibling) }
    [void]$ports.RemoveChild($port)
  }
}
function AddPort($pool, $element) {
  $ports = EdgePorts $pool
  $client = @($ports.Port | Where-Object { $_.Owner -eq 'urn:component:AccessEdge' -and $_.InterfaceSide -eq 'External' -and $_.ConfiguredFqdn })[0]
  $piece = New-Object System.Xml.XmlDocument
  $piece.LoadXml('<Ports xmlns="' + $ports.NamespaceURI + '">' + $element.Replace('ACCESS-EDGE', [string]$client.ConfiguredFqdn) + '</Ports>')
  $port = $xml.ImportNode($piece.DocumentElement.FirstChild, $true)
  if ($port.ConfiguredFqdn -eq '') { $port.RemoveAttribute('ConfiguredFqdn') }
  $last = @($ports.Port)[-1]
  [void]$ports.InsertAfter($port, $last)
  if ($last.PreviousSibling.NodeType -eq 'Whitespace') { [void]$ports.InsertAfter($last.PreviousSibling.CloneNode($true), $last) }
}

# the edit
RemovePort 'edgepool1.contoso.com' 'urn:component:AccessEdge' 'External' '5061'
RemovePort 'edgepool1.contoso.com' 'urn:component:XmppFederationProxy' 'External' '5269'
RemovePort 'edgepool1.contoso.com' 'urn:component:XmppFederationProxy' 'Internal' '23456'
AddPort 'edgepool2.contoso.com' '<Port Owner="urn:component:AccessEdge" Usage="SipServer" InterfaceSide="External" InterfaceNumber="1" Port="5061" Protocol="Mtls" UrlPath="/" AuthorizesRequests="false" ConfiguredFqdn="ACCESS-EDGE" />'
$xml.Save("$here\after.xml")

# go on only when this shows
#   edgepool1.contoso.com: no External 5061
#   edgepool1.contoso.com: no External 5269
#   edgepool1.contoso.com: no Internal 23456
#   edgepool2.contoso.com: once External 5061
$xml.Load("$here\after.xml")
foreach ($pool in 'edgepool1.contoso.com', 'edgepool2.contoso.com') { $pool + ': ' + (@((EdgePorts $pool).Port | ForEach-Object { $_.InterfaceSide + ' ' + $_.Port }) -join ', ') }

if ((Get-CsTopology -AsXml).ToString() -ceq $before) {
  Publish-CsTopology -FileName "$here\after.xml" -BackupFileName "$here\published-before.xml"
} else { 'NOTHING IS PUBLISHED: somebody else published meanwhile; begin this step anew' }
Enable-CsTopology
