"""Queries over real credentials of every format: issued, held, presented, and checked as the verifier reads them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from credentials.credential import Format
from credentials.formats import sd_jwt_vc, vc_jwt
from credentials.formats.sd_jwt_vc import SdJwtVcContent
from credentials.formats.vc_jwt import VcJwtContent
from exchange import dcql
from exchange.dcql import Query
from exchange.errors import QueryMismatch
from keys.did import methods
from keys.signer import SoftwareSigner

AUDIENCE, NONCE = "x509_san_dns:verifier.example", "n-1"


def test_an_sd_jwt_vc_answers_the_simple_query_of_the_specification(
    holder: SoftwareSigner, noon: datetime, vector: Callable[[str], Any]
) -> None:
    query = Query.parse(vector("oid4vp/simple.json"))
    paths = [("given_name",), ("family_name",), ("birthdate",), ("address",), ("address", "street_address")]
    content = SdJwtVcContent(
        vct="https://credentials.example.com/identity_credential",
        issuer="https://issuer.example",
        claims={"given_name": "Z", "family_name": "D", "birthdate": "2000", "address": {"street_address": "S"}},
        disclosable=paths,
        holder_key=holder.public,
    )
    held = sd_jwt_vc.issue_now(content, signer=holder)

    matches = dcql.match(query, held=[sd_jwt_vc.parse(held).credential])
    option = matches.preferred()["my_credential"].preferred
    shown = sd_jwt_vc.present(held, disclose=option.disclose, key=holder.key, audience=AUDIENCE, nonce=NONCE, now=noon)

    presented = sd_jwt_vc.parse(shown).credential
    assert dcql.check(query, presented={"my_credential": [presented]}) == ()
    assert set(presented.disclosed) == set(paths) - {("birthdate",)}
    assert option.withheld == (("birthdate",),)


@pytest.mark.parametrize("version", [Format.VC_JWT, Format.VC_JWT_1])
def test_a_w3c_credential_answers_the_query_of_the_specification(
    version: Format, holder: SoftwareSigner, noon: datetime, vector: Callable[[str], Any]
) -> None:
    query = Query.parse(vector("oid4vp/dcql_jwt_vc.json"))
    content = VcJwtContent(
        types=("IDCredential",),
        issuer="https://issuer.example",
        subject={"family_name": "D", "given_name": "Z"},
        holder_id=methods.create_key(holder.public),
        issued_at=noon,
        not_before=noon,
    )
    held = vc_jwt.issue_now(content, signer=holder, version=version)

    matches = dcql.match(query, held=[vc_jwt.parse(held).credential])
    option = matches.preferred()["example_jwt_vc"].preferred
    shown = vc_jwt.present(held, disclose=option.disclose, key=holder.key, audience=AUDIENCE, nonce=NONCE, now=noon)

    presented = vc_jwt.parse(shown).credential
    assert dcql.check(query, presented={"example_jwt_vc": [presented]}) == ()
    assert option.shown == option.withheld == ()
    other = Query.parse({"credentials": [{**query.to_json()["credentials"][0], "meta": {"type_values": [["Other"]]}}]})
    with pytest.raises(QueryMismatch, match="type"):
        dcql.check(other, presented={"example_jwt_vc": [presented]})
