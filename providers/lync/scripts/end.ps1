  }
  Tell @{ ok = $true; value = $value }
} catch {
  Tell @{ ok = $false; fault = (Fault $_) }
}
