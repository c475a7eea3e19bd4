"""Hostile words on the square and in the mailbox: taken as words or refused, and shown as words."""

from urllib.parse import quote

import pytest

from tests.hostile import ALL, BROKEN, WORDS, bones, joined

ROOM = 400
"""Characters of a post, with some left for what counts longer."""


@pytest.mark.parametrize("word", ALL)
def test_the_square_takes_a_hostile_word_or_refuses_it(client, word):
    for visibility in ("public", "direct"):
        wish = {"persona": "ada", "text": f"@stadt {word[:ROOM]}", "visibility": visibility}
        assert client.post("/sandbox/posts", json=wish).status_code in (200, 422)
    assert client.post("/sandbox/posts", json={"persona": word, "text": "x"}).status_code in (200, 422)
    typed = word.encode("utf-8", "replace").decode()
    assert client.post("/beitraege", data={"als": typed, "text": typed}).status_code in (303, 422)
    assert client.get("/", query_string={"als": typed, "beispiel": typed}).status_code == 200


def test_hostile_words_build_nothing_on_the_square(client):
    def built(text: str) -> set[str]:
        post = client.post("/sandbox/posts", json={"persona": "ada", "text": text}).json
        return set(bones(client.get(f"/@ada/{post['id']}").text))

    usual = built("@stadt @ada Hallo https://stadt.example/" + "x" * 40 + "\nneue Zeile")
    assert {word: strange for word in WORDS if (strange := built(f"@stadt {word[:ROOM]}") - usual)} == {}


@pytest.mark.parametrize("word", [*joined(WORDS), *BROKEN])
def test_a_hostile_mail_is_read_without_harm(app, client, word):
    raw = word.encode("utf-8", "surrogatepass")
    inner = b"Content-Type: text/html\r\nContent-Disposition: attachment; filename=" + raw
    mail = b"Subject: " + raw + b"\r\nFrom: " + raw + b"\r\nTo: " + raw + b"\r\nContent-ID: " + raw
    mail += b"\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: text/html\r\n\r\n"
    key = app.extensions["mailbox"].keep(
        mail + raw + b"\r\n--a\r\n" + inner + b"\r\n\r\n" + raw + b"\r\n--a--"
    )
    for path in ("", key, f"{key}/html"):
        assert client.get(f"/postfach/{path}").status_code == 200
    name = quote(word.encode("utf-8", "replace"), safe="")
    assert client.get(f"/postfach/{key}/teil/{name}").status_code in (200, 308, 404)
