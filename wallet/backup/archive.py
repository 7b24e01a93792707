"""Every certificate in its original bytes, as one ZIP (PKWARE APPNOTE): for any other wallet, and without any key."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from credentials.credential import Format
from keys import strict_json
from wallet.backup.contents import Certificate, Contents
from wallet.holding import read

ENDINGS = {Format.SD_JWT_VC: "sd-jwt", Format.VC_JWT: "vc.jwt", Format.VC_JWT_1: "vc.jwt"}
LONGEST_NAME = 60
EARLIEST = (1980, 1, 1, 0, 0, 0)  # what a ZIP can say
README = """\
These are your certificates, each in the very bytes that its issuer signed.

certificates.json says what each file is: its title, its issuer, its format, and the SHA-256 of its bytes.
One certificate may have several copies. They say the same; each was made for another key.
The keys are not in here: whoever has these files can read and check them, and cannot show them as you.
To move to another wallet of the same kind, make a backup instead.
"""


def pack(contents: Contents, *, made_at: datetime) -> bytes:
    """The ZIP of all certificates."""
    buffer = io.BytesIO()
    index: list[dict[str, Any]] = []
    with zipfile.ZipFile(buffer, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for number, certificate in enumerate(contents.certificates, start=1):
            index += _add(archive, certificate, folder=f"{number:03d}-{_slug(certificate.title)}", at=made_at)
        listed = strict_json.dump({"made_at": contents.made_at, "made_by": contents.made_by, "files": index})
        _write(archive, "certificates.json", listed, at=made_at)
        _write(archive, "README.txt", README.encode(), at=made_at)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, certificate: Certificate, *, folder: str, at: datetime) -> Sequence[dict[str, Any]]:
    said = []
    for number, copy in enumerate(certificate.copies, start=1):
        credential = read(copy.raw)
        name = f"{folder}/copy-{number:02d}.{ENDINGS[credential.format]}"
        content = copy.raw.encode()
        _write(archive, name, content, at=at)
        said.append(
            {
                "file": name, "title": certificate.title, "issuer": credential.issuer,
                "format": credential.format.value, "sha256": hashlib.sha256(content).hexdigest(),
            }
        )  # fmt: skip
    return said


def _write(archive: zipfile.ZipFile, name: str, content: bytes, *, at: datetime) -> None:
    stamp = max(EARLIEST, at.timetuple()[:6])
    entry = zipfile.ZipInfo(name, date_time=stamp)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)


def _slug(title: str) -> str:
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in title)
    return "-".join(part for part in plain.split("-") if part)[:LONGEST_NAME] or "certificate"
