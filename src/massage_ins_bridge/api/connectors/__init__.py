"""What a connector may import beside ``massage_ins_bridge.api``: the shapes it speaks in and the
one outgoing HTTP client.

A connector is a class with ``name``, ``capabilities`` and the methods of the roles that it plays:
``Receiving`` always, the others as far as its platform can. It never stores, never retries, never
logs facts of a person. What its platform cannot do it does not declare; the host then makes a staff
task of it. Everything that it answers is checked field by field before it counts.
docs/connectors/write-one.md builds one.

Roles, each with its methods:
    Connector                    what every connector class is
    Receiving                    takes deliveries
    Bookings                     reads the platform's bookings
    Writing                      changes a booking there
    Telling                      tells a platform that acts by itself
    Calendar                     keeps entries in a calendar
    Examining                    looks at the clinic's settings there
    Connecting                   helps a clinic to connect an account

What it is handed, and answers:
    AccountConfig                one clinic's connection to the platform
    ServiceMeaning               what one of the platform's services means here
    Delivery, Hint               a verified delivery; what it says happened
    PlatformBooking              a booking in the platform's state
    PlatformPerson               the client as the platform knows them
    Page, Shown                  a piece of a list of bookings; all that a platform shows
    Gone                         the platform no longer knows the booking
    WriteResult                  how a write was reached
    CalendarEntry                an entry for a calendar
    Notice, Remedy               what a platform is told; one thing that a booking lacks
    Setting                      what a connector wants to know of an account
    Access, Registration         what a key opens; how it came that deliveries are sent
    PlatformService              a service that clients can book
    PlatformHost                 who gives services
    Advice                       what is amiss in the clinic's settings there
    signature_matches            compares two signatures in constant time

The outgoing client:
    PlatformClient               calls to the platform: time limits, retries, rate limits
    PlatformResponse, Timeouts   its answer; how long it waits

What is raised:
    BadSignatureError            a delivery is not signed, or not with our secret
    StaleDeliveryError           it was signed too long ago
    BadPayloadError              it is not what the platform sends
    PlatformError                a call to the platform failed; the three below are of it
    PlatformBusyError            for now: try again later
    PlatformGoneError            the platform does not know it any more
    PlatformRefusedError         the platform will not do it
    UnusableInputError, Problem  settings or facts cannot be used; each fault of them

Words, as types:
    Capability, Reached          what a platform can do; how a write was reached
    HoldStyle, BookingStatus     how a hold is shown; how a booking stands there
    HintKind, NoticeAction       what happened; what the platform is asked to do
    SettingKind                  what a setting holds
"""

import sys as _sys

from ...domain.reading import Problem as Problem
from ...domain.reading import UnusableInputError as UnusableInputError
from ...http import PlatformBusyError as PlatformBusyError
from ...http import PlatformClient as PlatformClient
from ...http import PlatformError as PlatformError
from ...http import PlatformGoneError as PlatformGoneError
from ...http import PlatformRefusedError as PlatformRefusedError
from ...http import PlatformResponse as PlatformResponse
from ...http import Timeouts as Timeouts
from .. import _help
from ._connecting import Access as Access
from ._connecting import Advice as Advice
from ._connecting import PlatformHost as PlatformHost
from ._connecting import PlatformService as PlatformService
from ._connecting import Registration as Registration
from ._connecting import Setting as Setting
from ._connecting import SettingKind as SettingKind
from ._notices import Notice as Notice
from ._notices import NoticeAction as NoticeAction
from ._notices import Remedy as Remedy
from ._roles import Bookings as Bookings
from ._roles import Calendar as Calendar
from ._roles import Connecting as Connecting
from ._roles import Connector as Connector
from ._roles import Examining as Examining
from ._roles import Receiving as Receiving
from ._roles import Telling as Telling
from ._roles import Writing as Writing
from ._shapes import AccountConfig as AccountConfig
from ._shapes import BadPayloadError as BadPayloadError
from ._shapes import BadSignatureError as BadSignatureError
from ._shapes import BookingStatus as BookingStatus
from ._shapes import CalendarEntry as CalendarEntry
from ._shapes import Capability as Capability
from ._shapes import Delivery as Delivery
from ._shapes import Gone as Gone
from ._shapes import Hint as Hint
from ._shapes import HintKind as HintKind
from ._shapes import HoldStyle as HoldStyle
from ._shapes import Page as Page
from ._shapes import PlatformBooking as PlatformBooking
from ._shapes import PlatformPerson as PlatformPerson
from ._shapes import Reached as Reached
from ._shapes import ServiceMeaning as ServiceMeaning
from ._shapes import Shown as Shown
from ._shapes import StaleDeliveryError as StaleDeliveryError
from ._shapes import WriteResult as WriteResult
from ._shapes import signature_matches as signature_matches

_help.teach(_sys.modules[__name__])
