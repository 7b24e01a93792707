"""What a learner does at the door of the wallet, by the JSON API, with a device in hand."""

from dataclasses import dataclass, replace
from typing import Any

from tests.wallet import authenticator
from tests.wallet.authenticator import Passkey, Way
from tests.wallet.stage import Stage

NAME = "mira@example.org"
WITHOUT_KEY = Way(prf=False)


@dataclass(kw_only=True)
class Door:
    """Mira before the wallet, signed in or not."""

    stage: Stage

    async def options(self, purpose: str, **said: Any) -> dict[str, Any]:
        status, body = await self.stage.call("POST", "/passkeys/challenges", {"purpose": purpose, **said})
        assert status == 201, body
        return dict(body["publicKey"])

    async def sign_up(self, passkey: Passkey, way: Way | None = None, **said: Any) -> tuple[int, Any]:
        options = await self.options("sign_up", name=NAME)
        made = authenticator.create(options, passkey, way)
        return self._in(await self.stage.call("POST", "/accounts", {"passkey": made, **said}))

    async def sign_in(self, passkey: Passkey, way: Way | None = None, **said: Any) -> tuple[int, Any]:
        self.stage.token = ""
        used = authenticator.get(await self.options("sign_in"), passkey, way)
        return self._in(await self.stage.call("POST", "/session", {"passkey": used, **said}))

    async def add(self, passkey: Passkey, way: Way | None = None, **said: Any) -> tuple[int, Any]:
        made = authenticator.create(await self.options("add"), passkey, way)
        return await self.stage.call("POST", "/passkeys", {"passkey": made, **said})

    async def confirm(self, passkey: Passkey, way: Way | None = None) -> tuple[int, Any]:
        used = authenticator.get(await self.options("confirm"), passkey, way)
        return await self.stage.call("POST", "/session/proof", {"passkey": used})

    async def kit(self) -> str:
        """A recovery kit that was typed back."""
        status, body = await self.stage.call("POST", "/recovery-kit")
        assert status == 201, body
        assert (await self.stage.call("POST", "/recovery-kit/check", {"code": body["code"]}))[0] == 204
        return str(body["code"])

    async def recover(self, code: str) -> tuple[int, Any]:
        self.stage.token = ""
        return self._in(await self.stage.call("POST", "/session", {"recovery_code": code}))

    async def security(self) -> dict[str, Any]:
        status, body = await self.stage.call("GET", "/security")
        assert status == 200, body
        return dict(body)

    def _in(self, answer: tuple[int, Any]) -> tuple[int, Any]:
        if answer[0] == 201:
            self.stage.token = answer[1]["token"]
        return answer


def before(stage: Stage) -> Door:
    """The door of a wallet, with nobody signed in."""
    return Door(stage=replace(stage, token=""))
