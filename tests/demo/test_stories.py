"""The stories themselves, and how they are judged: without any process."""

import re
from collections import Counter

import pytest

from massage_ins_bridge.demo.people import PEOPLE
from massage_ins_bridge.demo.stories import STORIES
from massage_ins_bridge.demo.story import (
    Book,
    LetStand,
    Move,
    Said,
    StopRefusal,
    Story,
    day,
)

WEEKEND = (5, 6)


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.title)
def test_each_booking_has_its_end_and_people_are_invented(story: Story) -> None:
    made = [s.booking for s in story.steps if isinstance(s, Book)]
    made += [s.to for s in story.steps if isinstance(s, Move)]
    assert sorted(made) == sorted(story.ends)
    assert all(end.history for end in story.ends.values())
    assert re.fullmatch(r"[a-z.]+@example\.com", story.client.email)
    assert re.fullmatch(r"206-555-01\d\d", story.client.phone)


@pytest.mark.parametrize("story", PEOPLE, ids=lambda s: s.title)
def test_whose_word_counts_is_told_and_asked_of_the_record(story: Story) -> None:
    assert story.why
    assert any(end.kept for end in story.ends.values())
    for step in story.steps:
        if isinstance(step, LetStand | StopRefusal):
            kind = "allow" if isinstance(step, LetStand) else "stop"
            said = Said(kind, step.name, step.reason)
            assert said in {end.kept.said for end in story.ends.values() if end.kept}


def test_nobody_is_two_people() -> None:
    for field in ("name", "phone"):
        counted = Counter(getattr(story.client, field) for story in STORIES)
        assert max(counted.values()) == 1
    assert len({story.title for story in STORIES}) == len(STORIES) >= 12


def test_the_clinic_is_closed_on_weekends_and_sees_one_client_at_a_time() -> None:
    steps = [s for story in STORIES for s in story.steps if isinstance(s, Book | Move)]
    assert not [s for s in steps if day(s.visit).weekday() in WEEKEND]
    assert max(Counter((s.visit, s.hour) for s in steps).values()) == 1
