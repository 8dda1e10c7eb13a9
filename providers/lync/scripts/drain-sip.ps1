# Streams of SIP, on the server: turns new peers away and waits until those that are there have gone.
# RTCSRV is not stopped: it also serves 443. $a: inside (addresses that are not counted), seconds.
$rule = 'poolshift-drain-5061'
function Peers {
  @(Get-NetTCPConnection | Where-Object { "$($_.State)" -eq 'Established' } |
    Where-Object { $_.LocalPort -eq 5061 -or $_.RemotePort -eq 5061 } |
    Where-Object { $a.inside -notcontains "$($_.LocalAddress)" }).Count
}
$end = [DateTime]::UtcNow.AddSeconds($a.seconds)
New-NetFirewallRule -DisplayName $rule -Direction Inbound -Protocol TCP -LocalPort 5061 -LocalAddress $a.outside -Action Block | Out-Null
try {
  while ((Peers) -gt 0 -and [DateTime]::UtcNow -lt $end) { Start-Sleep -Milliseconds 500 }
} finally {
  Remove-NetFirewallRule -DisplayName $rule
}
@{ left = (Peers) }
