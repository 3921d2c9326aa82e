"""Who somebody is: names, addresses and telephone numbers, and whether two people are one. It knows
no database: whoever calls brings the people."""
