"""slicelab: medical image annotation that learns."""

__version__ = "0.1.0"
