# A01-A03, A09. $a: site, federation and xmpp (a service identity, empty to clear; absent to leave).
$keys = (Get-Command Set-CsSite).Parameters.Keys
$xmpp = @('XmppFederationRoute', 'XmppExternalFederationRoute' | Where-Object { $keys -contains $_ })
$change = @{ Identity = $a.site }
if ($null -ne $a.federation) {
  if ($keys -notcontains 'FederationRoute') { throw 'poolshift: Set-CsSite has no -FederationRoute here' }
  $change.FederationRoute = if ($a.federation) { $a.federation } else { $null }
}
if ($null -ne $a.xmpp) {
  if ($xmpp.Count -eq 0) { throw 'poolshift: Set-CsSite has no parameter for an XMPP route here' }
  $change[$xmpp[0]] = if ($a.xmpp) { $a.xmpp } else { $null }
}
$before = Sha (Get-CsTopology -AsXml).ToString()
$at = [DateTime]::UtcNow.ToString('o')
Set-CsSite @change | Out-Null
$done = @('route')
try { if ($a.enable) { Enable-CsTopology | Out-Null } } catch { $fault = Fault $_ }
@{ at = $at; done = @($done); fault = $fault; before = $before; after = (Sha (Get-CsTopology -AsXml).ToString()) }
