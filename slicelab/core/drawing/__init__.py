"""What painting means: pure functions on masks ``(slice, row, column)`` uint8, with voxel sizes in mm."""
