"""What is answered to what is no HTTP (RFC 9112): no application sees it, but it gets our headers and a sentence.

aiohttp answers such requests in `RequestHandler.handle_error`, before any middleware, and takes no other handler class
than its own. `_make_server` and the server's keyword arguments are its internals; test_broken_http.py holds them.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import hdrs, web

from service import telemetry

SENTENCES: Mapping[int, str] = {
    400: "What was sent cannot be read as an HTTP request.",
    413: "What was sent is larger than this service reads.",
    414: "The address is longer than this service reads.",
    417: "Nothing but 100-continue can be expected here.",
    431: "The headers are longer than this service reads.",
}
OURS = "The service met a fault of its own. What was saved before is safe."
NO_REFERENCE = "-"


class Listener(web.AppRunner):
    """Runs an application, and says `headers` with every answer that the application does not give itself."""

    def __init__(self, app: web.Application, *, headers: Mapping[str, str], **options: Any) -> None:
        super().__init__(app, **options)
        self._headers = headers

    async def _make_server(self) -> web.Server:
        return _Server(await super()._make_server(), headers=self._headers)


class _Server(web.Server):
    """aiohttp's own, but for the class of its handlers."""

    def __init__(self, made: web.Server, *, headers: Mapping[str, str]) -> None:
        super().__init__(
            made.request_handler, request_factory=made.request_factory, handler_cancellation=made.handler_cancellation,
            loop=made._loop, **made._kwargs,  # noqa: SLF001  # see the head of this module
        )  # fmt: skip
        self.headers = headers

    def __call__(self) -> web.RequestHandler:
        return _Handler(self, loop=self._loop, **self._kwargs)


class _Handler(web.RequestHandler):
    """One connection."""

    __slots__ = ("_headers",)

    def __init__(self, server: _Server, **options: Any) -> None:
        super().__init__(server, **options)
        self._headers = server.headers

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # the signature is aiohttp's
    ) -> web.StreamResponse:
        """The answer; of `message` nothing is told, since it repeats what was sent."""
        if request.writer.output_size > 0:
            raise ConnectionError("An answer has begun already.")
        if isinstance(exc, UnicodeError) and hdrs.EXPECT in request.headers:  # aiohttp could not repeat what it refuses
            status = HTTPStatus.EXPECTATION_FAILED
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and exc is not None:
            telemetry.note_fault(exc, reference=NO_REFERENCE, route=NO_REFERENCE)
        else:
            telemetry.note("no_http", status=status)
        told = SENTENCES.get(status, OURS if status >= HTTPStatus.INTERNAL_SERVER_ERROR else SENTENCES[400])
        answer = web.Response(status=status, text=f"{told}\n", headers=self._headers)
        answer.force_close()
        return answer
