"""A verification receipt: a credential (VCDM 2.0 as vc+jwt) by this verifier about one check that it made.

It names what was checked by the SHA-256 of the text that was brought, and the lists by their versions and, where it is
at hand, the SHA-256 of their content (of the list of issuers in the form of RFC 8785). No claim of the credential is in
it. Anyone verifies it later with the verifier's certificate, or with its key where it has none.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from credentials.formats import vc_jwt
from credentials.formats.vc_jwt import VcJwtContent
from keys import strict_json, x509
from keys.did import methods
from trust.grounds import Grounds
from verifier.desk import Verifier

TYPE: Final = "VerificationReceipt"
MEDIA_TYPE: Final = "application/vc+jwt"


def create(desk: Verifier, result: Mapping[str, Any], *, brought: str) -> str:
    """The receipt of `result`, which is what was found about the text `brought`."""
    entry, made = desk.keyring.active, desk.now()
    chain = tuple(x509.to_x5c(entry.chain))
    did = methods.create_jwk(entry.signer.public)
    content = VcJwtContent(
        types=(TYPE,),
        issuer=desk.settings.base.base_url if chain else did,
        subject=subject(result, brought=brought, grounds=desk.grounds, now=made),
        issued_at=made,
        not_before=made,
    )
    return vc_jwt.issue_now(content, signer=entry.signer, x5c=chain, kid=None if chain else methods.key_id(did))


def subject(result: Mapping[str, Any], *, brought: str, grounds: Grounds, now: datetime) -> dict[str, Any]:
    """What a receipt says: everything of the check that is about nobody."""
    return {
        "checked": {
            "sha256": hashlib.sha256(brought.encode()).hexdigest(),
            "form": result["found"]["kind"],
            "format": result.get("format"),
        },
        "checkedAt": result["as_of"],
        "verdict": result["verdict"],
        "code": result["code"],
        "checks": [{name: each[name] for name in ("rung", "outcome", "code")} for each in result["findings"]],
        "lists": [*_lists(result, grounds=grounds, now=now)],
    }


def _lists(result: Mapping[str, Any], *, grounds: Grounds, now: datetime) -> Iterator[dict[str, Any]]:
    """Every list that had a say, or could have had one."""
    yield {
        "kind": "anchors",
        "sha256": sorted(x509.x509_hash(each) for each in grounds.anchors.anchors),
    }
    listed = grounds.accreditation.at_hand(now=now) if grounds.accreditation is not None else None
    if listed is not None:
        yield {
            "kind": "accredited_issuers", "publisher": listed.issuer, "version": str(listed.sequence),
            "issued": _moment(listed.issued_at),
            "sha256": hashlib.sha256(strict_json.canonical(listed.to_json())).hexdigest(),
        }  # fmt: skip
    for territory, version in sorted((grounds.lists.sequences if grounds.lists is not None else {}).items()):
        yield {"kind": "trusted_list", "territory": territory, "version": str(version)}
    for each in result["findings"]:
        told = each["evidence"]
        if each["rung"] == "status" and "list" in told:
            yield {
                "kind": "status_list", "uri": told["list"], "issued": told["as_of"], "sha256": told.get("list_sha256"),
            }  # fmt: skip


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
