"""Attacks on reading: what is no credential, is too much, has two meanings, or shows what was not signed."""

import json
from typing import Any

from keys import base64url
from tests.attacks.forging import (
    REMOVED,
    Attack,
    bound,
    changed,
    digest,
    disclosure,
    header_of,
    parts,
    payload_of,
    reissued,
    sign,
    with_token,
)  # fmt: skip
from tests.trust.world import World
from trust.report import ReasonCode, Rung

MALFORMED, DISCLOSURE, LIMITS = ReasonCode.MALFORMED, ReasonCode.DISCLOSURE, ReasonCode.LIMITS
UNSUPPORTED, TYPE, TEMPORAL = ReasonCode.UNSUPPORTED_FORMAT, ReasonCode.TYPE, ReasonCode.TEMPORAL


def passing(world: World) -> str:
    return world.present(world.issue())


def with_raw_payload(world: World, make: Any) -> str:
    """The presentation whose signed payload is exactly the bytes that `make` makes of the right ones."""

    def token(right: str) -> str:
        return sign(header_of(right), make(base64url.decode(right.split(".")[1])), key=world.university.key)

    return with_token(world, token)


def with_disclosure(world: World, encoded: str, *, announced: bool = True) -> str:
    token, disclosures, _ = parts(passing(world))
    payload = payload_of(token)
    if announced:
        payload["_sd"] = [*payload["_sd"], digest(encoded)]
    forged = sign(header_of(token), payload, key=world.university.key)
    return bound(world, "~".join((forged, *disclosures, encoded, "")))


def edited_disclosure(world: World) -> str:
    token, disclosures, _ = parts(passing(world))
    salt, name, _ = json.loads(base64url.decode(disclosures[0]))
    return bound(world, "~".join((token, disclosure(salt, name, "Mallory"), *disclosures[1:], "")))


def doubled_disclosure(world: World) -> str:
    token, disclosures, _ = parts(passing(world))
    return bound(world, "~".join((token, disclosures[0], *disclosures, "")))


def foreign_disclosure(world: World) -> str:
    """A disclosure of another credential of the same issuer to the same holder."""
    token, disclosures, _ = parts(passing(world))
    other = parts(world.present(world.issue(), disclose=[("family_name",)]))[1][0]
    return bound(world, "~".join((token, *disclosures, other, "")))


def nested_too_deep(raw: bytes) -> bytes:
    return raw[:-1] + b',"deep":' + b"[" * 70 + b"]" * 70 + b"}"


def json_serialization(world: World) -> str:
    token, disclosures, binding = parts(passing(world))
    protected, payload, signature = token.split(".")
    header = {"disclosures": disclosures, "kb_jwt": binding}
    return json.dumps({"protected": protected, "payload": payload, "signature": signature, "header": header})


ELM_WITH_A_PRETTY_PROOF = json.dumps(
    {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "proof": {"type": "EidasSeal2021", "proofValue": "f91b0742e5a0a0d5", "proofPurpose": "assertionMethod"},
    }
)


def _with_secret_cnf(world: World) -> str:
    return reissued(world, payload={"cnf": {"jwk": world.holder.to_json()}})


def _disclosed_claim(world: World, name: str, value: Any) -> str:
    """The claim `name`, which decides about validity, moved out of the signed payload into a disclosure."""
    token, disclosures, _ = parts(passing(world))
    payload = payload_of(token)
    encoded = disclosure("salt", name, payload[name] if value is None else value)
    payload = changed(payload, {name: REMOVED, "_sd": [*payload["_sd"], digest(encoded)]})
    forged = sign(header_of(token), payload, key=world.university.key)
    return bound(world, "~".join((forged, *disclosures, encoded, "")))


def _doubled_digest(world: World) -> str:
    token, disclosures, _ = parts(passing(world))
    payload = payload_of(token)
    payload["_sd"] = [*payload["_sd"], payload["_sd"][0]]
    return bound(world, "~".join((sign(header_of(token), payload, key=world.university.key), *disclosures, "")))


ATTACKS = (
    Attack("nothing at all", lambda _: "", Rung.PARSE, MALFORMED),
    Attack("a text that is no token", lambda _: "credential", Rung.PARSE, MALFORMED),
    Attack("a control character", lambda w: "\0" + passing(w), Rung.PARSE, MALFORMED),
    Attack("a text that is not ASCII", lambda w: passing(w).replace("~", "\u02dc~", 1), Rung.PARSE, MALFORMED),
    Attack("white space around it", lambda w: " " + passing(w), Rung.PARSE, MALFORMED),
    Attack("a line break inside", lambda w: passing(w).replace(".", ".\n", 1), Rung.PARSE, MALFORMED),
    Attack("a fourth part in the JWT", lambda w: passing(w).replace("~", ".AAAA~", 1), Rung.PARSE, MALFORMED),
    Attack("padding in base64url", lambda w: passing(w).replace(".", "=.", 1), Rung.PARSE, MALFORMED),
    Attack("a JSON serialization", json_serialization, Rung.PARSE, UNSUPPORTED),
    Attack("a document with a proof that looks real", lambda _: ELM_WITH_A_PRETTY_PROOF, Rung.PARSE, UNSUPPORTED),
    Attack(
        "an access token",
        lambda w: sign({"alg": "ES256", "typ": "at+jwt"}, {"iss": "https://uni.example"}, key=w.university.key),
        Rung.PARSE,
        UNSUPPORTED,
    ),
    Attack(
        "a status list in place of a credential",
        lambda w: w.net.documents["https://uni.example/status/1"].body.decode(),
        Rung.PARSE,
        UNSUPPORTED,
    ),
    Attack("more than 200 kB", lambda w: passing(w) + "A" * 200_000, Rung.PARSE, LIMITS),
    Attack(
        "more than 1,000 disclosures",
        lambda w: passing(w).replace("~", "~" + "~".join(disclosure("s", str(n), n) for n in range(1_001)) + "~", 1),
        Rung.PARSE,
        LIMITS,
    ),
    Attack("a deeply nested payload", lambda w: with_raw_payload(w, nested_too_deep), Rung.PARSE, LIMITS),
    Attack(
        "a member that is there twice",
        lambda w: with_raw_payload(w, lambda raw: raw[:-1] + b',"vct":"https://uni.example/other"}'),
        Rung.PARSE,
        MALFORMED,
    ),
    Attack(
        "a header member that is there twice",
        lambda w: with_token(
            w, lambda t: sign(json.dumps(header_of(t)).encode()[:-1] + b',"alg":"none"}', payload_of(t), key=w.holder)
        ),
        Rung.PARSE,
        MALFORMED,
    ),
    Attack("a number of 21 digits", lambda w: reissued(w, payload={"ects": 10**20}), Rung.PARSE, MALFORMED),
    Attack(
        "a number that is none",
        lambda w: with_raw_payload(w, lambda raw: raw[:-1] + b',"n":NaN}'),
        Rung.PARSE,
        MALFORMED,
    ),
    Attack(
        "bytes that are not UTF-8",
        lambda w: with_raw_payload(w, lambda raw: raw[:-1] + b',"n":"\xff"}'),
        Rung.PARSE,
        MALFORMED,
    ),
    Attack("a payload that is a list", lambda w: with_raw_payload(w, lambda _: b"[]"), Rung.PARSE, MALFORMED),
    Attack("no type of credential", lambda w: reissued(w, payload={"vct": REMOVED}), Rung.PARSE, MALFORMED),
    Attack("a type that is a list", lambda w: reissued(w, payload={"vct": ["a"]}), Rung.PARSE, MALFORMED),
    Attack("an issuer that is a number", lambda w: reissued(w, payload={"iss": 1}), Rung.PARSE, MALFORMED),
    Attack(
        "an expiry that is a text", lambda w: reissued(w, payload={"exp": "never"}), Rung.PARSE, ReasonCode.TEMPORAL
    ),
    Attack("an expiry that is true", lambda w: reissued(w, payload={"exp": True}), Rung.PARSE, TEMPORAL),
    Attack("an expiry beyond time", lambda w: reissued(w, payload={"exp": 10**17}), Rung.PARSE, TEMPORAL),
    Attack("a holder key with its secret", _with_secret_cnf, Rung.PARSE, MALFORMED),
    Attack("a holder key by address", lambda w: reissued(w, payload={"cnf": {"jku": "x"}}), Rung.PARSE, MALFORMED),
    Attack("chain that is a text", lambda w: reissued(w, header={"x5c": "MIIB"}), Rung.PARSE, MALFORMED),
    Attack("a chain of numbers", lambda w: reissued(w, header={"x5c": [1]}), Rung.PARSE, MALFORMED),
    Attack("a key id that is a number", lambda w: reissued(w, header={"kid": 1}), Rung.PARSE, MALFORMED),
    Attack(
        "a status mechanism that nobody knows",
        lambda w: reissued(w, payload={"status": {"oracle": {"uri": "https://uni.example"}}}),
        Rung.PARSE,
        ReasonCode.STATUS_UNAVAILABLE,
    ),
    Attack(
        "a negative place in a status list",
        lambda w: reissued(w, payload={"status": {"status_list": {"idx": -1, "uri": "https://uni.example/status/1"}}}),
        Rung.PARSE,
        ReasonCode.STATUS_UNAVAILABLE,
    ),
    Attack("another type of token", lambda w: reissued(w, header={"typ": "JWT"}), Rung.PARSE, TYPE),
    Attack("the type of an older draft", lambda w: reissued(w, header={"typ": "vc+sd-jwt"}), Rung.PARSE, TYPE),
    Attack("no type of token", lambda w: reissued(w, header={"typ": REMOVED}), Rung.PARSE, TYPE),
    Attack("the type of a holder's proof", lambda w: reissued(w, header={"typ": "kb+jwt"}), Rung.PARSE, TYPE),
    Attack("a disclosure that was edited", edited_disclosure, Rung.PARSE, DISCLOSURE),
    Attack("a disclosure that is there twice", doubled_disclosure, Rung.PARSE, DISCLOSURE),
    Attack("a disclosure of another credential", foreign_disclosure, Rung.PARSE, DISCLOSURE),
    Attack(
        "a disclosure that nobody signed",
        lambda w: with_disclosure(w, disclosure("salt", "grade", "A"), announced=False),
        Rung.PARSE,
        DISCLOSURE,
    ),
    Attack("a disclosure of two members", lambda w: with_disclosure(w, disclosure("s", "g")), Rung.PARSE, DISCLOSURE),
    Attack("an empty disclosure", lambda w: passing(w).replace("~", "~~", 1), Rung.PARSE, DISCLOSURE),
    Attack(
        "a disclosure of a claim that is already there",
        lambda w: with_disclosure(w, disclosure("salt", "title", "Doctor of Law")),
        Rung.PARSE,
        DISCLOSURE,
    ),
    *(
        Attack(
            f"a disclosure named {name}",
            lambda w, name=name: with_disclosure(w, disclosure("salt", name, "x")),
            Rung.PARSE,
            DISCLOSURE,
        )
        for name in ("_sd", "...", "_sd_alg")
    ),
    *(
        Attack(
            f"{name} come by disclosure",
            lambda w, name=name, value=value: _disclosed_claim(w, name, value),
            Rung.PARSE,
            DISCLOSURE,
        )
        for name, value in (("exp", 4_102_444_800), ("status", None), ("cnf", None), ("vct", "x"), ("iss", "x"))
    ),
    Attack("digests of another kind", lambda w: reissued(w, payload={"_sd_alg": "md5"}), Rung.PARSE, DISCLOSURE),
    Attack("a digest that is there twice", _doubled_digest, Rung.PARSE, DISCLOSURE),
)
