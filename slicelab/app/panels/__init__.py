"""The docks and bars around the picture: they show values and announce intents, and decide nothing."""
