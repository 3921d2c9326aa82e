"""A simulated Cal.com for demonstrations and tests: the bookings part of its v2 API, signed
webhooks, and controls to play the client, the owner and a bad network. Loopback only, nothing of
it is real.

    calcom-simulator --api-key cal_test --secret whsec --webhook-url http://127.0.0.1:8000/webhooks/x

Where it acts as Cal.com's source does, the file is named beside it, as a path in the repository
calcom/cal.com. README.md lists where it is known to differ.
"""
