# A04, A09. $a: services (role and identity of each), edge (empty to clear), enable.
$edge = if ($a.edge) { $a.edge } else { $null }
$before = Sha (Get-CsTopology -AsXml).ToString()
$at = [DateTime]::UtcNow.ToString('o')
$done = @()
try {
  foreach ($service in $a.services) {
    $change = @{ Identity = $service.identity; EdgeServer = $edge }
    if ($service.role -eq 'ConferencingServer') { Set-CsConferenceServer @change | Out-Null }
    elseif ($service.role -eq 'Registrar') { Set-CsRegistrar @change | Out-Null }
    elseif ($service.role -eq 'MediationServer') { Set-CsMediationServer @change | Out-Null }
    elseif ($service.role -eq 'Director') { Set-CsDirector @change | Out-Null }
    else { throw "poolshift: no service of role $($service.role) is known" }
    $done += $service.identity
  }
  if ($a.enable) { Enable-CsTopology | Out-Null }
} catch { $fault = Fault $_ }
@{ at = $at; done = @($done); fault = $fault; before = $before; after = (Sha (Get-CsTopology -AsXml).ToString()) }
