"""What happened on the square survives its end."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain import ConfigError
from bridge.sandbox.drawings import draw
from bridge.sandbox.network import Network
from bridge.sandbox.records import Draft, Faults, Policy, RefusalError


def test_a_second_start_goes_on_where_the_first_stopped(tmp_path: Path):
    first = Network(tmp_path)
    ada = first.personas[0]
    picture = first.upload(ada, draw("bags"))
    kept = first.write(ada, Draft(status="@stadt Müll", media_ids=(picture.id,)), key="k", sample="muell")
    answer = first.write(first.city, Draft(status="@ada Danke", in_reply_to_id=kept.id))
    first.rewrite(ada, kept.id, Draft(status="@stadt Viel Müll", media_ids=(picture.id,)))
    first.remove(ada, first.write(ada, Draft(status="@stadt Versehen")).id)
    first.set_policy(first.city, Policy(for_private_mentions="accept"))
    first.set_faults(Faults(seed=3))
    first.close()

    second = Network(tmp_path)
    assert second.statuses == first.statuses
    assert second.descendants(second.statuses[kept.id], None) == [answer]
    assert second.notifications(second.city) == first.notifications(first.city)
    assert second.policy(second.city).for_private_mentions == "accept"
    assert second.samples == {"muell": kept.id}
    assert second.dice.faults.seed == 3
    assert second.version == first.version
    assert second.picture_path(second.media[picture.id]).read_bytes() == draw("bags")
    assert second.write(second.named("ada"), Draft(status="x"), key="k").id == kept.id
    assert int(second.write(ada, Draft(status="Neu")).id) > int(answer.id)
    second.close()


@given(cut=st.integers(min_value=1, max_value=300))
def test_a_torn_last_line_is_dropped_and_the_rest_kept(tmp_path_factory, cut):
    folder = tmp_path_factory.mktemp("square")
    network = Network(folder)
    whole = network.write(network.personas[0], Draft(status="@stadt Ampel aus"))
    before = network.version
    network.write(network.personas[0], Draft(status="@stadt Noch etwas, das beim Absturz verloren geht" * 3))
    network.close()
    journal = folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-cut])

    again = Network(folder)
    assert list(again.statuses) == [whole.id]
    assert again.version == before
    again.write(again.personas[0], Draft(status="Weiter"))
    again.close()
    third = Network(folder)
    assert len(third.statuses) == 2
    third.close()


def test_a_damaged_line_is_named(tmp_path: Path):
    (tmp_path / "journal.jsonl").write_text('{"did":"nonsense"}\n')
    with pytest.raises(ConfigError, match="line 1"):
        Network(tmp_path)


def test_two_sandboxes_never_share_a_folder(tmp_path: Path):
    network = Network(tmp_path)
    with pytest.raises(ConfigError, match="already running"):
        Network(tmp_path)
    network.close()


def test_a_sample_is_posted_only_once(network: Network):
    draft = Draft(status="@stadt Ampel aus")
    first = network.write(network.personas[0], draft, sample="ampel")
    assert network.write(network.personas[0], draft, sample="ampel") == first


def test_the_answer_to_a_post_one_may_not_see_is_refused(network: Network):
    ada, bruno = network.personas[:2]
    secret = network.write(ada, Draft(status="@stadt psst", visibility="direct"))
    with pytest.raises(RefusalError):
        network.write(bruno, Draft(status="Ich habe es gesehen", in_reply_to_id=secret.id))
