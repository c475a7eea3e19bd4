"""The page to write on works by plain forms, and shows each persona only what they may see."""

import io
import re

import pytest
from flask.testing import FlaskClient

from bridge.sandbox.drawings import draw
from bridge.sandbox.records import Draft


def write(client: FlaskClient, text: str, persona: str = "ada", **more: object):
    return client.post("/beitraege", data={"als": persona, "text": text, **more}, follow_redirects=True)


@pytest.mark.parametrize("path", ["/", "/?als=bruno", "/?beispiel=Ampel", "/postfach/", "/@ada/1"])
def test_every_page_forbids_foreign_and_inline_content(client, path):
    answer = client.get(path)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"style=|<style|<script>|\son\w+=", answer.text)
    assert not re.search(r'(?:src|href)="https?://(?!localhost)', answer.text)


def test_it_says_that_it_is_only_an_exercise(client):
    assert "Übungsplatz. Nichts hier verlässt diesen Rechner." in client.get("/").text


def test_what_is_written_stands_on_the_page(client, network):
    page = write(client, "@stadt Ampel <aus>")
    assert page.status_code == 200
    assert "Ampel &lt;aus&gt;" in page.text
    assert len(network.notifications(network.city)) == 1


def test_an_example_fills_the_composer(client):
    assert "@stadt Ecke Könneritzstraße/Holbeinstraße" in client.get("/?beispiel=Ampel").text


def test_a_photo_is_shown_under_the_words(client):
    photo = (io.BytesIO(draw("pothole")), "loch.jpg")
    assert '<img class="photo" src="/media/' in write(client, "@stadt Loch", foto=photo).text


def test_a_refused_text_stays_in_the_box_with_a_reason(client):
    page = write(client, "x" * 501)
    assert page.status_code == 422
    assert "zu lang" in page.text
    assert "x" * 501 in page.text


@pytest.mark.parametrize(("viewer", "sees"), [("ada", True), ("stadt", True), ("bruno", False)])
def test_a_direct_message_is_shown_only_to_the_two_it_is_between(client, viewer, sees):
    write(client, "@stadt Geheimes", sichtbarkeit="direct")
    page = client.get(f"/?als={viewer}").text
    assert ("Geheimes" in page) is sees
    assert ("Direkt</span>" in page) is sees


def test_an_answer_greets_everybody_it_must_reach_and_stays_direct(client, network):
    status = network.write(network.city, Draft(status="@ada Wo?", visibility="direct"))
    page = client.get(f"/?als=ada&antwort={status.id}").text
    assert "@stadt </textarea>" in page
    assert re.search(r'value="direct"\s+checked', page)


def test_the_citys_answers_are_visibly_the_citys(client, network):
    root = network.write(network.personas[0], Draft(status="@stadt Ampel aus"))
    network.write(network.city, Draft(status="@ada https://stadt.example/x", in_reply_to_id=root.id))
    page = client.get("/").text
    assert 'class="post depth1 city"' in page
    assert re.search(r'href="https://stadt.example/x"[^>]*rel="nofollow noopener"', page)


def test_own_posts_can_be_edited_and_deleted_and_those_of_others_not(client, network):
    status = network.write(network.personas[0], Draft(status="@stadt Ampel aus"))
    client.post(f"/beitraege/{status.id}", data={"als": "ada", "text": "@stadt Ampel blinkt"})
    assert network.statuses[status.id].draft.status == "@stadt Ampel blinkt"
    assert client.get(f"/?als=bruno&bearbeiten={status.id}").status_code == 404
    assert client.post(f"/beitraege/{status.id}/loeschen", data={"als": "bruno"}).status_code == 404
    client.post(f"/beitraege/{status.id}/loeschen", data={"als": "ada"})
    assert status.id not in network.statuses


def test_an_unchanged_page_is_not_sent_again(client, network):
    tag = client.get("/").headers["ETag"]
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 304
    network.write(network.city, Draft(status="@ada Neu"))
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_a_posts_address_opens_its_conversation_alone(client, network):
    root = network.write(network.personas[0], Draft(status="@stadt Ampel aus"))
    answer = network.write(network.city, Draft(status="@ada Danke", in_reply_to_id=root.id))
    network.write(network.personas[1], Draft(status="@stadt Etwas anderes"))
    page = client.get(f"/@stadt/{answer.id}").text
    assert "Ampel aus" in page
    assert "Etwas anderes" not in page


def test_a_missing_post_gets_a_friendly_page(client):
    answer = client.get("/@ada/12345")
    assert answer.status_code == 404
    assert "Dieser Beitrag ist nicht da" in answer.text
