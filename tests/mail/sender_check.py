"""A filter of OpenSMTPD that does what a city's mail server does: it checks senders and signs the result.

It speaks only by which address a server has: 127.0.0.2 is the mail server of musterstadt.example. Words of
others under the same name are taken away at the border, as RFC 8601 demands.
"""

import sys

AUTHSERV, DOMAIN, SERVER = "mx.musterstadt.example", "musterstadt.example", "127.0.0.2"
came_from: dict[str, str] = {}
envelope: dict[str, str] = {}
begun: set[str] = set()


def verdict(session: str) -> str:
    """What stands in Authentication-Results."""
    domain = envelope.get(session, "").rpartition("@")[2].lower()
    if domain != DOMAIN:
        return f"spf=none smtp.mailfrom={domain or 'none'}"
    return f"spf={'pass' if came_from.get(session) == SERVER else 'fail'} smtp.mailfrom={domain}"


def lines(session: str, line: str) -> list[str]:
    """What becomes of one line of a mail."""
    first = session not in begun
    begun.add(session)
    if line == ".":
        begun.discard(session)
    signed = [f"Authentication-Results: {AUTHSERV}; {verdict(session)}"] if first else []
    return signed + ([] if line.lower().startswith(f"authentication-results: {AUTHSERV}") else [line])


def main() -> None:
    """Answer OpenSMTPD until it hangs up."""
    for told in sys.stdin:
        parts = told.rstrip("\n").split("|")
        if parts[:2] == ["config", "ready"]:
            for wanted in (
                "report|smtp-in|link-connect",
                "report|smtp-in|tx-mail",
                "filter|smtp-in|data-line",
                "ready",
            ):
                print(f"register|{wanted}")
        elif parts[0] == "report" and parts[4] == "link-connect":
            came_from[parts[5]] = parts[8].rpartition(":")[0]
        elif parts[0] == "report" and parts[4] == "tx-mail":
            envelope[parts[5]] = parts[8]
        elif parts[0] == "filter":
            for line in lines(parts[5], "|".join(parts[7:])):
                print(f"filter-dataline|{parts[5]}|{parts[6]}|{line}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
