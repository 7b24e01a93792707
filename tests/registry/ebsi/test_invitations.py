"""An invitation reserves an attribute: everybody sees it, it gives no right, and what is granted later stands in it."""

import re
from typing import Any

import pytest

from registry.ebsi import desk
from registry.ebsi.register import IssuerType
from registry.ebsi.rights import RightKind
from registry.errors import InvalidChange, NotEntitled
from tests.registry.ebsi.conftest import UNTIL, Chain, body, entry
from tests.registry.ebsi.test_desk_api import post
from tests.registry.ebsi.test_desk_pages import page_of, send, sign_in

ISSUERS = "/trusted-issuers-registry/v5/issuers"


async def invited(chain: Chain) -> tuple[str, str]:
    """A college that the ministry invites to award, and the attribute."""
    college = await body(chain.registry, "College")
    told = {"by": chain.ministry.did, "kind": "attest"}
    status, kept = await post(chain.client, f"/bodies/{college.did}/invitations", told)
    assert status == 201, kept
    return college.did, kept["attribute"]["hash"]


async def test_who_is_invited_is_listed_with_an_empty_body(chain: Chain) -> None:
    did, attribute = await invited(chain)
    told = (await chain.get(f"{ISSUERS}/{did}/attributes/{attribute}"))["attribute"]
    assert told == {
        "hash": attribute, "body": "", "issuerType": "TI", "tao": chain.ministry.did, "rootTao": chain.root.did,
    }  # fmt: skip
    assert (await chain.get("/lists/accredited-issuers.json"))["organisations"][-1]["accreditations"] == []


async def test_the_accreditation_is_kept_where_it_was_reserved(chain: Chain) -> None:
    did, attribute = await invited(chain)
    kept = await desk.grant(
        chain.registry, by=chain.ministry.did, to=did, kind=RightKind.ATTEST, accredited_for=(entry(),), until=UNTIL,
        author="office",
    )  # fmt: skip
    page = await chain.get(f"{ISSUERS}/{did}/attributes/{attribute}/revisions")
    assert (kept.attribute, page["total"]) == (attribute, 2)


async def test_an_invitation_is_withdrawn_like_a_right(chain: Chain) -> None:
    did, attribute = await invited(chain)
    told = {"by": chain.ministry.did, "reason": "a mistake"}
    status, kept = await post(chain.client, f"/bodies/{did}/accreditations/{attribute}/withdrawal", told)
    assert (status, kept["attribute"]["issuerType"]) == (201, IssuerType.REVOKED.value)


@pytest.mark.parametrize("case", ["twice", "itself", "nobody", "root", "no right"])
async def test_an_invitation_that_cannot_be_is_refused(chain: Chain, case: str) -> None:
    did, _ = await invited(chain)
    other = await body(chain.registry, "Other")
    asked: dict[str, Any] = {"by": chain.ministry.did, "to": other.did, "kind": RightKind.ATTEST}
    changes: dict[str, dict[str, Any]] = {
        "twice": {"to": did},
        "itself": {"to": chain.ministry.did},
        "nobody": {"to": "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"},
        "root": {"kind": RightKind.TRUST_CHAIN},
        "no right": {"by": chain.university.did},
    }

    with pytest.raises((InvalidChange, NotEntitled)):
        await desk.invite(chain.registry, **{**asked, **changes[case]}, author="office")


async def test_a_body_is_invited_on_the_page_and_told_so(chain: Chain) -> None:
    home = await sign_in(chain.client)
    college = await body(chain.registry, "College")
    granting = f"/desk/bodies/{chain.ministry.did}"
    page = await page_of(chain.client, granting)

    after = await send(chain.client, f"{granting}/invitations", {"to": college.did, "kind": "attest"}, page=page)

    assert re.search(r"College</b>.*?Invited", after, re.DOTALL)
    assert "Withdraw the invitation" in after
    assert "College" in home or "Invited" in await page_of(chain.client, "/desk")
