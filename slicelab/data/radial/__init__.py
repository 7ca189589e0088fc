"""Per-coil images and multi-coil radial k-space: reconstruction, streak scores, streak removal, combination."""
