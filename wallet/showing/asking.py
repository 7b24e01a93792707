"""Opening a request: OpenID4VP 1.0 section 5. Who asks is proved before anything of the question is believed.

What is kept is the request as it was signed; the answer is made from nothing else. Nothing is ever sent to an address
that came with a request before its sender is known, except the fetch of the request itself.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from exchange import display, request_link, request_object, web_address
from exchange.client import Prefix
from exchange.errors import ExchangeError, InvalidClient
from exchange.request_link import Method, RequestReference, RequestUriPost
from exchange.request_object import AuthorizationRequest, VerifiedRequest
from exchange.states import Presentation
from keys import strict_json, x509
from service.errors import NotFound
from trust.errors import TrustError
from wallet import peer, store
from wallet.custody import Vault
from wallet.errors import PartySilent, RequestRefused, UnknownVerifier
from wallet.store import REQUESTS, Errand
from wallet.wallet import Wallet, new_id

KIND = "request"
LIFE_SECONDS = 3600
NONCE_BYTES = 24
SD_JWT_ALGORITHMS = ("ES256", "EdDSA")
METADATA: Mapping[str, Any] = {
    "vp_formats_supported": {
        "dc+sd-jwt": {"sd-jwt_alg_values": list(SD_JWT_ALGORITHMS), "kb-jwt_alg_values": ["ES256"]},
        "jwt_vc_json": {"alg_values": list(SD_JWT_ALGORITHMS)},
    },
    "client_id_prefixes_supported": [prefix.value for prefix in Prefix],
    "response_types_supported": ["vp_token"],
    "response_modes_supported": ["direct_post", "direct_post.jwt"],
    "authorization_encryption_alg_values_supported": ["ECDH-ES"],
    "authorization_encryption_enc_values_supported": ["A128GCM", "A256GCM"],
}
"""What this wallet can do, told to verifiers that are asked by POST (section 10); the same for every learner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who asks, as far as that was proved: `standing` is trusted or unknown."""

    name: str
    host: str
    client_id: str
    standing: str
    sentence: str
    claimed: str | None = None  # what it calls itself, which nobody has checked
    chain: tuple[tuple[str, str], ...] = ()

    @classmethod
    def load(cls, raw: Mapping[str, Any]) -> "Party":
        """The party that `to_json` wrote."""
        return cls(**{**raw, "chain": tuple((name, meaning) for name, meaning in raw["chain"])})

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**said, "chain": [list(step) for step in self.chain]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to one account, who asks, and how it ended where it has."""

    errand: Errand
    source: Mapping[str, Any]  # the signed claims, or the link of an unsigned request
    request: AuthorizationRequest
    party: Party
    redirect_uri: str | None = None
    outcome: str = ""

    @property
    def id(self) -> str:
        """Its name."""
        return self.errand.id

    @property
    def state(self) -> Presentation:
        """Where it stands."""
        return Presentation(self.errand.state)

    @property
    def open(self) -> bool:
        """Whether it can still be answered."""
        return self.state is Presentation.FETCHED

    def seal(self, vault: Vault) -> bytes:
        """The content of its row."""
        said = {
            "source": dict(self.source),
            "party": self.party.to_json(),
            "redirect_uri": self.redirect_uri,
            "outcome": self.outcome,
        }
        return vault.seal(said, kind=KIND, row=self.errand.id)


async def open_link(wallet: Wallet, vault: Vault, link: str) -> str:
    """Reads a request in any form, proves who asks, and keeps it; its id.

    Raises RequestRefused, UnknownVerifier or PartySilent; the sender learns nothing from any of them.
    """
    wallet.limits.openings.take(vault.account)
    try:
        source, request, party = await _established(wallet, link)
    except InvalidClient as error:
        raise UnknownVerifier(str(error)) from error
    except ExchangeError as error:
        raise RequestRefused(str(error)) from error
    except TrustError as error:
        raise PartySilent(f"Who asks could not be looked up: {error}.") from error
    id_, now = new_id(), wallet.moment
    errand = Errand(
        id=id_, account=vault.account, state=Presentation.FETCHED.value, sealed=b"", made_at=now,
        ends_at=now + LIFE_SECONDS,
    )  # fmt: skip
    asked = Asked(errand=errand, source=source, request=request, party=party)
    errand = replace(errand, sealed=asked.seal(vault))
    await wallet.database.write(lambda books: store.add_errand(books, REQUESTS, errand=errand))
    return id_


async def find(wallet: Wallet, vault: Vault, id_: str) -> Asked:
    """The request with that id; NotFound where this account has none."""
    errand = await wallet.database.read(lambda books: store.errand(books, REQUESTS, id_=id_, account=vault.account))
    if errand is None:
        raise NotFound("There is no such request in your wallet, or it has ended.")
    said = vault.open(errand.sealed, kind=KIND, row=errand.id)
    return Asked(
        errand=errand, source=said["source"], request=_reread(said["source"]), party=Party.load(said["party"]),
        redirect_uri=said["redirect_uri"], outcome=said["outcome"],
    )  # fmt: skip


def _reread(source: Mapping[str, Any]) -> AuthorizationRequest:
    if "claims" in source:
        return AuthorizationRequest.parse(source["claims"])
    found = request_link.parse(source["link"])
    if not isinstance(found, AuthorizationRequest):
        raise RequestRefused("The request that was kept is not one that came unsigned.")
    return found


async def _established(wallet: Wallet, link: str) -> tuple[dict[str, Any], AuthorizationRequest, Party]:
    """What is kept, what is asked, and who asks; raises ExchangeError or TrustError."""
    found = request_link.parse(link)
    if isinstance(found, AuthorizationRequest):
        return {"link": link}, found, _stranger(found)
    nonce = None
    if isinstance(found, RequestReference):
        nonce = secrets.token_urlsafe(NONCE_BYTES) if found.method is Method.POST else None
        token = await _fetch(wallet, found, nonce=nonce)
    else:
        token = found.request
    signed = request_object.parse(token, client_id=found.client_id)
    document = await _document(wallet, signed.did)
    verified = request_object.verify(
        signed, now=wallet.now(), anchors=wallet.verifier_anchors, document=document, wallet_nonce=nonce
    )
    claims = strict_json.parse_object(signed.token.payload, limit=request_object.LONGEST)
    return {"claims": claims}, verified.request, _known(verified)


async def _fetch(wallet: Wallet, reference: RequestReference, *, nonce: str | None) -> str:
    """The request object (section 5.10, RFC 9101 section 5.2.3)."""
    if nonce is None:
        body = await peer.fetch(wallet.outbound, reference.request_uri, accept=request_link.ACCEPT)
    else:
        form = RequestUriPost(wallet_nonce=nonce, wallet_metadata=METADATA).to_form()
        body = await peer.post_form(wallet.outbound, reference.request_uri, form, accept=request_link.ACCEPT)
    try:
        return body.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise RequestRefused("The request is not a signed text.") from error


async def _document(wallet: Wallet, did: str | None) -> Any:
    if did is None or wallet.grounds.resolver is None:
        return None
    return await wallet.grounds.resolver.did(did, now=wallet.now())


def _known(verified: VerifiedRequest) -> Party:
    request = verified.request
    host = web_address.host(request.response_uri)
    claimed = request.client_metadata.claimed_name
    if not verified.path:
        said = "It proved that it holds this identifier. Nobody we trust says who that is."
        return Party(
            name=request.client_id.name, host=host, client_id=str(request.client_id), standing="unknown",
            sentence=said, claimed=claimed,
        )  # fmt: skip
    names = [display.clean(x509.common_name(each), longest=display.LONGEST_NAME) or "unnamed" for each in verified.path]
    return Party(
        name=names[0], host=host, client_id=str(request.client_id), standing="trusted",
        sentence=f"{names[0]} at {host}, certified by {names[-1]}.", claimed=claimed,
        chain=((host, "where your answer goes"), *zip(names, _meanings(len(names)), strict=True)),
    )  # fmt: skip


def _meanings(count: int) -> list[str]:
    return ["signed this request", *["vouches for the one before"] * (count - 2), "trusted by this wallet"][:count]


def _stranger(request: AuthorizationRequest) -> Party:
    host = web_address.host(request.response_uri)
    said = f"The request is not signed. All that is known is that your answer goes to {host}."
    return Party(
        name=host, host=host, client_id=str(request.client_id), standing="unknown", sentence=said,
        claimed=request.client_metadata.claimed_name,
    )  # fmt: skip
