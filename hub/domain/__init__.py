"""The domain: pure functions and values; imports nothing of ours. Facts fold into a `Sag`; a `Sag` and an action give new facts."""
