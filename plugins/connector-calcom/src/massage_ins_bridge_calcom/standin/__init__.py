"""A simulated Cal.com for demos and tests: the bookings part of its v2 API, signed webhooks, and
controls to play the client, the owner and a bad network. Loopback only, nothing of it is real.

    python -m massage_ins_bridge_calcom.standin --webhook-url http://127.0.0.1:8000/webhooks/x \
        --secret whsec --api-key cal_test
"""
