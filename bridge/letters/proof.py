"""Whether the city's own mail server vouches for the sender of a mail (RFC 8601)."""

import re
from enum import StrEnum

_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_COMMENT = re.compile(r"\((?:\\.|[^()\\])*\)")
_METHOD = re.compile(r"\s*(?P<name>[a-z0-9-]+)\s*=\s*(?P<result>[a-z]+)(?:\s|$)(?P<rest>.*)", re.DOTALL)
_PROPERTY = re.compile(r"\b(header\.from|header\.d|header\.i|smtp\.mailfrom)\s*=\s*([^\s;]+)")
_SIGNS_FOR = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


class Proof(StrEnum):
    """What the mail server says about who sent a mail."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    NONE = "none"


def proven(sender: str, proofs: tuple[str, ...], authserv: str) -> Proof:
    """What the server named `authserv` says; only its topmost line counts, whatever others put below it.

    DMARC decides where it was asked; else a signature (DKIM) or a sending server (SPF) of the sender's own
    domain, or of one above it, is enough.
    """
    ours = next((line for line in proofs if _by(line) == authserv.lower()), "")
    results = [found for part in _plain(ours).split(";")[1:] if (found := _METHOD.match(part))]
    decided = [found["result"] for found in results if found["name"] == "dmarc"]
    if decided and decided[0] in {"pass", "fail"}:
        results = [found for found in results if found["name"] == "dmarc"][:1]
    if any(_vouches(found, sender.rpartition("@")[2]) for found in results):
        return Proof.PASS
    failed = any(found["result"] in {"fail", "softfail", "permerror"} for found in results)
    return Proof.FAIL if failed else Proof.NONE


def _plain(line: str) -> str:
    """Without comments and quoted words, which hold what strangers chose."""
    bare = _QUOTED.sub("quoted", line[:10_000].lower())
    while bare != (less := _COMMENT.sub(" ", bare)):
        bare = less
    return "" if set(bare) & set('"()') else bare


def _by(line: str) -> str:
    return line.lower().partition(";")[0].strip().split(" ")[0]


def _vouches(found: re.Match[str], domain: str) -> bool:
    if found["result"] != "pass":
        return False
    wanted = _SIGNS_FOR.get(found["name"], ())
    told = [value.rpartition("@")[2] for name, value in _PROPERTY.findall(found["rest"]) if name in wanted]
    return any("." in other and (domain == other or domain.endswith(f".{other}")) for other in told[:1])
