"""Parameters of every emulated cmdlet, from the cmdlet reference (MicrosoftDocs/office-docs-powershell,
skype/skype-ps/SkypeForBusiness/<Cmdlet>.md, section SYNTAX) and, below, of the few that belong to Windows itself. The first
name of each entry is the positional parameter, or empty. A parameter that is not here is refused, as the real cmdlet does."""

CS = {
    "Get-CsSite": "Identity Filter",
    "Set-CsSite": "Identity Description DisplayName FederationRoute WhatIf Confirm Force DefaultPersistentChatPool "
                  "XmppFederationRoute",
    "Get-CsTopology": " AsXml LocalStore",
    "Publish-CsTopology": "FileName BackupFileName Document GlobalCatalog GlobalSettingsDomainController Force Report "
                          "WhatIf Confirm FinalizeUninstall",
    "Enable-CsTopology": " GlobalCatalog GlobalSettingsDomainController SkipPrepareCheck Report Force WhatIf Confirm",
    "Get-CsService": "Identity PoolFqdn Filter ApplicationDatabase ApplicationServer ArchivingDatabase ArchivingServer "
                     "CentralManagement CentralManagementDatabase ConferencingServer Director EdgeServer FileStore "
                     "ManagementServer MediationServer MonitoringServer MonitoringDatabase ProvisionServer "
                     "ProvisionDatabase PstnGateway Registrar TrustedApplicationPool UserDatabase UserServer WebServer "
                     "BackupServer LegalInterceptServer PersistentChatComplianceDatabase PersistentChatDatabase "
                     "PersistentChatServer WacServer VideoGateway VideoInteropServer",
    "Set-CsEdgeServer": "Identity AccessEdgeClientSipPort AccessEdgeExternalSipPort AccessEdgeInternalSipPort "
                        "DataPsomClientPort DataPsomServerPort MediaCommunicationPortCount MediaCommunicationPortStart "
                        "MediaRelayAuthEdgePort MediaRelayExternalTurnTcpPort MediaRelayExternalTurnUdpPort "
                        "MediaRelayInternalTurnTcpPort MediaRelayInternalTurnUdpPort Registrar Force WhatIf Confirm "
                        "XmppInternalPort XmppListeningPort SkypeSearchProxyPort",
    "Set-CsRegistrar": "Identity ArchivingServer BackupRegistrar EdgeServer EnableAutomaticFailover "
                       "FailbackDetectionInterval FailureDetectionInterval MonitoringServer SipPort UserServer WebPort "
                       "WebServer Force WhatIf Confirm Registrar SipHealthPort SipServerTcpPort ArchivingDatabase "
                       "LyssWcfMtlsPort MirrorArchivingDatabase MirrorMonitoringDatabase MonitoringDatabase "
                       "WinFabClientConnectionPort WinFabFederationPort WinFabIPCPort WinFabLeaseAgentPort "
                       "WinFabReplicationPort XmppGatewaySipPort",
    "Set-CsConferenceServer": "Identity AppSharingSipPort AppSharingPortCount AppSharingPortStart AudioPortCount "
                              "AudioPortStart AudioVideoSipPort DataPsomPort EdgeServer ImSipPort MeetingPsomPort "
                              "PhoneSipPort VideoPortCount VideoPortStart Force WhatIf Confirm",
    "Set-CsMediationServer": "Identity AudioPortCount AudioPortStart EdgeServer Registrar SipClientTcpPort "
                             "SipClientTlsPort SipServerPort Force WhatIf Confirm",
    "Set-CsDirector": "Identity ArchivingServer EdgeServer MonitoringServer SipPort WebPort WebServer Force WhatIf Confirm "
                      "SipHealthPort SipServerTcpPort MirrorMonitoringDatabase MonitoringDatabase",
    "Get-CsComputer": "Identity Pool Local Filter",
    "Get-CsManagementStoreReplicationStatus": "ReplicaFqdn CentralManagementStoreStatus",
    "Invoke-CsManagementStoreReplication": "ReplicaFqdn",
    "Invoke-CsManagementServerFailover": " BackupSqlServerFqdn Force BackupMirrorSqlInstanceName BackupMirrorSqlServerFqdn "
                                         "BackupSqlInstanceName Confirm Report WhatIf Restore",
    "Get-CsWindowsService": "Name ComputerName ExcludeActivityLevel Report",
    "Start-CsWindowsService": "Name ComputerName NoWait Force Report WhatIf Confirm InputObject",
    "Stop-CsWindowsService": "Name ComputerName Graceful NoWait Force Report WhatIf Confirm LeaveClsAgentRunning "
                             "LeaveWebServerRunning InputObject",
    "Get-CsCertificate": "Identity Type NetportId Report",
    "Get-CsXmppAllowedPartner": "Identity Filter LocalStore",
    "Get-CsAllowedDomain": "Identity Filter LocalStore",
    "Get-CsSipDomain": "Identity Filter LocalStore",
    "Get-CsAccessEdgeConfiguration": "Identity Filter LocalStore",
    "Get-CsExternalAccessPolicy": "Identity Filter LocalStore ApplicableTo Include Tenant",
    "Get-CsPoolBackupRelationship": " PoolFqdn Force LocalStore",
    "Export-CsConfiguration": "FileName Force LocalStore AsBytes",
}

XMPP_CMDLETS = {"Get-CsXmppAllowedPartner"}

WINDOWS = {
    "Get-Command": "Name Module",
    "Select-Object": "Property First Last ExpandProperty",
    "Where-Object": "FilterScript",
    "ForEach-Object": "Process",
    "ConvertTo-Json": "InputObject Depth Compress",
    "ConvertFrom-Json": "InputObject",
    "Format-List": "Property",
    "Out-Null": "InputObject",
    "New-Object": "TypeName ArgumentList",
    "Start-Sleep": "Seconds Milliseconds",
    "Get-Service": "Name DisplayName",
    "Set-Service": "Name StartupType",
    "Get-CimInstance": "ClassName Filter",
    "Get-NetTCPConnection": "LocalAddress LocalPort State",
    "New-NetFirewallRule": " DisplayName Direction Protocol LocalPort LocalAddress Action",
    "Remove-NetFirewallRule": " DisplayName",
    "Get-ChildItem": "Path LiteralPath",
    "Remove-Item": "Path LiteralPath",
    "New-Item": "Path ItemType Force",
}
COMMON = "Debug ErrorAction ErrorVariable InformationAction OutVariable OutBuffer Verbose WarningAction WarningVariable"
ALIASES = {"computer": "ComputerName", "conferenceserver": "ConferencingServer", "cf": "Confirm", "wi": "WhatIf"}
