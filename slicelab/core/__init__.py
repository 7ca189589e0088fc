"""Words and rules of the field: numpy, scipy and the standard library only."""
