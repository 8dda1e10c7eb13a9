# D20.
$zip = Export-CsConfiguration -AsBytes
@{ configuration = [Convert]::ToBase64String($zip); document = (Base64 (Get-CsTopology -AsXml).ToString()) }
