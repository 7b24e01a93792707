"""Ten good documents, and at least ten ways to damage each: one change to it, one reason."""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from credentials.credential import Format
from credentials.formats import jades
from credentials.learning import baking
from credentials.learning.baking import artwork
from keys import base64url, x509
from keys.did import methods
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner
from keys.x509 import Certificate
from tests.trust.builders import DAY, NOON, Party, make_authority, make_party
from tests.verifier import bringing
from tests.verifier.bringing import dumped, proved
from tests.verifier.stage import Stage

Json = dict[str, Any]
Damaged = dict[str, tuple[object, str]]

VECTORS = Path(__file__).parents[1] / "vectors" / "legacy_ld"
YEAR = timedelta(days=365)
ASKED = {"nonce": "once", "audience": "us"}
EDWARDS = PrivateJwk.parse(  # RFC 8037 appendix A
    {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
     "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"},
)  # fmt: skip
NIST = PrivateJwk.parse(  # RFC 7515 appendix A.3
    {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
     "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"},
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Good:
    """A document as it is brought, what has to come with it, and its damaged copies by what was done to them."""

    brought: object
    beside: Mapping[str, str] = field(default_factory=dict)
    damaged: Damaged = field(default_factory=dict)


# -- JWT: what somebody without the key can do to any of them, and what an issuer can say wrongly -------------------


def parts(token: str) -> tuple[Json, Json, str]:
    """The header, the payload and the signature of a JWT."""
    header, payload, signature = token.split(".")
    return json.loads(base64url.decode(header)), json.loads(base64url.decode(payload)), signature


def rewritten(token: str, *, header: Json | None = None, payload: Json | None = None) -> str:
    """The JWT with other members in its header or its payload, under the signature that it had."""
    old_header, old_payload, signature = parts(token)
    new = (old_header | (header or {}), old_payload | (payload or {}))
    return ".".join([*(base64url.encode(json.dumps(part).encode()) for part in new), signature])


def flipped(text: str, *, at: int = -20) -> str:
    """The text with one letter changed, which stays a letter of its alphabet."""
    letters = list(text)
    letters[at] = "A" if letters[at] != "A" else "B"
    return "".join(letters)


def signed_badly(token: str) -> Damaged:
    """What can be done to any JWT by somebody without its key."""
    return {
        "a letter of the signature": (flipped(token), "signature"),
        "another claim": (rewritten(token, payload={"jti": "urn:uuid:another"}), "signature"),
        "no algorithm": (rewritten(token, header={"alg": "none"}), "algorithm"),
        "a weak algorithm": (rewritten(token, header={"alg": "HS256"}), "algorithm"),
        "a foreign demand": (rewritten(token, header={"crit": ["x"], "x": 1}), "malformed"),
        "half of it": (token[: len(token) // 2], "malformed"),
    }


def said_badly(issue: Callable[..., str], *, stranger: Party) -> Damaged:
    """What an issuer can say wrongly, or another say in its name."""
    return {
        "it has ended": (issue(issued_at=NOON - 9 * DAY, expires=NOON - DAY), "temporal"),
        "it has not begun": (issue(not_before=NOON + DAY, issued_at=None), "temporal"),
        "it is dated in the future": (issue(issued_at=NOON + timedelta(days=2)), "temporal"),
        "a stranger signed it": (issue(by=stranger), "issuer_untrusted"),
        "it names another issuer": (issue(issuer="https://other.example/north"), "issuer_untrusted"),
    }


def stranger_of(stage: Stage) -> Party:
    """Somebody with a certificate in the same name by an authority that nobody trusts."""
    return make_party(make_authority("Another"), uri=f"http://localhost:{stage.archive.port}/north", dns=("localhost",))


def sd_jwt(stage: Stage) -> Good:
    raw = stage.issue()
    token, *disclosures, _ = raw.split("~")
    shown = "~".join(disclosures)

    def disclosing(*other: str) -> str:
        return "~".join([token, *other, ""])

    return Good(
        brought=raw,
        damaged={
            name: (f"{part}~{shown}~" if "~" not in str(part) else part, code)
            for name, (part, code) in (
                signed_badly(token) | said_badly(stage.issue, stranger=stranger_of(stage))
            ).items()
        } | {
            "a letter of a disclosure": (disclosing(flipped(disclosures[0], at=8), *disclosures[1:]), "disclosure"),
            "a disclosure twice": (disclosing(disclosures[0], *disclosures), "disclosure"),
            "a foreign disclosure": (disclosing(*disclosures, base64url.encode(b'["s","grade","A"]')), "disclosure"),
        },
    )  # fmt: skip


def bound(stage: Stage) -> Good:
    raw = stage.issue()

    def shown(**changes: Any) -> str:
        said = {"disclose": (("given_name",),), "audience": "us", "nonce": "once", "now": stage.clock.at, **changes}
        return stage.world.present(raw, **said)

    good = shown()
    head, _, proof = good.rpartition("~")
    return Good(
        brought=good, beside=ASKED,
        damaged={
            "another nonce": (shown(nonce="twice"), "nonce"),
            "another audience": (shown(audience="them"), "audience"),
            "an old proof": (shown(now=stage.clock.at - timedelta(hours=1)), "key_binding"),
            "a proof of tomorrow": (shown(now=stage.clock.at + timedelta(days=1)), "key_binding"),
            "another holder": (shown(key=NIST), "key_binding"),
            "no proof": (head + "~", "key_binding"),
            "a letter of the proof": (f"{head}~{flipped(proof)}", "key_binding"),
            "another claim in the proof": (f"{head}~{rewritten(proof, payload={'x': 1})}", "key_binding"),
            "another type of proof": (f"{head}~{rewritten(proof, header={'typ': 'JWT'})}", "key_binding"),
            "less than was signed for": (f"{head.split('~')[0]}~{proof}", "key_binding"),
        },
    )  # fmt: skip


def w3c(version: Format, **said: Any) -> Callable[[Stage], Good]:
    def make(stage: Stage) -> Good:
        def issue(**changes: Any) -> str:
            named = {"issuer": f"http://localhost:{stage.archive.port}/north", "version": version, **said, **changes}
            return stage.world.issue_w3c(**named)

        raw = issue()
        code = "type" if version is Format.VC_JWT_1 or said else "unsupported_format"
        damaged = signed_badly(raw) | said_badly(issue, stranger=stranger_of(stage))
        return Good(brought=raw, damaged=damaged | {"another type": (rewritten(raw, header={"typ": "at+jwt"}), code)})

    return make


def presentation(stage: Stage) -> Good:
    raw = stage.world.issue_w3c(issuer=f"http://localhost:{stage.archive.port}/north")

    def shown(held: str = raw, **changes: Any) -> str:
        said = {"audience": "us", "nonce": "once", "now": stage.clock.at, **changes}
        return stage.world.present(held, **said)

    good = shown()
    return Good(
        brought=good, beside=ASKED,
        damaged={
            "another nonce": (shown(nonce="twice"), "nonce"),
            "another audience": (shown(audience="them"), "audience"),
            "an old proof": (shown(now=stage.clock.at - timedelta(hours=1)), "key_binding"),
            "another holder": (shown(key=NIST), "key_binding"),
            "a letter of the proof": (flipped(good), "key_binding"),
            "no proof": (raw, "key_binding"),
            "half of it": (good[: len(good) // 2], "malformed"),
            "another type of proof": (rewritten(good, header={"typ": "at+jwt"}), "unsupported_format"),
            "what it shows is changed": (shown(flipped(raw)), "signature"),
            "what it shows has ended": (
                shown(stage.world.issue_w3c(
                    issuer=f"http://localhost:{stage.archive.port}/north", issued_at=NOON - 9 * DAY, expires=NOON - DAY,
                )), "temporal",
            ),
        },
    )  # fmt: skip


# -- pictures and seals ---------------------------------------------------------------------------------------------


def badge(stage: Stage) -> Good:
    inner = w3c(Format.VC_JWT, types=("OpenBadgeCredential",))(stage)
    picture = artwork.seal()
    whole = baking.bake(picture, credential=str(inner.brought))
    baked: Damaged = {
        name: (baking.bake(picture, credential=str(part)), code)
        for name, (part, code) in inner.damaged.items()
        if str(part).count(".") == 2  # only a whole JWT can be baked
    }
    return Good(
        brought=whole,
        damaged=baked | {
            "the picture breaks off": (whole[:-10], "malformed"),
            "a byte of the picture": (whole[:200] + bytes([whole[200] ^ 1]) + whole[201:], "malformed"),
            "nothing is baked in": (picture, "malformed"),
        },
    )  # fmt: skip


SEALED: Json = {
    "type": ["VerifiableCredential", "EuropeanDigitalCredential"], "validFrom": "2026-01-01T00:00:00Z",
    "issuer": {"legalName": {"it": ["Università di Esempio"]}, "eIDASIdentifier": {"notation": "VATIT-00000000000"}},
}  # fmt: skip


def certified() -> Certificate:
    """A certificate for seals by an authority of its own; it is trusted where a list names it."""
    return x509.create_seal(
        make_authority("Seals"), organisation="Università di Esempio", identifier="VATIT-00000000000", country="IT",
        public=NIST.public, now=NOON - 30 * DAY,
    )  # fmt: skip


SEAL = certified()


def sealed(_: Stage) -> Good:
    def seal(document: Json = SEALED, *, certificate: Certificate = SEAL) -> Json:
        made = jades.issue_now(document, signer=SoftwareSigner(NIST), chain=(certificate,), now=NOON)
        return dict(json.loads(made))

    def changed(change: Callable[[Json], Any]) -> bytes:
        whole = copy.deepcopy(good)
        change(whole)
        return dumped(whole)

    good = seal()
    one = good["signatures"][0]
    damaged = {**one, "signature": flipped(one["signature"])}
    other = {**SEALED["issuer"], "legalName": {"it": ["Altri"]}}
    return Good(
        brought=dumped(good),
        damaged={
            "a space in what is sealed": (changed(lambda w: w.update(payload=w["payload"] + " ")), "signature"),
            "another date": (changed(lambda w: w.update(payload=w["payload"].replace("2026-", "2025-"))), "signature"),
            "a letter of the signature": (changed(lambda w: w.update(signatures=[damaged])), "signature"),
            "two seals": (changed(lambda w: w["signatures"].append(one)), "unsupported_format"),
            "no seal": (changed(lambda w: w.update(signatures=[])), "malformed"),
            "half of it": (dumped(good)[:-200], "malformed"),
            "somebody else's name": (dumped(seal({**SEALED, "issuer": other})), "issuer_untrusted"),
            "nobody's name": (dumped(seal({**SEALED, "issuer": "https://uni.example"})), "issuer_untrusted"),
            "an authority nobody knows": (dumped(seal(certificate=certified())), "issuer_untrusted"),
            "it has ended": (dumped(seal({**SEALED, "validUntil": "2026-02-01T00:00:00Z"})), "temporal"),
            "only its content": (dumped(SEALED), "signature"),
        },
    )  # fmt: skip


# -- proofs inside --------------------------------------------------------------------------------------------------


def inside(key: PrivateJwk) -> Callable[[Stage], Good]:
    did = methods.create_key(key.public)
    other = NIST if key is EDWARDS else EDWARDS
    said = bringing.document(did)
    own_terms = {**said, "@context": [*said["@context"], {"name": "x:y"}]}

    def make(_: Stage) -> Good:
        good = proved(key)
        proof = good["proof"]

        def with_proof(**changes: Any) -> Json:
            return {**good, "proof": {**proof, **changes}}

        return Good(
            brought=good,
            damaged={
                "another name": ({**good, "credentialSubject": {"id": "did:example:ada", "name": "Bob"}}, "signature"),
                "another member": ({**good, "name": "More"}, "signature"),
                "a letter of the proof": (with_proof(proofValue=flipped(proof["proofValue"])), "signature"),
                "another time of proof": (with_proof(created="2026-01-03T00:00:00Z"), "signature"),
                "no value": (with_proof(proofValue=None), "signature"),
                "another key": (with_proof(verificationMethod=methods.key_id(methods.create_key(other.public))), "key"),
                "another suite": (with_proof(cryptosuite="eddsa-rdfc-2022"), "unsupported_format"),
                "another purpose": (with_proof(proofPurpose="authentication"), "type"),
                "two proofs": ({**good, "proof": [proof, proof]}, "unsupported_format"),
                "terms of its own": (proved(key, said=own_terms), "unsupported_format"),
                "it has ended": (proved(key, said={**said, "validUntil": "2026-02-01T00:00:00Z"}), "temporal"),
                "it has not begun": (proved(key, said={**said, "validFrom": "2036-02-01T00:00:00Z"}), "temporal"),
                "the proof has ended": (proved(key, expires="2026-02-01T00:00:00Z"), "temporal"),
                "another issuer": (proved(key, said=bringing.document("did:web:other.example")), "issuer_untrusted"),
            },
        )  # fmt: skip

    return make


def legacy(_: Stage) -> Good:
    good, ended, stranger = (
        json.loads((VECTORS / f"{name}.json").read_text()) for name in ("good", "expired", "stranger")
    )
    proof = good["proof"]

    def with_proof(**changes: Any) -> Json:
        return {**good, "proof": {**proof, **changes}}

    return Good(
        brought=good,
        damaged={
            "another learner": ({**good, "credentialSubject": {"id": "did:example:bob"}}, "signature"),
            "another date": ({**good, "issuanceDate": "2026-01-02T00:00:00Z"}, "signature"),
            "a letter of the proof": (with_proof(proofValue=flipped(proof["proofValue"])), "signature"),
            "no value": (with_proof(proofValue="z"), "signature"),
            "a member nobody defined": ({**good, "grade": "A"}, "signature"),
            "terms of its own": ({**good, "@context": [*good["@context"], {"grade": "x:y"}]}, "unsupported_format"),
            "terms of a stranger": ({**good, "@context": [*good["@context"], "https://x.eu"]}, "unsupported_format"),
            "a key elsewhere": (with_proof(verificationMethod="did:web:other.example#a"), "unsupported_format"),
            "another purpose": (with_proof(proofPurpose="authentication"), "type"),
            "it has ended": (ended, "temporal"),
            "a stranger signed it": (stranger, "issuer_untrusted"),
        },
    )  # fmt: skip


GOODS: Mapping[str, Callable[[Stage], Good]] = {
    "an SD-JWT": sd_jwt,
    "an SD-JWT with its holder's proof": bound,
    "a VC-JWT of VCDM 2.0": w3c(Format.VC_JWT),
    "a VC-JWT of VCDM 1.1": w3c(Format.VC_JWT_1),
    "a presentation of one": presentation,
    "a badge in a picture": badge,
    "a sealed document": sealed,
    "a proof with Ed25519 inside": inside(EDWARDS),
    "a proof with P-256 inside": inside(NIST),
    "a linked-data proof of before": legacy,
}
