# A05, A07-A09. $a: expected (SHA-256 of the document that was read), document (base64, "" = none),
# backup (a file name), hops (edge, registrar).
$now = (Get-CsTopology -AsXml).ToString()
if ((Sha $now) -ne $a.expected) { return @{ conflict = (Sha $now) } }
$at = [DateTime]::UtcNow.ToString('o')
$done = @()
try {
  if ($a.document) {
    $folder = [IO.Path]::GetTempPath()
    $file = [IO.Path]::Combine($folder, $a.backup + '-new.xml')
    $backup = [IO.Path]::Combine($folder, $a.backup + '-before.xml')
    [IO.File]::WriteAllBytes($file, [Convert]::FromBase64String($a.document))
    try { Publish-CsTopology -FileName $file -BackupFileName $backup | Out-Null }
    finally { Remove-Item -LiteralPath $file }
    $done += 'published, backup in ' + $backup
  }
  foreach ($hop in $a.hops) {
    Set-CsEdgeServer -Identity $hop.edge -Registrar $hop.registrar | Out-Null
    $done += 'next hop of ' + $hop.edge
  }
  Enable-CsTopology | Out-Null
} catch { $fault = Fault $_ }
@{ at = $at; done = @($done); fault = $fault; before = $a.expected; after = (Sha (Get-CsTopology -AsXml).ToString()) }
