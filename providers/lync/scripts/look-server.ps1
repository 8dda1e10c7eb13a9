# O06, O09, O10, O14 in a session on the server itself. Looks only. $a.facts says which of them.
$r = @{ now = [DateTime]::UtcNow.ToString('o'); faults = @{} }
function Fact($name, $block) {
  if ($a.facts -contains $name) {
    try { $r[$name] = & $block } catch { $r.faults[$name] = Fault $_ }
  }
}
Fact 'host' {
  $ip = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
  if ($ip.DomainName) { $ip.HostName + '.' + $ip.DomainName } else { $ip.HostName }
}
Fact 'document' { Base64 (Get-CsTopology -LocalStore -AsXml).ToString() }
Fact 'services' {
  $modes = @{}
  Get-CimInstance -ClassName Win32_Service | ForEach-Object { $modes[$_.Name] = "$($_.StartMode)" }
  ,@(Get-CsWindowsService -ExcludeActivityLevel | Select-Object @{n='name';e={"$($_.Name)"}},
    @{n='display';e={"$($_.DisplayName)"}}, @{n='status';e={"$($_.Status)"}},
    @{n='mode';e={$modes[$_.Name]}})
}
Fact 'sockets' {
  if (Get-Command Get-NetTCPConnection -ErrorAction SilentlyContinue) {
    ,@(Get-NetTCPConnection | Where-Object { "$($_.State)" -in 'Listen', 'Established' } |
      Where-Object { $_.LocalPort -in 443, 5061, 5269, 23456 -or $_.RemotePort -in 5061, 5269 } |
      Select-Object @{n='state';e={"$($_.State)"}}, @{n='local';e={"$($_.LocalAddress)"}},
        @{n='port';e={[int]$_.LocalPort}}, @{n='remote';e={"$($_.RemoteAddress)"}},
        @{n='remotePort';e={[int]$_.RemotePort}}, @{n='since';e={Utc $_.CreationTime}})
  } else {
    # Before Windows Server 2012.
    @{ netstat = @(netstat -ano -p tcp | ForEach-Object { "$_" }) }
  }
}
Fact 'certificates' {
  ,@(Get-CsCertificate | Select-Object @{n='use';e={"$($_.Use)"}}, @{n='subject';e={"$($_.Subject)"}},
    @{n='names';e={@($_.AlternativeNames | ForEach-Object { "$_" })}},
    @{n='notAfter';e={Utc $_.NotAfter}}, @{n='thumbprint';e={"$($_.Thumbprint)"}})
}
$r
