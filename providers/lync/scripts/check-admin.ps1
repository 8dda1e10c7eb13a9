# What the account is and may do here. Looks, and writes with -WhatIf only. $a.deep: the -WhatIf too.
$who = [Security.Principal.WindowsIdentity]::GetCurrent()
$r = @{ account = "$($who.Name)"; shell = "$($PSVersionTable.PSVersion)"; tries = @(); parameters = @{} }
$r.groups = @($who.Groups | ForEach-Object { try { "$($_.Translate([Security.Principal.NTAccount]))" } catch { "$_" } } |
  Where-Object { $_ -like '*\RTC*' -or $_ -like '*\Cs*' -or $_ -like '*\Domain Admins' })
foreach ($name in $a.cmdlets) {
  $c = Get-Command $name -ErrorAction SilentlyContinue
  $r.parameters[$name] = if ($c) { @($c.Parameters.Keys) } else { $null }
}
function Try-It($name, $block) {
  $t = @{ name = $name; fault = $null; text = '' }
  try { $t.text = "$(& $block)" } catch { $t.fault = Fault $_ }
  $t
}
if (-not $a.deep) { return $r }
$site = @(Get-CsSite)[0]
$r.tries += Try-It 'read' { "$($site.Identity)" }
$r.tries += Try-It 'master' { "$((Get-CsManagementStoreReplicationStatus -CentralManagementStoreStatus).ActiveMasterFqdn)" }
$bare = "$($site.Identity)" -replace '^site:', ''
$r.tries += Try-It 'write' { Set-CsSite -Identity $bare -Description "$($site.Description)" -WhatIf | Out-Null; 'allowed' }
$r.tries += Try-It 'clear' { Set-CsSite -Identity $bare -FederationRoute $null -WhatIf | Out-Null; 'accepted' }
$r.tries += Try-It 'publish' {
  $file = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'poolshift-check.xml')
  [IO.File]::WriteAllText($file, (Get-CsTopology -AsXml).ToString())
  try { Publish-CsTopology -FileName $file -WhatIf | Out-Null } finally { Remove-Item -LiteralPath $file }
  'accepted'
}
$r.tries += Try-It 'enable' { Enable-CsTopology -WhatIf | Out-Null; 'allowed' }
$r
