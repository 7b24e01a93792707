"""The courier: sends what is due in the outbox, one process or many, each mail by one of them.

A mail is leased, its letter written, offered; then the books say that it is going over the wire, and only then does it
go. Whatever ends a process leaves the mail in a state that says how far it came (states.py). Mail servers that are away
are tried again, and refusals "for now" with ever longer pauses.
"""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from issuer import awards, offers
from issuer.awards import Links
from issuer.books.store_awards import StoredAward
from issuer.delivery import claim_links, letters, outbox, smtp, store_mails
from issuer.delivery.addresses import Address
from issuer.delivery.errors import AnswerLost, InvalidAddress, MailServerAway
from issuer.delivery.letters import Letter
from issuer.delivery.paper import printing
from issuer.delivery.smtp import Line, MailServer, Refusal
from issuer.delivery.states import Kind, Mail, Step, result
from issuer.delivery.store_mails import Settlement, StoredMail
from issuer.errors import KeysMissing, UnfitCredential, UnknownAward, UnknownCourse, UnknownInstitution
from issuer.issuer import Issuer
from issuer.standing import Standing
from issuer.tenancy import seals
from issuer.tenancy.offices import Office
from keys import sealing
from keys.errors import InvalidSealed
from service import telemetry
from service.errors import ServiceError
from service.pages import Pages

AT_ONCE: Final = 20
LEASE: Final = timedelta(minutes=10)
GRACE: Final = timedelta(minutes=1)
LOOK_AGAIN: Final = 5.0
AWAY: Final = timedelta(minutes=1)
LATER: Final = timedelta(minutes=10)  # an award that waits for approval, or is suspended
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)
MOST_ATTEMPTS: Final = 12
REMINDERS: Final = 200

Connect = Callable[[], AbstractAsyncContextManager[Line]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why there is nothing to send: for good, or for now."""

    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Sends the mails of one deployment."""

    issuer: Issuer
    pages: Pages
    server: MailServer
    connect: Connect

    async def deliver(self) -> int:
        """Sends up to twenty mails that are due; tells how many it took on."""
        now, holding = self.issuer.now(), sealing.digest(seals.create_secret())
        moment, until = int(now.timestamp()), int((now + LEASE).timestamp())
        remind_at = self._remind_at()
        await self.issuer.database.write(lambda books: store_mails.lose(books, now=moment, due_at=remind_at))
        leased = await self.issuer.database.write(
            lambda books: store_mails.lease(books, count=AT_ONCE, lease=holding, now=moment, until=until)
        )
        left = list(leased)
        try:
            if left:
                await self._send(left, holding=holding)
        except MailServerAway as away:
            telemetry.note("mail_server_away", service="issuer", code=str(away))
            for mail in left:
                await self._settle(mail, holding=holding, step=Step.RELEASE, pause=AWAY)
        return len(leased)

    async def remind(self) -> int:
        """Puts the reminders that are due into the outbox; tells how many."""
        now = self.issuer.now()
        moment = int(now.timestamp())
        due = await self.issuer.database.read(lambda books: store_mails.remindable(books, now=moment, count=REMINDERS))
        made = 0
        for sent in due:
            reminder = outbox.remind(sent, now=now)
            made += await self.issuer.database.write(
                lambda books, sent=sent, reminder=reminder: store_mails.remind(books, sent=sent, reminder=reminder)  # type: ignore[misc]  # bound here, called here
            )
        return made

    async def work(self) -> None:
        """Sends for ever, and looks every few seconds whether there is something to send."""
        while True:
            busy = 0
            try:
                busy = await self.deliver()
                await self.remind()
            except ServiceError:
                telemetry.note("mail_waits", service="issuer")
            if busy < AT_ONCE:
                await asyncio.sleep(LOOK_AGAIN)

    async def _send(self, left: list[StoredMail], *, holding: str) -> None:
        """Sends each of `left`, which holds those that are still to be done."""
        async with self.connect() as line:
            while left:
                await self._deliver(left[0], line=line, holding=holding)
                left.pop(0)

    async def _deliver(self, mail: StoredMail, *, line: Line, holding: str) -> None:
        letter = await self.write(mail)
        if isinstance(letter, Refused):
            await self._settle(mail, holding=holding, step=letter.step, pause=LATER)
            return
        try:
            message = await asyncio.to_thread(letters.compose, letter, pages=self.pages, sender=self.server.sender)
        except (ValueError, ServiceError):  # what a header or a picture cannot hold
            await self._settle(mail, holding=holding, step=Step.GIVE_UP)
            return
        refusal = await line.offer(letter.recipient)
        if refusal is None:
            until = self.issuer.now() + timedelta(seconds=self.server.answer_seconds) + GRACE
            if not await self._hand_over(mail, holding=holding, until=int(until.timestamp())):
                await line.withdraw()
                return
            try:
                refusal = await line.hand_over(message)
            except AnswerLost:
                await self._settle(mail, holding=holding, step=Step.LOST)
                raise MailServerAway("answer_lost") from None
        await self._conclude(mail, holding=holding, refusal=refusal)

    async def write(self, mail: StoredMail) -> Letter | Refused:
        """The letter of a mail as things stand now; or that there is none, for good or for now."""
        try:
            return await self._write(mail)
        except KeysMissing:
            return Refused(step=Step.RELEASE)
        except (UnknownInstitution, UnknownAward):
            return Refused(step=Step.WITHDRAW)
        except (InvalidAddress, UnfitCredential, UnknownCourse, InvalidSealed):
            return Refused(step=Step.GIVE_UP)

    async def _write(self, mail: StoredMail) -> Letter | Refused:
        office = await self.issuer.offices.of(mail.institution)
        award = await awards.find(self.issuer.database, institution=mail.institution, award=mail.award)
        recipient = Address.parse(outbox.address_of(award, mail=mail))
        if award.standing in {Standing.SUSPENDED, Standing.PENDING} and award.claimed_at is None:
            return Refused(step=Step.RELEASE)
        ended = claim_links.has_ended(award, life=self.issuer.settings.claim_life, now=self.issuer.now())
        if not offers.is_claimable(award) or ended or await self._is_stopped(office, recipient=recipient):
            return Refused(step=Step.WITHDRAW)
        return await self._letter(mail, office=office, award=award, recipient=recipient)

    async def _letter(self, mail: StoredMail, *, office: Office, award: StoredAward, recipient: Address) -> Letter:
        course = await self.issuer.courses.find(office.slug, slug=award.course, version=award.course_version)
        language = mail.language or "en"
        return Letter(
            kind=mail.kind,
            recipient=recipient,
            institution=office.institution.name.best(language, "en"),
            learner=printing.read_award(award).learner.name,
            title=course.title.best(language, "en"),
            language=language,
            title_language=language if language in course.title.languages else course.title.main,
            link=Links.of(office, award.id, number=award.link_number).claim_url,
            ends=claim_links.ends(award, life=self.issuer.settings.claim_life),
            guarded=award.pin is not None,
            pin=outbox.open_pin(mail, office=office) if mail.kind is Kind.PIN else None,
            stop_link=f"{office.identifier}/mails/{office.seals.mail_token(mail.id)}",
            message_id=f"<{mail.id}.{mail.institution}@{self.server.host_name}>",
            written_at=self.issuer.now(),
        )

    async def _is_stopped(self, office: Office, *, recipient: Address) -> bool:
        digest = office.seals.address_digest(recipient.same)
        return await self.issuer.database.read(
            lambda books: store_mails.is_stopped(books, institution=office.slug, address=digest)
        )

    async def _hand_over(self, mail: StoredMail, *, holding: str, until: int) -> bool:
        return await self.issuer.database.write(
            lambda books: store_mails.hand_over(books, mail=mail, lease=holding, until=until)
        )

    async def _conclude(self, mail: StoredMail, *, holding: str, refusal: Refusal | None) -> None:
        """Writes down what the mail server said."""
        if refusal is None:
            await self._settle(mail, holding=holding, step=Step.ACCEPTED)
            return
        if not refusal.permanent and mail.attempts + 1 < MOST_ATTEMPTS:
            pause = min(FIRST_PAUSE * 4**mail.attempts, LONGEST_PAUSE)
            await self._settle(mail, holding=holding, step=Step.POSTPONED, pause=pause, answer=refusal.code)
            return
        for_good = refusal.permanent and not refusal.ours
        step = Step.REFUSED if for_good else Step.GIVE_UP
        await self._settle(mail, holding=holding, step=step, answer=refusal.code)

    async def _settle(
        self, mail: StoredMail, *, holding: str, step: Step, pause: timedelta = timedelta(), answer: str = ""
    ) -> None:
        state, now = result(step), self.issuer.now()
        due_at = int((now + pause).timestamp()) if state is Mail.QUEUED else 0
        settlement = Settlement(
            mail=mail, lease=holding, step=step, state=state, now=int(now.timestamp()), answer=answer,
            due_at=self._remind_at() if state in {Mail.SENT, Mail.UNSURE} else due_at,
        )  # fmt: skip
        await self.issuer.database.write(lambda books: store_mails.settle(books, settlement=settlement))
        telemetry.note("mail", outcome=state.value, code=answer)

    def _remind_at(self) -> int:
        days = self.issuer.settings.reminder
        return int((self.issuer.now() + days).timestamp()) if days else 0


def connector(server: MailServer, *, context: ssl.SSLContext) -> Connect:
    """What opens a line to this mail server."""

    def connect() -> AbstractAsyncContextManager[Line]:
        return smtp.connect(server, context=context)

    return connect
