"""Places where the text can be read in more than one way: (id, the text, the reading taken)."""

AMBIGUOUS: list[tuple[str, str, str]] = [
    (
        "missing-upcoming",
        "A missing list is unknown … Without a `visits` list nothing can be counted",
        "a missing `upcoming` list also leaves every count unknown (hold, visit_number null)",
    ),
    (
        "visit-1-bad-approval",
        (
            "visit 1 of the episode: allow, due / approved but its visits are used or its dates do "
            "not cover the booking: block / approved without visits or dates: hold"
        ),
        "at Regence's visit 1 only a denial stops the booking; any other state is `due`",
    ),
    (
        "visit-1-denied-then-asked",
        "a denial of this episode blocks / a denial with a newer request: hold",
        "at Regence's visit 1 a denial with a newer request holds",
    ),
    (
        "row-visit-7-regence",
        "Regence, Premera, or Kaiser in network and fully insured, visit 7 or later …: block",
        "for Regence only fully insured in network loses the seven days' grace at visit 7",
    ),
    (
        "kaiser-denied",
        "PA denied …: block / Kaiser holds (visit 1 too, requested or not)",
        "a denied, used-up or not covering authorization blocks for Kaiser too",
    ),
    (
        "kaiser-law-used-elsewhere",
        (
            "Kaiser fully insured in network from visit 7 blocks / where others use up the "
            "law's six "
            "the payer's own rule runs"
        ),
        "`visit 7` is our own count; before it Kaiser's rule holds",
    ),
    (
        "kaiser-1-to-6",
        "Kaiser fully insured in network from visit 7 / a waiver only where it applies",
        "the requirement appears as waived; leaving it out is accepted as well",
    ),
    (
        "law-00",
        "LAW-00 no PA for one initial treatment visit, ≤2018-06-06 / table: on or after 2018-06-07",
        "visit 1 of a fully insured member in network is waived before 2018-06-07",
    ),
    (
        "law-01-own-visits",
        "LAW-02: not treated by *the provider* / other clinics' visits count toward the six",
        "other clinics' visits count on every date since 2018-06-07",
    ),
    (
        "chain-whoever-paid",
        "other clinics' massage visits … form one chain with ours, whoever paid",
        "our own massage visits count in the chain whoever paid them",
    ),
    (
        "premera-before-2018",
        "PRM-01 to 2018-06-06: treatment plan after initial visit / Premera from visit 7",
        "blocks from visit 7 on every date; before the law visits 2 to 6 hold",
    ),
    (
        "premera-credentials",
        "Accepted for Regence … L&I … PIP and others: Regence's list plus RN and PT",
        "Premera is one of the others",
    ),
    (
        "received-unknown",
        "prescription received later than lead days: warn / unknown never counts as met",
        "a missing `received_on` is unknown and warns: not knowing costs no more than failing",
    ),
    (
        "intake-missing",
        "intake form not received (false or missing): hold",
        "false is unmet, missing is unknown; either status is accepted for missing",
    ),
    (
        "prescriptions-missing",
        "a missing list is unknown / no prescription on file … block",
        "a missing list holds at any distance and never blocks",
    ),
    (
        "without-a-prescription",
        "one that does not apply is left out",
        "without a prescription no `prescription.…`, diagnosis or necessity requirement appears",
    ),
    (
        "purpose-key",
        "purpose maintenance or relaxation: block; missing purpose: unknown, hold",
        "the purpose stands under `medical-necessity`, for every payer",
    ),
    (
        "accepted-diagnoses-key",
        "the prescription must share a three-character category with them, else hold",
        "the key is left open (prescription.diagnosis, diagnosis.reimbursable or claim)",
    ),
    (
        "invalid-beside-never",
        "only non-reimbursable diagnosis codes: block / invalid code: hold",
        "an invalid code beside them means they are not the only codes: hold",
    ),
    (
        "out-of-network-status",
        "out of network: same rules, route superbill, payment at the visit",
        "`network` is met (the status is known) and costs nothing; unmet is accepted",
    ),
    (
        "lni-network-unknown",
        "not in L&I's network: hold, route claim / route is null while network is unknown",
        "out gives route claim, unknown gives null",
    ),
    (
        "payer-named-no-coverage",
        (
            "a payer billed that is not among the coverages: coverage unknown / route is "
            "null while "
            "payer is unknown"
        ),
        "a served payer that is named is known: its rules run on an empty coverage",
    ),
    (
        "unserved-payer-route",
        "a payer that no loaded plugin serves holds / route is null while payer is unknown",
        "an unserved payer is unknown: route null",
    ),
    (
        "lni-injury-missing",
        "PIP needs any claim number, a date of injury",
        "a missing date of injury costs nothing for L&I",
    ),
    (
        "lni-first-report",
        "due (allowed) until the trigger day has passed",
        "before a first completed visit the key is left open: due, met or left out",
    ),
    (
        "report-after-report",
        "triggers: the 6th, 12th … visit, and one month from the first visit",
        (
            "each trigger wants its own report; a sent one may count for several; between triggers "
            "due and met are both accepted"
        ),
    ),
    (
        "latest-improvement",
        "visit 7 on with `improvement: false`: hold",
        "the latest report decides",
    ),
    (
        "clinic-approval-dates",
        "clinic-approval … dates given bind; missing hold",
        "an approval whose dates do not cover the booking is as a missing one: hold",
    ),
    (
        "partial-dates",
        "an approved authorization without visits or dates: hold",
        "one known date that excludes the booking decides that it does not cover",
    ),
    (
        "benefit-of-lni-pip",
        "NET-12 not for PIP/LNI",
        "`benefit` and `cost-share` are left out for L&I and PIP",
    ),
    (
        "benefit-whose-bookings",
        "`visits_used` + standing bookings before this one",
        "standing massage bookings at this clinic for the same payer",
    ),
    (
        "same-day-lists-missing",
        "another insurance-billed therapy the same day / a missing list is unknown",
        (
            "a missing list leaves it unknown (hold in network, else warn); with only `visits` "
            "missing met is accepted"
        ),
    ),
    (
        "several-prescriptions",
        "the one that serves the booking best is used, alone",
        "best is the one whose costliest requirement is mildest; any of equals is accepted",
    ),
    (
        "undated-refusal",
        "`requested_on` not earlier; undated counts as newer",
        "a request is older only where both dates are known and it lies before the latest refusal",
    ),
    (
        "lni-other-step",
        "an L&I form counts visits 7-12 only, the claim manager's answer 13 on",
        "a claim manager's answer does not serve visits 7-12, nor a form visits from 13 on",
    ),
    (
        "denial-without-count",
        "PA denied: block / what needs the count is unknown, hold",
        "with no `visits` list a denial's outcome is left open (hold or block)",
    ),
]
