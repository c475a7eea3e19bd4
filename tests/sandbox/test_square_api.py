"""The square answers like Mastodon."""

import io
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from PIL import Image

Headers = dict[str, str]


def post(client: FlaskClient, who: Headers, text: str, **more: object) -> dict:
    answer = client.post("/api/v1/statuses", headers=who, json={"status": text, **more})
    assert answer.status_code == 200, answer.json
    return answer.json


def told(client: FlaskClient, who: Headers, query: str = "") -> list[str]:
    page = client.get(f"/api/v1/notifications?types[]=mention&{query}", headers=who).json
    return [notification["status"]["id"] for notification in page]


def test_the_city_learns_who_it_is(client, city):
    me = client.get("/api/v1/accounts/verify_credentials", headers=city).json
    assert (me["acct"], me["display_name"], me["id"]) == ("stadt", "Stadt (Übung)", "1")


def test_the_limits_are_told(client):
    statuses = client.get("/api/v2/instance").json["configuration"]["statuses"]
    assert statuses["max_characters"] == 500
    assert statuses["characters_reserved_per_url"] == 23


@pytest.mark.parametrize(
    ("method", "path", "token", "code", "error"),
    [
        ("GET", "/api/v1/accounts/verify_credentials", None, 401, "The access token is invalid"),
        ("GET", "/api/v1/accounts/verify_credentials", "wrong", 401, "The access token is invalid"),
        ("GET", "/api/v1/notifications", "uebung-stadt", 401, "The access token is invalid"),
        ("GET", "/api/v1/statuses/1", None, 404, "Record not found"),
        ("GET", "/api/v1/statuses/1/context", "uebung-ada", 404, "Record not found"),
        ("DELETE", "/api/v1/statuses/1", "uebung-ada", 404, "Record not found"),
        ("GET", "/api/v1/accounts/99/statuses", None, 404, "Record not found"),
        ("POST", "/api/v1/statuses", "uebung-ada", 422, "Validation failed: Text can't be blank"),
        ("POST", "/api/v2/media", "uebung-ada", 422, "Validation failed: File can't be blank"),
    ],
)
def test_what_cannot_be_is_refused_in_mastodons_words(client, method, path, token, code, error):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.open(path, method=method, headers=headers)
    assert (answer.status_code, answer.json["error"]) == (code, error)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("ä" * 500, True),
        ("ä" * 501, False),
        ("👩‍👩‍👧" * 500, True),
        ("x" * 476 + " https://stadt.example/" + "weg/" * 50 + "x", True),
        ("x" * 477 + " https://stadt.example/" + "weg/" * 50 + "x", False),
        ("@ada@marktplatz.example " + "x" * 495, True),
    ],
)
def test_a_text_counts_as_mastodon_counts_it(client, city, text, fits):
    answer = client.post("/api/v1/statuses", headers=city, json={"status": text})
    assert (answer.status_code == 200) is fits
    assert fits or answer.json["error"] == "Validation failed: Text character limit of 500 exceeded"


def test_a_form_is_as_good_as_json(client, city):
    answer = client.post(
        "/api/v1/statuses", headers=city, data={"status": "Guten Tag", "visibility": "unlisted"}
    )
    assert answer.json["visibility"] == "unlisted"


def test_an_unknown_visibility_is_refused(client, city):
    answer = client.post(
        "/api/v1/statuses", headers=city, data={"status": "Guten Tag", "visibility": "secret"}
    )
    assert answer.status_code == 422


def test_the_same_idempotency_key_posts_once_within_an_hour(client, network, city):
    headers = {**city, "Idempotency-Key": "reply-1"}
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False) as clock:
        first = post(client, headers, "Danke")
        clock.shift(timedelta(minutes=59))
        assert post(client, headers, "Danke")["id"] == first["id"]
        clock.shift(timedelta(minutes=2))
        assert post(client, headers, "Danke")["id"] != first["id"]


def test_two_people_may_use_the_same_idempotency_key(client, ada, bruno):
    key = {"Idempotency-Key": "1"}
    assert post(client, ada | key, "Hallo")["id"] != post(client, bruno | key, "Hallo")["id"]


def test_ids_are_strings_that_grow(client, ada):
    ids = [post(client, ada, f"Beitrag {n}")["id"] for n in range(5)]
    assert ids == sorted(set(ids), key=int)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("eins\nzwei\n\ndrei", "<p>eins<br>zwei</p><p>drei</p>"),
        ("<b>&", "<p>&lt;b&gt;&amp;</p>"),
        ("@niemand da", "<p>@niemand da</p>"),
        (
            "@stadt!",
            '<p><span class="h-card" translate="no"><a href="http://localhost/@stadt" class="u-url mention">'
            "@<span>stadt</span></a></span>!</p>",
        ),
        (
            "siehe https://www.stadt.example/a/sehr/langer/weg/zum/ziel.",
            '<p>siehe <a href="https://www.stadt.example/a/sehr/langer/weg/zum/ziel" target="_blank" '
            'rel="nofollow noopener" translate="no"><span class="invisible">https://www.</span>'
            '<span class="ellipsis">stadt.example/a/sehr/langer/we</span>'
            '<span class="invisible">g/zum/ziel</span></a>.</p>',
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
    ],
)
def test_text_becomes_mastodons_html(client, ada, text, html):
    assert post(client, ada, text)["content"] == html


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_only_those_spoken_to_see_what_is_not_public(client, city, ada, bruno, visibility):
    status = post(client, ada, "@stadt nur für Sie", visibility=visibility)
    path = f"/api/v1/statuses/{status['id']}"
    assert [client.get(path, headers=who).status_code for who in (ada, city, bruno, {})] == [
        200,
        200,
        404,
        404,
    ]


def test_an_answer_kept_from_others_is_missing_in_their_thread(client, city, ada, bruno):
    root = post(client, ada, "@stadt Ampel aus")
    post(client, city, "@ada Danke", in_reply_to_id=root["id"], visibility="direct")
    path = f"/api/v1/statuses/{root['id']}/context"
    assert [len(client.get(path, headers=who).json["descendants"]) for who in (ada, bruno)] == [1, 0]


def test_a_thread_is_told_from_its_root(client, city, ada, bruno):
    root = post(client, ada, "@stadt Ampel aus")
    answer = post(client, city, "@ada Danke", in_reply_to_id=root["id"])
    other = post(client, bruno, "Hier auch", in_reply_to_id=root["id"])
    thanks = post(client, ada, "@stadt Gern", in_reply_to_id=answer["id"])
    context = client.get(f"/api/v1/statuses/{thanks['id']}/context").json
    assert [s["id"] for s in context["ancestors"]] == [root["id"], answer["id"]]
    context = client.get(f"/api/v1/statuses/{root['id']}/context").json
    assert [s["id"] for s in context["descendants"]] == [answer["id"], thanks["id"], other["id"]]


def test_the_answer_to_a_deleted_status_is_refused(client, city, ada):
    status = post(client, ada, "@stadt Ampel aus")
    assert client.delete(f"/api/v1/statuses/{status['id']}", headers=ada).json["text"] == "@stadt Ampel aus"
    answer = client.post(
        "/api/v1/statuses", headers=city, json={"status": "@ada Danke", "in_reply_to_id": status["id"]}
    )
    assert answer.status_code == 404
    assert told(client, city) == []


def test_an_edit_shows_its_time_and_keeps_the_visibility(client, ada):
    status = post(client, ada, "Ampel aus", visibility="unlisted")
    edited = client.put(f"/api/v1/statuses/{status['id']}", headers=ada, json={"status": "Ampel blinkt"}).json
    assert (edited["content"], edited["visibility"]) == ("<p>Ampel blinkt</p>", "unlisted")
    assert edited["edited_at"]


def test_nobody_edits_or_deletes_what_another_wrote(client, ada, bruno):
    path = f"/api/v1/statuses/{post(client, ada, 'Ampel aus')['id']}"
    assert client.put(path, headers=bruno, json={"status": "Nein"}).status_code == 404
    assert client.delete(path, headers=bruno).status_code == 404


def test_many_statuses_are_asked_for_at_once_and_the_gone_ones_are_missing(client, ada):
    ids = [post(client, ada, f"Beitrag {n}")["id"] for n in range(3)]
    client.delete(f"/api/v1/statuses/{ids[1]}", headers=ada)
    found = client.get("/api/v1/statuses", query_string={"id[]": ids}, headers=ada).json
    assert [status["id"] for status in found] == [ids[0], ids[2]]


def test_min_id_pages_forward_without_a_gap(client, network, city, ada):
    ids = [post(client, ada, f"@stadt {n}")["id"] for n in range(7)]
    seen: list[str] = []
    cursor = "0"
    while page := client.get(f"/api/v1/notifications?min_id={cursor}&limit=3", headers=city).json:
        seen += [n["status"]["id"] for n in reversed(page)]
        cursor = page[0]["id"]
    assert seen == ids


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("limit=2", [7, 6]),
        ("limit=2&min_id=2", [4, 3]),
        ("limit=2&since_id=2", [7, 6]),
        ("limit=2&max_id=3", [2, 1]),
        ("limit=1000", [7, 6, 5, 4, 3, 2, 1]),
        ("types[]=favourite", []),
        ("exclude_types[]=mention", []),
    ],
)
def test_cursors_cut_the_notifications_as_mastodon_does(client, city, ada, query, numbers):
    for n in range(7):
        post(client, ada, f"@stadt {n}")
    answer = client.get(f"/api/v1/notifications?{query}", headers=city)
    assert [int(n["id"]) for n in answer.json] == numbers
    assert ('rel="prev"' in answer.headers.get("Link", "")) is bool(numbers)


def test_a_direct_message_of_a_stranger_waits_until_the_policy_accepts_it(client, city, ada):
    early = post(client, ada, "@stadt vertraulich", visibility="direct")
    assert told(client, city) == []
    assert told(client, city, "include_filtered=true") == [early["id"]]
    policy = client.patch(
        "/api/v2/notifications/policy", headers=city, json={"for_private_mentions": "accept"}
    ).json
    assert policy["summary"]["pending_notifications_count"] == 1
    late = post(client, ada, "@stadt noch einmal", visibility="direct")
    assert told(client, city) == [late["id"]]


def test_a_direct_answer_to_us_is_no_strangers_message(client, city, ada):
    question = post(client, city, "@ada Wo genau?", visibility="direct")
    answer = post(client, ada, "@stadt Hier", visibility="direct", in_reply_to_id=question["id"])
    assert told(client, city) == [answer["id"]]


def test_dropped_mentions_never_come_back(client, city, ada):
    client.patch("/api/v2/notifications/policy", headers=city, data={"for_not_following": "drop"})
    post(client, ada, "@stadt Hallo")
    assert told(client, city, "include_filtered=true") == []


def test_an_account_lists_its_own_statuses_newest_first(client, city, ada):
    ids = [post(client, ada, f"Beitrag {n}")["id"] for n in range(3)]
    post(client, ada, "@stadt vertraulich", visibility="direct")
    listed = client.get("/api/v1/accounts/2/statuses").json
    assert [status["id"] for status in listed] == ids[::-1]


def picture(kind: str = "PNG") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(out, kind)
    out.seek(0)
    return out


def test_a_picture_is_uploaded_attached_and_served(client, ada):
    stored = client.post(
        "/api/v2/media", headers=ada, data={"file": (picture(), "a.png"), "description": "ein Loch"}
    ).json
    status = post(client, ada, "@stadt siehe Bild", media_ids=[stored["id"]])
    shown = status["media_attachments"][0]
    assert (shown["type"], shown["description"], shown["meta"]["original"]["width"]) == (
        "image",
        "ein Loch",
        4,
    )
    with client.get(shown["url"].removeprefix("http://localhost")) as served:
        assert served.mimetype == "image/png"
        assert served.data == picture().getvalue()


@pytest.mark.parametrize("content", [b"", b"no picture", picture("GIF").getvalue()])
def test_only_jpeg_and_png_are_pictures(client, ada, content):
    answer = client.post("/api/v2/media", headers=ada, data={"file": (io.BytesIO(content), "a.png")})
    assert answer.status_code == 422


def test_nobody_attaches_the_picture_of_another(client, ada, bruno):
    stored = client.post("/api/v2/media", headers=ada, data={"file": (picture(), "a.png")}).json
    answer = client.post("/api/v1/statuses", headers=bruno, json={"status": "x", "media_ids": [stored["id"]]})
    assert answer.status_code == 422


def test_a_load_run_writes_as_anybody_by_one_call(client, city):
    answer = client.post("/sandbox/posts", json={"persona": "leser_17", "text": "@stadt Schlagloch"})
    assert answer.json["account"]["acct"] == "leser_17"
    assert told(client, city) == [answer.json["id"]]


def test_a_post_with_an_unknown_word_is_refused(client):
    assert client.post("/sandbox/posts", json={"persona": "ada", "txt": "Hallo"}).status_code == 422


@pytest.mark.parametrize(
    ("headers", "environ"),
    [({"Sec-Fetch-Site": "cross-site"}, {}), ({}, {"REMOTE_ADDR": "192.0.2.7"})],
)
def test_only_this_machine_may_write(client, headers, environ):
    answer = client.post("/sandbox/posts", json={}, headers=headers, environ_overrides=environ)
    assert answer.status_code == 403


def test_a_foreign_host_name_is_not_served(client):
    assert client.get("/", headers={"Host": "attacker.example"}).status_code == 400


def test_it_says_that_it_is_well(client):
    assert client.get("/gesundheit").text == "ok"
