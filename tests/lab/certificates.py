"""A certificate authority for the lab, and certificates that it signs (ECDSA: fast)."""

import subprocess
import uuid

from machine import LAB

FOLDER = LAB / "ca"
LEAF = """basicConstraints=CA:FALSE
keyUsage=digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName={names}
"""


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_authority():
    FOLDER.mkdir(parents=True)
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", FOLDER / "ca.key")
    _openssl("req", "-x509", "-new", "-key", FOLDER / "ca.key", "-days", "30", "-subj", "/CN=Lab Root CA", "-addext",
             "keyUsage=critical,keyCertSign,cRLSign", "-out", FOLDER / "ca.pem")


def make(name, dns_names):
    """NAME.key, NAME.pem and NAME-bundle.pem."""
    key, request, extensions = (FOLDER / f"{name}.{end}" for end in ("key", "csr", "ext"))
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    _openssl("req", "-new", "-key", key, "-subj", f"/CN={dns_names[0]}", "-out", request)
    extensions.write_text(LEAF.format(names=",".join("DNS:" + each for each in dns_names)))
    _openssl("x509", "-req", "-in", request, "-CA", FOLDER / "ca.pem", "-CAkey", FOLDER / "ca.key", "-set_serial", str(uuid.uuid4().int >> 1),
             "-days", "10", "-extfile", extensions, "-out", FOLDER / f"{name}.pem")
    (FOLDER / f"{name}-bundle.pem").write_text((FOLDER / f"{name}.pem").read_text() + key.read_text())


def text(name):
    return (FOLDER / name).read_text()
