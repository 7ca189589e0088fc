"""The one family of errors a user may see: what happened, what is safe, what to do."""

from __future__ import annotations


class SlicelabError(Exception):
    """Something a user can understand and act on.

    Args:
        message: what happened, one sentence, without patient data or a traceback.
        remedy: what to do about it, one sentence.
        safe: what is safe (by default: that nothing was changed).
        typed: what to type for it, one sentence that the command line adds to the remedy; no window shows it.

    """

    def __init__(self, message: str, remedy: str = "", safe: str = "Nothing was changed.", *, typed: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.safe = safe
        self.typed = typed

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.safe, self.remedy) if part)


class UnreadableFileError(SlicelabError):
    """A file from outside that cannot be read, or must not be."""


class GeometryMismatchError(SlicelabError):
    """Two grids that should be the same are not."""


class UnknownNameError(SlicelabError):
    """A case, class or run that the project does not have."""


class SettingError(SlicelabError):
    """A setting that does not exist, or a value it cannot take."""


class ProjectLockedError(SlicelabError):
    """The project is held by another window or command."""


class ProjectVersionError(SlicelabError):
    """The project was written by a newer slicelab."""


class ReadOnlyProjectError(SlicelabError):
    """A change was asked for in a project that is open for reading only."""


class StorageError(SlicelabError):
    """The disk refused: full, read-only, or gone."""


class JobError(SlicelabError):
    """A job that cannot be started, or that failed."""


class NoMemoryError(JobError):
    """A job that found too little memory.

    Args:
        message: what happened.
        remedy: what to do about it.
        offer_cpu: whether the CPU, with the computer's own memory, may do better.

    """

    def __init__(self, message: str, remedy: str, *, offer_cpu: bool) -> None:
        super().__init__(message, remedy)
        self.offer_cpu = offer_cpu


class BeginAgainError(JobError):
    """A pretraining of several processes whose batch is to be halved: all of them end, and begin again together.

    Args:
        message: what a person is told where nobody begins it again.
        remedy: what to do then.

    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)


class NoDeviceError(JobError):
    """A job that asks for a device which this machine does not have, or which does not work.

    Args:
        message: what is missing.

    """

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            "Compute on the CPU, which is slower, or leave the choice of the device to slicelab.",
            typed="That is --device cpu, or --device auto.",
        )


class ModelFileError(SlicelabError):
    """A file of weights that is not what it claims to be."""


def no_unlabelled_slice() -> JobError:
    """Why a semi-supervised finetuning cannot begin."""
    return JobError(
        "There is no slice without labels to learn from.",
        "Add more images or leave out fewer, or learn from labelled slices alone.",
        "Labels are safe.",
        typed="That is without --semi.",
    )
