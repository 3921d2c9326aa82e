"""The demonstration: invented clients live through the rules on a simulated booking platform."""
