# O01-O05, O07, O08, O18 and what can be listed. Looks only. $a.facts says which of them.
$r = @{ now = [DateTime]::UtcNow.ToString('o'); faults = @{} }
function Fact($name, $block) {
  if ($a.facts -contains $name) {
    try { $r[$name] = & $block } catch { $r.faults[$name] = Fault $_ }
  }
}
Fact 'document' { Base64 (Get-CsTopology -AsXml).ToString() }
Fact 'sites' {
  ,@(Get-CsSite | Select-Object @{n='identity';e={"$($_.Identity)"}},
    @{n='federation';e={"$($_.FederationRoute)"}}, @{n='xmpp';e={"$($_.XmppFederationRoute)"}})
}
Fact 'edges' {
  ,@(Get-CsService -EdgeServer | Select-Object @{n='identity';e={"$($_.Identity)"}},
    @{n='registrar';e={"$($_.Registrar)"}}, @{n='sipPort';e={"$($_.AccessEdgeExternalSipPort)"}},
    @{n='xmppPort';e={"$($_.XmppListeningPort)"}})
}
Fact 'associations' {
  $all = @()
  foreach ($role in 'Registrar', 'ConferencingServer', 'MediationServer', 'Director') {
    $which = @{ $role = $true }
    $all += @(Get-CsService @which | Select-Object @{n='role';e={$role}},
      @{n='identity';e={"$($_.Identity)"}}, @{n='edge';e={"$($_.EdgeServer)"}})
  }
  ,$all
}
Fact 'replicas' {
  ,@(Get-CsManagementStoreReplicationStatus | Select-Object @{n='fqdn';e={"$($_.ReplicaFqdn)"}},
    @{n='upToDate';e={"$($_.UpToDate)"}}, @{n='reported';e={Utc $_.LastStatusReport}},
    @{n='created';e={Utc $_.LastUpdateCreation}}, @{n='version';e={"$($_.ProductVersion)"}})
}
Fact 'central' {
  $s = Get-CsManagementStoreReplicationStatus -CentralManagementStoreStatus
  $pools = @()
  try { $pools = @(Get-CsService -CentralManagement | ForEach-Object { "$($_.PoolFqdn)" }) }
  catch { $pools = @() } # with the store down nothing can say it
  @{ master = "$($s.ActiveMasterFqdn)"; agents = @($s.ActiveFileTransferAgents | ForEach-Object { "$_" })
     pools = $pools }
}
Fact 'access' {
  $edge = Get-CsAccessEdgeConfiguration
  $policy = Get-CsExternalAccessPolicy -Identity Global
  @{ federated = "$($edge.AllowFederatedUsers)"; federation = "$($policy.EnableFederationAccess)"
     xmpp = "$($policy.EnableXmppAccess)" }
}
Fact 'partners' {
  ,@(Get-CsXmppAllowedPartner | Select-Object @{n='domain';e={"$($_.Domain)"}},
    @{n='identity';e={"$($_.Identity)"}}, @{n='tls';e={"$($_.TlsNegotiation)"}},
    @{n='sasl';e={"$($_.SaslNegotiation)"}}, @{n='dialback';e={"$($_.SupportDialbackNegotiation)"}})
}
Fact 'domains' {
  ,@(Get-CsAllowedDomain | ForEach-Object { "$($_.Domain)" })
}
Fact 'backups' {
  $pairs = @{}
  foreach ($pool in $a.pools) {
    $pairs[$pool] = "$((Get-CsPoolBackupRelationship -PoolFqdn $pool).BackupPoolFqdn)"
  }
  $pairs
}
$r
