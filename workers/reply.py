"""Reply: tell the citizen where they wrote, never twice and never to anybody else."""

from collections.abc import Iterable

from bridge.domain import PermanentError, Reply, Step, TemporaryError, UnknownOutcomeError
from bridge.platforms.base import Platform
from bridge.tickets.book import accounts, replies
from bridge.tickets.claims import Claim, release, still_ours
from workers.ground import drain, patience
from workers.poll import platform_of

SEND_SECONDS = 30.0
"""What must be left of the lease before a send starts: longer than any call of a platform takes."""


def run() -> None:
    """Send every reply that is due."""
    drain(Step.REPLY, work, batch=10, most_tries=None)


def work(claim: Claim) -> Iterable[Step]:
    """Send one reply."""
    if not still_ours(claim, SEND_SECONDS):
        release(claim)
        return ()
    task = replies.begin(claim)
    if task is None:
        return (Step.NOTIFY,)
    platform = platform_of(accounts.get(task.account_id))
    addressed = platform.address(task.reply.text, task.reply.recipient.handle)
    reply = task.reply.model_copy(update={"text": addressed})
    if not task.look_first or _may_go_again(claim, reply, platform):
        _send(claim, reply, platform)
    return (Step.NOTIFY,)


def _may_go_again(claim: Claim, reply: Reply, platform: Platform) -> bool:
    """Whether a reply of unknown outcome may be sent once more: it is not there, or cannot come twice.

    Even where a key should hold the thread is read: a server that only claims to keep keys is found out so.
    """
    try:
        receipt = platform.find_reply(reply)
    except TemporaryError as error:
        replies.cannot_look(claim, error.retry_after or patience(claim.tries), str(error))
        return False
    except PermanentError as error:
        if not platform.repeat_is_safe(reply):
            replies.refused(claim, str(error))
            return False
    else:
        if receipt:
            replies.sent(claim, receipt)
            return False
    return replies.not_found(claim)


def _send(claim: Claim, reply: Reply, platform: Platform) -> None:
    # Asked as late as can be: reading back took its time, and a process may have been stopped just here.
    if not still_ours(claim, SEND_SECONDS):
        replies.not_begun(claim)
        return
    try:
        receipt = platform.reply(reply)
    except TemporaryError as error:
        replies.not_sent(claim, error.retry_after or patience(claim.tries), str(error))
    except UnknownOutcomeError as error:
        replies.unknown(claim, str(error))
    except PermanentError as error:
        replies.refused(claim, str(error))
    else:
        replies.sent(claim, receipt)
