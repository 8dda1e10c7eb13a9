"""A certificate authority of a test, and certificates from it, made by openssl."""

import subprocess

EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]


def _openssl(*words):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class Authority:
    def __init__(self, folder, name, by=None):
        """`by`: another one that it comes from."""
        self.folder, self.certificate, self.key = folder, folder / f"{name}.pem", folder / f"{name}.key"
        folder.mkdir(exist_ok=True, mode=0o700)
        _openssl("req", "-x509", *EC, *(["-CA", by.certificate, "-CAkey", by.key] if by else []), "-keyout", self.key, "-out",
                 self.certificate, "-days", 9, "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def make(self, file, subject, use, names=None, days=9, kind=EC):
        """FILE.pem and FILE.key, for `use` (clientAuth, serverAuth). With `days=-1` it has ended."""
        certificate, key, request = (self.folder / f"{file}.{end}" for end in ("pem", "key", "csr"))
        extensions = [f"extendedKeyUsage={use}", "basicConstraints=critical,CA:FALSE"]
        if names:
            extensions.append(f"subjectAltName={names}")
        (self.folder / f"{file}.ext").write_text("\n".join(extensions) + "\n")
        _openssl("req", "-new", *kind, "-keyout", key, "-out", request, "-subj", subject)
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-days", days, "-extfile",
                 self.folder / f"{file}.ext", "-out", certificate)
        return certificate, key

    def client(self, name, **more):
        return self.make(name, f"/CN={name}", "clientAuth", **more)
