"""Of what a plugin is handed or answers one example each, as ``help`` and the reference show it.

``case`` is what a hook is handed, ``rule`` one of its rules, ``now`` a time. Tests run
every example.
"""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    "Case": """\
rule = case.rules["EVG-01"]
if case.coverage is not None and case.coverage.plan == "Choice":
    answer = rule.unmet("referral", "hold", "It is missing.", "Ask for it.", "We ask for it.")
if case.visit_number is None:  # visits are not known: never count that as met
    answer = rule.unknown("referral", "Visits are not known.", "Record them.", "We check it.")""",
    "Chart": 'Chart(Booking(now, payer="evergreen"), now, coverages=(Coverage("evergreen"),))',
    "Clinic": 'Clinic(network={"evergreen": (NetworkSpan("in"),)}, adult_age=18)',
    "NetworkSpan": 'NetworkSpan("in", from_=date(2026, 1, 1), practitioners=("ada",))',
    "Booking": 'Booking(datetime(2026, 12, 8, 18, tzinfo=UTC), payer="evergreen", place="home")',
    "Patient": 'Patient("Nora Example", birth_date=date(1990, 5, 17), intake_received=True)',
    "Coverage": 'Coverage("evergreen", plan="Choice", staff_confirmed=True, visit_limit=20)',
    "CostShare": 'CostShare(copay=Decimal("25.00"))',
    "InjuryClaim": 'InjuryClaim("AB12345", "open", date_of_injury=date(2026, 10, 1))',
    "ClaimBenefit": "ClaimBenefit(Decimal(10000), left=Decimal(4200), asked_on=date(2026, 12, 1))",
    "Attending": 'Attending("Dr. Ada Example", npi="1234567893")',
    "Prescription": """\
Prescription(
    "rx-1",
    signed_on=date(2026, 11, 30),
    prescriber=Prescriber("Ada Example", "MD"),
    diagnoses=("M54.50",),
    frequency=Frequency(2, "week"),
    duration=Duration(6, "week"),
)""",
    "Prescriber": 'Prescriber("Ada Example", "MD", npi="1234567893", state="WA")',
    "Frequency": 'Frequency(2, "week")',
    "Duration": 'Duration(6, "week")',
    "Authorization": """\
Authorization("evergreen", "referral", "R-77", "approved", visits=8, to=date(2027, 3, 31))""",
    "Visit": 'Visit(date(2026, 11, 24), payer="evergreen", provider="other")',
    "Upcoming": 'Upcoming(datetime(2026, 12, 15, 18, tzinfo=UTC), payer="evergreen")',
    "ProgressReport": 'ProgressReport(date(2026, 11, 24), "evergreen", improvement=True)',
    "Entry": "[entry.day for entry in case.completed or () if entry.here]",
    "Episode": "case.episode is not None and case.episode.number > 6",
    "AuthorizationState": """\
state = authorization_state(case, ("referral",), case.own_entries)
state.state == "covered" and state.number  # the number that the booking uses""",
    "Rule": """\
rule = case.rules["EVG-01"]
limit = rule.values["visits"]  # as rules.toml has it on the day
rule.met("referral", f"The first {limit} visits need no referral.")
rule.unmet("referral", "hold", "It is not on file.", "Ask for it.", "We need your referral.")
rule.waive("prescription", "The plan needs none.", firm=True)
rule.action("request-referral", "Ask for the referral.", add_days(case.today, 7))""",
    "Source": "rule.source.title, rule.source.read_on",
    "RuleBook": "load_book(__name__).on(date(2026, 12, 8))  # by id, the rules in force",
    "Payer": """\
[[payers]]  # in rules.toml; load_book(__name__).payers has them
key = "evergreen"
name = "Evergreen Health"
aliases = ["EHC"]
needs_network = true""",
    "Approval": """\
state = authorization_state(case, ("referral",), case.own_entries)
asked = Approval(rule, state, "Evergreen Health", "Ask by its portal", last_day_to_ask(case))
requirement, actions = judge_approval(case, asked)""",
    "Answer": """\
requirement = rule.met("referral", "None is needed.")
Answer((requirement,), actions=(rule.action("submit-claim", "Send the claim."),))""",
    "Requirement": """\
rule.unmet(  # a rule fills in its id, plugin and source
    "referral",
    "block",
    "No referral is on file.",
    "Ask the physician for it.",
    "Your plan asks for a referral.",
    due=date(2026, 12, 4),
)""",
    "Waiver": 'rule.waive("prescription", "A referral takes its place.", firm=True)',
    "Action": 'rule.action("request-referral", "Ask for a referral.", date(2026, 12, 4))',
    "UploadAnswer": """\
finding = rule.finding("npi", "unmet", "It is missing.", "Ask for it.")
UploadAnswer((finding,), may_cure=("prescription",))""",
    "Finding": 'rule.finding("visits", "unmet", "It gives none.", "Ask for the number of visits.")',
}
