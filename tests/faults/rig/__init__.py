"""What the fault runs are made of: processes as users start them, traffic, blows, reference jobcentres, and the invariants."""
