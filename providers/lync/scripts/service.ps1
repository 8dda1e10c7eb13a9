# A14, A16, on the server. $a: name, or display (a pattern); mode and state ("" = leave); seconds,
# graceful (seconds), settle (seconds); restart.
$found = @(Get-CsWindowsService -ExcludeActivityLevel | Where-Object {
  if ($a.name) { $_.Name -eq $a.name } else { $_.DisplayName -like $a.display } })
if ($found.Count -ne 1) {
  throw "poolshift: $($found.Count) services of this server fit $($a.name)$($a.display), one must"
}
$name = $found[0].Name
function Status { "$((Get-Service -Name $name).Status)" }
function Await($wanted, $seconds) {
  $end = [DateTime]::UtcNow.AddSeconds($seconds)
  while ((Status) -ne $wanted -and [DateTime]::UtcNow -lt $end) { Start-Sleep -Milliseconds 200 }
  (Status) -eq $wanted
}
function Stop-It {
  if ((Status) -eq 'Stopped') { return $true }
  if ($a.graceful -gt 0) {
    Stop-CsWindowsService -Name $name -Graceful -NoWait | Out-Null
    if (Await 'Stopped' $a.graceful) { return $true }
  }
  Stop-CsWindowsService -Name $name -NoWait | Out-Null
  Await 'Stopped' $a.seconds
}
$ok = $true
if ($a.mode) { Set-Service -Name $name -StartupType $a.mode }
if ($a.restart -or $a.state -eq 'Stopped') { $ok = Stop-It }
if ($ok -and ($a.restart -or $a.state -eq 'Running')) {
  Start-CsWindowsService -Name $name -NoWait | Out-Null
  $ok = Await 'Running' $a.seconds
  # Started is not yet serving: it is looked at again after a while.
  if ($ok) { Start-Sleep -Milliseconds ([int]($a.settle * 1000)); $ok = (Status) -eq 'Running' }
}
@{ name = $name; status = (Status); reached = $ok }
