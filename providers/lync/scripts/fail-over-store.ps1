# A26, on a server of the pool that takes over. $a: server, instance, mirrorServer, mirrorInstance
# (all "" = the assigned database), force, check.
$how = @{}
if ($a.server) { $how.BackupSqlServerFqdn = $a.server }
if ($a.instance) { $how.BackupSqlInstanceName = $a.instance }
if ($a.mirrorServer) { $how.BackupMirrorSqlServerFqdn = $a.mirrorServer }
if ($a.mirrorInstance) { $how.BackupMirrorSqlInstanceName = $a.mirrorInstance }
if ($a.force) { $how.Force = $true }
Invoke-CsManagementServerFailover @how -WhatIf | Out-Null
$at = [DateTime]::UtcNow.ToString('o')
Invoke-CsManagementServerFailover @how -Confirm:$false | Out-Null
@{ at = $at; done = @('store'); fault = $null; before = ''; after = 'store' }
