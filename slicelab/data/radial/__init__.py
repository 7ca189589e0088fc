"""Per-coil images and multi-coil radial k-space: reconstruction, streak scores, removal of streaks, coil combination."""
