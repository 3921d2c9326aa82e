"""The page of tasks where there are more than anybody looks through: nothing is left out of it."""

from datetime import timedelta

from tests.desk.bridge import Bridge

from massage_ins_bridge.desk.open_days import open_days
from massage_ins_bridge.desk.opened import Opened
from massage_ins_bridge.desk.roles import Person
from massage_ins_bridge.desk.task_page import TaskPage, Which, task_page
from massage_ins_bridge.desk.tasks import TaskKind, ask
from massage_ins_bridge.desk.users import add_user, set_password

MANY = 2003
NOBODY = Person("main", "Lea Example", "front-desk")


def page(bridge: Bridge, which: Which, person: Person = NOBODY) -> TaskPage:
    with bridge.installation.read() as record:
        return task_page(record, Opened(), open_days(bridge.installation), person, "day", which)


def said(shown: TaskPage) -> list[str]:
    return [line.message for group in shown.groups for line in group.lines]


def test_what_comes_last_of_thousands_is_found(bridge: Bridge) -> None:
    with bridge.installation.write() as record:
        nia = add_user(record, {"name": "Nia", "email": "nia@example.com", "role": "owner"})
        set_password(record, nia, "four words in a row")
        for number in range(MANY):
            ask(record, TaskKind.WHO_IS_IT, f"{number}", due=record.today, doubt="One of many.")
        ask(record, TaskKind.WHO_IS_IT, "last", doubt="Last of all.").given_to = nia.id
        late = ask(record, TaskKind.WHO_IS_IT, "off", doubt="Put off.")
        late.snoozed_until = record.today + timedelta(days=3)
        person = Person("main", "Nia", "therapist", nia.id, "nia@clinic.example")
    shown = page(bridge, "")
    assert shown.summary == f"{MANY + 1} open, {MANY} due today, none late"
    assert shown.counts == {"mine": 0, "nobody": MANY, "snoozed": 1, "": MANY + 1}
    assert shown.hidden == MANY + 1 - len(said(shown))
    assert said(page(bridge, "snoozed")) == ["Put off."]
    own = page(bridge, "mine", person)
    assert (said(own), own.hidden, own.counts[""]) == (["Last of all."], 0, 1)


def test_what_was_done_last_comes_first_and_more_of_it_is_told(bridge: Bridge) -> None:
    with bridge.installation.write() as record:
        for number in range(51):
            row = ask(record, TaskKind.WHO_IS_IT, f"{number}", doubt=f"Doubt {number}.")
            record.tasks.finish(row, for_good=True)
            row.done_at = record.now + timedelta(minutes=number)
    shown = page(bridge, "done")
    assert said(shown) == [f"Doubt {number}." for number in range(50, 0, -1)]
    assert shown.hidden == 1
