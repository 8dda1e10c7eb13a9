# `provider check` of one server: account, local administrator, host name, local store, services.
$who = [Security.Principal.WindowsIdentity]::GetCurrent()
$role = [Security.Principal.WindowsBuiltInRole]::Administrator
$ip = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
@{ account = "$($who.Name)"; shell = "$($PSVersionTable.PSVersion)"
   administrator = ([Security.Principal.WindowsPrincipal]$who).IsInRole($role)
   host = if ($ip.DomainName) { $ip.HostName + '.' + $ip.DomainName } else { $ip.HostName }
   local = (Sha (Get-CsTopology -LocalStore -AsXml).ToString())
   proxy = @(Get-CsWindowsService -ExcludeActivityLevel | Where-Object { $_.DisplayName -like '*XMPP*Proxy*' } |
     ForEach-Object { "$($_.Name)" })
   bootstrapper = @(Get-ChildItem -Path "$env:ProgramFiles\*\Deployment\Bootstrapper.exe" -ErrorAction SilentlyContinue |
     ForEach-Object { "$($_.FullName)" }) }
