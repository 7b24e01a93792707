"""OpenID4VCI 1.0 messages: two other implementations read what we write, and we read what one of them writes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from openid4vci.authorization import InMemoryAuthorizationServer
from openid4vci.crypto.proofs import validate_jwt_proof
from openid4vci.exceptions import CredentialRequestError
from openid4vci.models.credential import CredentialRequest as TheirRequest
from openid4vci.models.metadata import CredentialIssuerMetadata as TheirMetadata
from openid4vci.models.offer import CredentialOffer as TheirOffer
from openid4vci.models.offer import offer_uri_by_value
from openvc import openid4vci as openvc
from openvc.proof.errors import ClaimsInvalid

from exchange import offer, proof
from exchange.display import Display
from exchange.issuance import CredentialRequest, Proofs
from exchange.issuer_metadata import ClaimDescription, CredentialConfiguration, IssuerMetadata
from exchange.offer import CredentialOffer, PreAuthorizedGrant, TxCode
from keys.jwk import PrivateJwk
from keys.signer import SoftwareSigner

pytestmark = pytest.mark.peer

ISSUER = "https://university.example/campus"
NONCE = "a-nonce-given-by-the-issuer"
OFFER = CredentialOffer(
    credential_issuer=ISSUER,
    configuration_ids=("micro-credential",),
    pre_authorized=PreAuthorizedGrant(code="a-code", tx_code=TxCode(length=6, description="See the letter.")),
)
METADATA = IssuerMetadata(
    credential_issuer=ISSUER,
    credential_endpoint=f"{ISSUER}/credential",
    nonce_endpoint=f"{ISSUER}/nonce",
    notification_endpoint=f"{ISSUER}/notification",
    batch_size=8,
    display=(Display(name="Campus", locale="en"), Display(name="Campusul", locale="ro")),
    configurations={
        "micro-credential": CredentialConfiguration(
            format="dc+sd-jwt",
            types=("https://university.example/vct/micro-credential/1",),
            scope="micro-credential",
            signing_algorithms=("ES256",),
            binding_methods=("jwk", "did:key"),
            proof_algorithms=("ES256", "EdDSA"),
            display=(Display(name="Micro-credential", locale="en"),),
            claims=(ClaimDescription(path=("achievement", "level"), mandatory=True),),
        )
    },
)


def test_both_read_our_offer() -> None:
    theirs = TheirOffer.model_validate(OFFER.to_json())
    judged = openvc.parse_credential_offer(OFFER.to_json())

    assert theirs.to_dict() == OFFER.to_json()
    assert theirs.grants.pre_authorized_code.tx_code.length == 6
    assert judged.credential_configuration_ids == OFFER.configuration_ids


def test_we_read_their_offer_from_its_link() -> None:
    theirs, code = InMemoryAuthorizationServer(ISSUER).offer("learner", ["micro-credential"], tx_code="4711")

    read = offer.parse(offer_uri_by_value(theirs))

    assert read == CredentialOffer(
        credential_issuer=ISSUER,
        configuration_ids=("micro-credential",),
        pre_authorized=PreAuthorizedGrant(code=code, tx_code=TxCode(length=4)),
    )


def test_both_read_our_metadata() -> None:
    theirs = TheirMetadata.model_validate(METADATA.to_json())
    judged = openvc.parse_credential_issuer_metadata(METADATA.to_json())

    assert theirs.to_dict() == METADATA.to_json()
    assert judged.batch_size == METADATA.batch_size
    assert judged.nonce_endpoint == METADATA.nonce_endpoint


async def test_both_accept_our_proof_of_possession(holder: PrivateJwk, now: datetime) -> None:
    signer = SoftwareSigner(holder)
    ours = await proof.create(signer=signer, audience=ISSUER, nonce=NONCE, now=now)
    request = CredentialRequest(
        credential_configuration_id="micro-credential", proofs=Proofs(proof_type="jwt", entries=(ours,))
    ).to_json()

    theirs = TheirRequest.model_validate(request)
    result = validate_jwt_proof(theirs.proofs["jwt"][0], credential_issuer=ISSUER, c_nonce=NONCE)
    judged = openvc.verify_credential_request_proofs(request, credential_issuer=ISSUER, check_nonce=is_given)

    assert result.bound_key == holder.public.to_json()
    assert [one.public_jwk for one in judged] == [holder.public.to_json()]
    assert [one.thumbprint for one in judged] == [holder.public.thumbprint()]


def is_given(nonce: str) -> bool:
    return nonce == NONCE


def judged_by_edutap(token: str) -> None:
    validate_jwt_proof(token, credential_issuer=ISSUER, c_nonce=NONCE)


def judged_by_openvc(token: str) -> None:
    request = {"credential_configuration_id": "micro-credential", "proofs": {"jwt": [token]}}
    openvc.verify_credential_request_proofs(request, credential_issuer=ISSUER, check_nonce=is_given)


@pytest.mark.parametrize("judge", [judged_by_edutap, judged_by_openvc])
@pytest.mark.parametrize("changed", [{"audience": "https://another.example"}, {"nonce": "another"}])
async def test_both_refuse_our_proof_with_one_thing_changed(
    holder: PrivateJwk, now: datetime, judge: Callable[[str], None], changed: dict[str, Any]
) -> None:
    asked: dict[str, Any] = {"audience": ISSUER, "nonce": NONCE, **changed}
    ours = await proof.create(signer=SoftwareSigner(holder), now=now, **asked)

    with pytest.raises((CredentialRequestError, ClaimsInvalid, openvc.ProofReplayed)):
        judge(ours)
