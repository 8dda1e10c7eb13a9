# A12, A13, on the server. $a: server (its name in the topology), expected (SHA-256 of the master's
# document).
$ip = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
$fqdn = if ($ip.DomainName) { $ip.HostName + '.' + $ip.DomainName } else { $ip.HostName }
if ($fqdn -ne $a.server) { return @{ host = $fqdn } }
$local = Sha (Get-CsTopology -LocalStore -AsXml).ToString()
if ($local -ne $a.expected) { return @{ stale = $local } }
$all = @(Get-ChildItem -Path "$env:ProgramFiles\*\Deployment\Bootstrapper.exe" | ForEach-Object { "$($_.FullName)" })
if ($all.Count -ne 1) { throw "poolshift: $($all.Count) Bootstrapper.exe below $env:ProgramFiles, one must be" }
$log = @(& $all[0] | ForEach-Object { "$_" })
@{ status = [int]$LASTEXITCODE; log = @($log | Select-Object -Last 20) }
