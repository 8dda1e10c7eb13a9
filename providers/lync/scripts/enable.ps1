# A09.
Enable-CsTopology | Out-Null
@{ enabled = $true }
