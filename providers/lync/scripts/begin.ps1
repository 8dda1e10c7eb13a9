# Every command begins with this. What varies comes as data: one line of base64, a JSON document, on
# standard input. Nothing is ever put together into script text.
$ErrorActionPreference = 'Stop'
$WarningPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'
$ConfirmPreference = 'None'
function Tell($reply) {
  $json = ConvertTo-Json -InputObject $reply -Depth 6 -Compress
  # ASCII only: the code page of the session is not known.
  $json = [regex]::Replace($json, '[^\x20-\x7e]', { param($m) '\u{0:x4}' -f [int][char]$m.Value })
  [Console]::Out.WriteLine('poolshift-reply ' + $json)
}
function Utc($date) {
  if ($date -is [datetime]) { $date.ToUniversalTime().ToString('o') } else { "$date" }
}
function Fault($e) {
  @{ id = "$($e.FullyQualifiedErrorId)"; message = "$($e.Exception.Message)"
     category = "$($e.CategoryInfo.Category)"; command = "$($e.InvocationInfo.MyCommand)" }
}
function Sha($text) {
  $bytes = [Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes($text))
  [BitConverter]::ToString($bytes).Replace('-', '').ToLowerInvariant()
}
function Base64($text) { [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)) }
try {
  $line = [Console]::In.ReadLine()
  $a = ConvertFrom-Json ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)))
  $value = & {
