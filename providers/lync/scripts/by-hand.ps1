# Runs the scripts of a file that a person carried here, one after the other, and writes what they
# say to a file and to the screen. $request: name (of the answer), once, parts (id, until, script,
# arguments). In a line of the answer: id, when it was begun, SHA-256 of what follows, the reply.
$folder = if ($PSScriptRoot) { $PSScriptRoot } else { [IO.Path]::GetTempPath() }
$file = [IO.Path]::Combine($folder, $request.name)
$in = [Console]::In
$out = [Console]::Out
if ($request.once -and [IO.File]::Exists($file) -and [IO.File]::ReadAllText($file) -like ('*' + $request.parts[0].id + '*')) {
  $out.WriteLine('poolshift: this has been run before. Its answer is shown again; nothing was done now.')
  $out.WriteLine([IO.File]::ReadAllText($file))
} else {
  $answer = ''
  foreach ($part in $request.parts) {
    $at = [DateTime]::UtcNow.ToString('o')
    $writer = New-Object IO.StringWriter
    if ($part.until -and [string]::CompareOrdinal($at, $part.until) -gt 0) {
      $writer.WriteLine('poolshift-reply {"ok":false,"fault":{"id":"TooLate","message":"poolshift: it was too late to run this, by the clock of this machine; nothing was done"}}')
    } else {
      [Console]::SetIn((New-Object IO.StringReader $part.arguments))
      [Console]::SetOut($writer)
      try { & ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($part.script)))) | Out-Null }
      catch { $writer.WriteLine('') }
      finally { [Console]::SetIn($in); [Console]::SetOut($out) }
    }
    $reply = "$(@($writer.ToString() -split "`n" | Where-Object { $_ -like 'poolshift-reply *' }) | Select-Object -Last 1)".Trim()
    $bytes = [Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::UTF8.GetBytes($reply))
    $sha = [BitConverter]::ToString($bytes).Replace('-', '').ToLowerInvariant()
    $line = 'poolshift-answer ' + $part.id + ' ' + $at + ' ' + $sha + ' ' + $reply
    $out.WriteLine($line)
    $answer += $line + "`r`n"
    # After each: what was done must be known whatever becomes of the rest.
    [IO.File]::WriteAllText($file, $answer)
  }
}
$out.WriteLine('poolshift: the answer is in ' + $file)
