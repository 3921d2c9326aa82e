"""Cal.com for massage-ins-bridge."""
