"""Only our own mail server's topmost word proves a sender, and only for the sender's own domain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.letters.proof import Proof, proven
from tests.letters.writing import AUTHSERV, OFFICE, TRUE

CASES = {
    "DMARC": ([TRUE], Proof.PASS),
    "DMARC with comments": (
        [f"{AUTHSERV} 1; dmarc=pass (p=none dis=none) header.from=musterstadt.example"],
        Proof.PASS,
    ),
    "an aligned signature": ([f"{AUTHSERV}; dkim=pass header.d=musterstadt.example header.s=a"], Proof.PASS),
    "an aligned signer": ([f"{AUTHSERV}; dkim=pass header.i=@musterstadt.example"], Proof.PASS),
    "an aligned server": ([f"{AUTHSERV}; spf=pass smtp.mailfrom=x@musterstadt.example"], Proof.PASS),
    "capital letters": ([TRUE.upper()], Proof.PASS),
    "the topmost of ours": ([TRUE, f"{AUTHSERV}; dmarc=fail header.from=musterstadt.example"], Proof.PASS),
    "foreign words above": (["mx.boese.example; dmarc=fail", TRUE], Proof.PASS),
    "nothing": ([], Proof.NONE),
    "no result": ([f"{AUTHSERV}; none"], Proof.NONE),
    "a foreign server": (["mx.boese.example; dmarc=pass header.from=musterstadt.example"], Proof.NONE),
    "a server with a longer name": (
        [f"{AUTHSERV}.boese.example; dmarc=pass header.from=musterstadt.example"],
        Proof.NONE,
    ),
    "another's signature": ([f"{AUTHSERV}; dkim=pass header.d=boese.example"], Proof.NONE),
    "a signature of a name like ours": ([f"{AUTHSERV}; dkim=pass header.d=bmusterstadt.example"], Proof.NONE),
    "a signature from below": ([f"{AUTHSERV}; dkim=pass header.d=x.musterstadt.example"], Proof.NONE),
    "a signature of everybody": ([f"{AUTHSERV}; dkim=pass header.d=example"], Proof.NONE),
    "another's server": ([f"{AUTHSERV}; spf=pass smtp.mailfrom=a@boese.example"], Proof.NONE),
    "no domain": ([f"{AUTHSERV}; dkim=pass; spf=pass"], Proof.NONE),
    "a failed DMARC": ([f"{AUTHSERV}; dmarc=fail header.from=musterstadt.example"], Proof.FAIL),
    "a failed DMARC beside a passed server": (
        [f"{AUTHSERV}; spf=pass smtp.mailfrom=musterstadt.example; dmarc=fail"],
        Proof.FAIL,
    ),
    "a failed server": ([f"{AUTHSERV}; spf=fail smtp.mailfrom=a@musterstadt.example"], Proof.FAIL),
    "a forged line below": ([f"{AUTHSERV}; dmarc=fail header.from=musterstadt.example", TRUE], Proof.FAIL),
    "a forged line below a broken one": ([f'{AUTHSERV}; spf=pass smtp.mailfrom="', TRUE], Proof.NONE),
    "a word hidden in quotes": (
        [f'{AUTHSERV}; spf=fail smtp.mailfrom="a; dmarc=pass header.from=musterstadt.example"@boese.example'],
        Proof.FAIL,
    ),
    "a word hidden in a comment": (
        [f"{AUTHSERV}; spf=none (; dmarc=pass header.from=musterstadt.example) smtp.mailfrom=boese.example"],
        Proof.NONE,
    ),
    "a pass that is none": ([f"{AUTHSERV}; dmarc=passed header.from=musterstadt.example"], Proof.NONE),
}


@pytest.mark.parametrize("name", CASES)
def test_a_sender_is_proven(name: str) -> None:
    lines, expected = CASES[name]
    assert proven(OFFICE, tuple(lines), AUTHSERV) is expected


@given(st.lists(st.text(st.sampled_from('mx;=()"\\ dmarcpass header.from'), max_size=80), max_size=3))
def test_nothing_odd_proves_anybody(lines: list[str]) -> None:
    assert proven(OFFICE, tuple(f"{AUTHSERV}; {line}" for line in lines), AUTHSERV) is not Proof.PASS
