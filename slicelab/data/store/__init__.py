"""The project's database: what is stored, who may write it, and how nothing gets lost."""

from slicelab.data.store.project import ProjectStore
from slicelab.data.store.records import (
    UNSET,
    CaseRecord,
    Edit,
    EditRecord,
    ImageRecord,
    MetricRecord,
    NewImage,
    PatientRecord,
    PredictionRecord,
    ReaderRecord,
    RunCase,
    RunMember,
    RunRecord,
    SequenceRecord,
    SliceChange,
    SliceLabel,
    TimeRecord,
)

__all__ = [
    "UNSET",
    "CaseRecord",
    "Edit",
    "EditRecord",
    "ImageRecord",
    "MetricRecord",
    "NewImage",
    "PatientRecord",
    "PredictionRecord",
    "ProjectStore",
    "ReaderRecord",
    "RunCase",
    "RunMember",
    "RunRecord",
    "SequenceRecord",
    "SliceChange",
    "SliceLabel",
    "TimeRecord",
]
