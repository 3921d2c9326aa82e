"""Reading calendars in iCalendar's form, for connectors: bytes into occurrences, never a wrong
time. What cannot be told for sure carries its ``doubt``, and a connector leaves it to staff.

    read_calendar    bytes into what takes place between two times
    CalendarRead     what it answers: occurrences, and what could not be read
    Occurrence       something that takes place once
    CalendarPerson   who organizes or attends it
    CalendarProblem  an event that could not be read
    Memory           what was read before, so that only what changed is read again
    CalendarError    the body is no calendar
"""

import sys as _sys

from ...calendars.model import CalendarError as CalendarError
from ...calendars.model import CalendarPerson as CalendarPerson
from ...calendars.model import CalendarProblem as CalendarProblem
from ...calendars.model import CalendarRead as CalendarRead
from ...calendars.model import Memory as Memory
from ...calendars.model import Occurrence as Occurrence
from ...calendars.read import read_calendar as read_calendar
from .. import _help

_help.teach(_sys.modules[__name__])
