"""One e-mail at a time over SMTP: what came of it is always one of sent, not sent, refused, or
unsure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import getaddresses

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from ..settings import MailSettings

#: How long the server may take for one answer.
SECONDS = 20


class MailError(Exception):
    """The e-mail was not sent. The text names no address and no content."""


class ServerError(MailError):
    """The server is not there, or does not want to now; it may later."""


class LoginError(ServerError):
    """The server does not let us in: the settings are wrong, or a certificate is."""


class RefusedError(MailError):
    """The server will never take this e-mail, or never for this address."""


class UnsureError(MailError):
    """The connection broke after the e-mail was handed over: it may have been sent."""


def send(settings: MailSettings, compose: Callable[[], EmailMessage | None]) -> bool:
    """Send what ``compose`` makes, which is asked once the server has let us in; ``False`` where it
    makes nothing. Raises ``MailError``."""
    return asyncio.run(_send(settings, compose))


def try_login(settings: MailSettings) -> None:
    """Connect and sign in, and send nothing. Raises ``ServerError``."""
    asyncio.run(_send(settings, lambda: None))


async def _send(settings: MailSettings, compose: Callable[[], EmailMessage | None]) -> bool:
    client = await _connected(settings)
    try:
        message = compose()
        if message is None:
            return False
        await _address(client, message)
        await _hand_over(client, message)
        return True
    finally:
        await _leave(client)


async def _connected(settings: MailSettings) -> aiosmtplib.SMTP:
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.user or None,
        password=settings.password.get_secret_value() or None,
        use_tls=settings.security == "tls",
        start_tls=settings.security == "starttls",
        timeout=SECONDS,
    )
    try:
        await client.connect()
    except SMTPAuthenticationError as error:
        raise LoginError(f"the mail server refuses user or password ({error.code})") from None
    except SMTPResponseException as error:
        raise ServerError(f"the mail server answers {error.code}") from None
    except (OSError, ValueError) as error:
        raise ServerError(f"the mail server cannot be reached ({type(error).__name__})") from None
    except SMTPException:
        raise LoginError("the mail server offers no such security or login") from None
    return client


async def _address(client: aiosmtplib.SMTP, message: EmailMessage) -> None:
    """Say from whom and to whom."""
    sender = _addresses(message, "from")[0]
    try:
        await client.mail(sender, encoding="ascii")
        for to in _addresses(message, "to"):
            await client.rcpt(to, encoding="ascii")
    except SMTPRecipientRefused as error:
        if error.code >= 500:
            raise RefusedError(f"the mail server refuses the address ({error.code})") from None
        raise ServerError(f"the mail server answers {error.code}") from None
    except UnicodeEncodeError:
        raise RefusedError("the address has letters that e-mail cannot carry") from None
    except SMTPResponseException as error:
        raise ServerError(f"the mail server refuses the sender ({error.code})") from None
    except (SMTPException, OSError) as error:
        raise ServerError(f"the mail server broke off ({type(error).__name__})") from None


async def _hand_over(client: aiosmtplib.SMTP, message: EmailMessage) -> None:
    try:
        await client.data(message.as_bytes())
    except SMTPResponseException as error:
        if error.code >= 500:
            raise RefusedError(f"the mail server refuses the e-mail ({error.code})") from None
        raise ServerError(f"the mail server answers {error.code}") from None
    except (SMTPException, OSError) as error:
        raise UnsureError(f"the mail server broke off ({type(error).__name__})") from None


async def _leave(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit(timeout=2)
    except (SMTPException, OSError):
        client.close()


def _addresses(message: EmailMessage, header: str) -> list[str]:
    return [address for _, address in getaddresses(message.get_all(header, [])) if address]
