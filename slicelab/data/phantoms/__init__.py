"""Synthetic MR volumes with exact labels: an abdomen and a pelvis that differ from subject to subject."""

from slicelab.data.phantoms.signal import Kind
from slicelab.data.phantoms.study import write_study
from slicelab.data.phantoms.subject import FIELD_OF_VIEW, Phantom, make_phantom

__all__ = ["FIELD_OF_VIEW", "Kind", "Phantom", "make_phantom", "write_study"]
