$here = "$HOME\poolshift-a240f1a60"
Publish-CsTopology -FileName "$here\before.xml"
Enable-CsTopology
