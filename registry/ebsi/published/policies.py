"""The Trusted Policies Registry v3, reading side: rules, and what each address of the ledger may do."""

import hashlib

from aiohttp import web

from registry.ebsi.published import asked, paging
from registry.ebsi.published.asked import POLICIES
from registry.ebsi.published.paging import Paging
from registry.errors import PolicyNotFound, UserNotFound
from registry.office import REGISTRY


async def get_policies(request: web.Request) -> web.Response:
    """A page of the policies."""
    page_asked = Paging.parse(request)
    register = await request.app[REGISTRY].shelf.current()
    url = asked.url_of(request, POLICIES, "/policies")
    page = page_asked.to_json(
        register.policies, url=url, item=lambda name: {"policyName": name, "href": f"{url}/{name}"}
    )  # fmt: skip
    return asked.answer(request, page)


async def get_policy(request: web.Request) -> web.Response:
    """One policy."""
    paging.check_parameters(request)
    register = await request.app[REGISTRY].shelf.current()
    name = request.match_info["policy"]
    if name not in register.policies:
        raise PolicyNotFound(f"Policy {name} not found")
    told = {"policyId": "0x" + hashlib.sha256(name.encode()).hexdigest(), "policyName": name}
    return asked.answer(request, {**told, **register.policies[name]})


async def get_users(request: web.Request) -> web.Response:
    """A page of the users."""
    page_asked = Paging.parse(request)
    register = await request.app[REGISTRY].shelf.current()
    url = asked.url_of(request, POLICIES, "/users")
    page = page_asked.to_json(register.users, url=url, item=lambda name: {"user": name, "href": f"{url}/{name}"})
    return asked.answer(request, page)


async def get_user(request: web.Request) -> web.Response:
    """What one address may do."""
    paging.check_parameters(request)
    register = await request.app[REGISTRY].shelf.current()
    name = request.match_info["user"].lower()
    if name not in register.users:
        raise UserNotFound(f"User {name} not found")
    return asked.answer(request, {"user": name, "attributes": list(register.users[name])})


ROUTES = (
    asked.route(f"{POLICIES}/health", asked.get_health, "The registry of policies answers."),
    asked.route(f"{POLICIES}/policies", get_policies, "The policies."),
    asked.route(f"{POLICIES}/policies/{{policy}}", get_policy, "One policy."),
    asked.route(f"{POLICIES}/users", get_users, "The users."),
    asked.route(f"{POLICIES}/users/{{user}}", get_user, "One user."),
)
