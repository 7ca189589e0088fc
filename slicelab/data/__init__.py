"""Between disk and core: readers, writers, the project store, the slice pool."""
