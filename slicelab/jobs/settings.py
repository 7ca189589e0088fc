"""What can be set in a job, field by field, with what it means, its unit and its source.

The defaults are the `fast` preset; :mod:`slicelab.jobs.presets` holds what `paper` changes. "paper" is Umapathy et
al., "Learning to segment with limited annotations" (section in Roman numerals); "C" is Chaitanya et al. 2020, its
reference 9. :class:`~slicelab.jobs.fields.About` says of each field where its value in the `paper` preset comes from.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from slicelab.jobs.base import Frozen
from slicelab.jobs.fields import About

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
Rate = Annotated[float, Field(gt=0.0, le=1.0)]
Percent = Annotated[float, Field(ge=0.0, le=100.0)]
Steps = Annotated[int, Field(ge=1, le=10_000_000)]
Epochs = Annotated[int, Field(ge=1, le=100_000)]
Batch = Annotated[int, Field(ge=1, le=1024)]
Channels = Annotated[int, Field(ge=1, le=4096)]
Norm = Annotated[float, Field(gt=0.0, le=1000.0)]
Optimiser = Literal["adam", "muon"]


class PoolSettings(Frozen):
    """Preprocessing of the slice pool (paper II-D)."""

    n4: Annotated[bool, About("II-D")] = False
    """N4 bias-field correction before anything else (the paper's B1 field correction)."""
    normalise: Annotated[Literal["percentile", "minmax"], About("C")] = "percentile"
    """How a volume's intensities become [0, 1]: by percentiles, or by minimum and maximum."""
    low_percentile: Annotated[Percent, About("C", "%")] = 1.0
    """Percentile of the volume that becomes 0."""
    high_percentile: Annotated[Percent, About("C", "%")] = 99.0
    """Percentile of the volume that becomes 1."""
    clip: Annotated[bool, About("II-D")] = True
    """Whether values outside [0, 1] are cut off; otherwise a bright vessel keeps values above 1."""
    matrix: Annotated[int, Field(ge=32, le=1024, multiple_of=32), About("C", "pixels")] = 128
    """Rows and columns of a pool slice; a multiple of 32 (five poolings)."""
    pixel_mm: Annotated[Annotated[float, Field(ge=0.01, le=100.0)] | None, About("ours", "mm")] = None
    """Pixel size in plane (C: 0.625 for prostate). Without one, each project takes the size at which its median field
    of view fills the matrix."""

    @model_validator(mode="after")
    def _some_range(self) -> Self:
        if self.low_percentile >= self.high_percentile:
            raise ValueError("low_percentile must be below high_percentile")
        return self


class NetworkSettings(Frozen):
    """The 2D U-Net (paper II-E; widths from C)."""

    channels: Annotated[tuple[Channels, ...], Field(min_length=1, max_length=5), About("C", "channels")] = (
        16,
        32,
        64,
        128,
        128,
    )
    """Feature channels of each encoder level, at most five; each level ends in a 2x2 max pooling."""
    bottleneck: Annotated[Channels, About("C", "channels")] = 128
    """Feature channels below the last pooling."""
    channels_per_group: Annotated[Channels, About("ours", "channels")] = 16
    """Group size of GroupNorm (U normalises by groups too; batch norm would leak between pretext batches)."""
    padding: Annotated[Literal["zeros", "replicate"], About("ours")] = "zeros"
    """What convolutions see beyond the picture's edge. Zeros tell the network where in the picture a place is, by which
    the local contrastive stage can be solved without looking (ADR 17); replicate repeats the edge."""


class AugmentSettings(Frozen):
    """Random changes of a training slice (paper II-E: translation, crop, elastic deformation)."""

    rotate_degrees: Annotated[float, Field(ge=0.0, le=180.0), About("not named", "degrees")] = 15.0
    """Largest rotation."""
    scale: Annotated[float, Field(ge=0.0, le=1.0), About("II-E")] = 0.35
    """Largest relative zoom in (a crop) or out; how large is ours. Rows and columns are each zoomed by up to a third of
    that besides (of its logarithm), so that 0.35 reaches 1.49 times, and 0.2 reaches 1.28."""
    translate: Annotated[Fraction, About("II-E")] = 0.1
    """Largest shift, as a fraction of the field of view; how large is ours."""
    elastic_pixels: Annotated[float, Field(ge=0.0, le=50.0), About("C", "pixels")] = 3.0
    """Standard deviation of the coarse displacement grid of the elastic deformation (II-E)."""
    elastic_grid: Annotated[int, Field(ge=2, le=64), About("C", "nodes")] = 6
    """Nodes of the coarse displacement grid along each side."""
    gamma: Annotated[float, Field(ge=0.0, le=3.0), About("not named")] = 0.7
    """Largest change of the logarithm of gamma."""
    contrast: Annotated[Fraction, About("C")] = 0.5
    """Largest relative change of contrast."""
    brightness: Annotated[Fraction, About("C")] = 0.2
    """Largest change of brightness, in units of the [0, 1] range."""
    bias: Annotated[float, Field(ge=0.0, le=3.0), About("not named")] = 0.6
    """Amplitude of a smooth multiplicative field, as a logarithm."""
    noise: Annotated[Fraction, About("not named")] = 0.03
    """Largest standard deviation of added Gaussian noise, in units of the [0, 1] range."""
    blur_pixels: Annotated[float, Field(ge=0.0, le=3.0), About("not named", "pixels")] = 1.0
    """Largest standard deviation of Gaussian blur."""
    flip: Annotated[bool, About("not named")] = True
    """Left-right mirroring; only where the class set allows it (never for liver or sided organs)."""


class RegressionSettings(Frozen):
    """Masked-pixel regression (paper II-B)."""

    method: Literal["regression"] = "regression"
    steps: Annotated[Steps, About("ours", "steps")] = 500
    """Optimiser steps, where no epochs are given."""
    epochs: Annotated[Epochs | None, About("II-E", "epochs")] = None
    """Passes over the pool; where given, they decide the number of steps."""
    batch: Annotated[Batch, About("C", "slices")] = 16
    """Slices per step."""
    lr: Annotated[Rate, About("II-E")] = 2e-3
    """Initial learning rate."""
    optimiser: Annotated[Optimiser, About("II-E")] = "muon"
    """Adam, or Muon on the convolutions with AdamW on the rest, which needs fewer steps."""
    warmup: Annotated[Fraction, About("not named")] = 0.03
    """Share of the steps over which the rate rises from zero."""
    clip_norm: Annotated[Norm | None, About("not named")] = 1.0
    """Largest norm of the gradient; none leaves it as it is."""
    corrupted: Annotated[Fraction, About("II-E")] = 0.10
    """Share of the pixels replaced by noise."""
    noise_std: Annotated[Rate, About("II-B")] = 0.01
    """Standard deviation of the replacing noise N(0, std)."""
    body_only: Annotated[bool, About("II-E")] = True
    """Corrupt pixels inside the body only, as air is trivially predicted; the paper corrupts everywhere."""
    plateau: Annotated[bool, About("II-E")] = False
    """Halve the learning rate when the validation loss stops falling; otherwise cosine to zero."""
    patience: Annotated[Epochs, About("ours", "epochs")] = 10
    """Epochs without progress of the validation loss before the rate is halved (Keras waits ten)."""
    val_share: Annotated[float, Field(ge=0.0, le=0.5), About("ours")] = 0.0
    """Share of the pool's patients held out for the validation loss that `plateau` reads; with none, or with a single
    patient, the loss on the learnt slices is read instead."""


class BlockSettings(Frozen):
    """Masked-block regression: the same task on whole blocks, which cannot be interpolated from neighbours."""

    method: Literal["blocks"] = "blocks"
    steps: Annotated[Steps, About("ours", "steps")] = 500
    """Optimiser steps, where no epochs are given."""
    epochs: Annotated[Epochs | None, About("II-E", "epochs")] = None
    """Passes over the pool; where given, they decide the number of steps."""
    batch: Annotated[Batch, About("C", "slices")] = 16
    """Slices per step."""
    lr: Annotated[Rate, About("II-E")] = 2e-3
    """Initial learning rate."""
    optimiser: Annotated[Optimiser, About("II-E")] = "muon"
    """Adam, or Muon on the convolutions with AdamW on the rest, which needs fewer steps."""
    warmup: Annotated[Fraction, About("not named")] = 0.03
    """Share of the steps over which the rate rises from zero."""
    clip_norm: Annotated[Norm | None, About("not named")] = 1.0
    """Largest norm of the gradient; none leaves it as it is."""
    block: Annotated[int, Field(ge=1, le=512), About("ours", "pixels")] = 16
    """Side of a block."""
    corrupted: Annotated[Fraction, About("ours")] = 0.55
    """Share of the blocks hidden."""
    noise_std: Annotated[Rate, About("II-B")] = 0.01
    """Standard deviation of the replacing noise N(0, std)."""
    body_only: Annotated[bool, About("II-E")] = True
    """Measure the loss inside the body only; the paper measures it everywhere."""
    plateau: Annotated[bool, About("II-E")] = False
    """Halve the learning rate when the validation loss stops falling; otherwise cosine to zero."""
    patience: Annotated[Epochs, About("ours", "epochs")] = 10
    """Epochs without progress of the validation loss before the rate is halved (Keras waits ten)."""
    val_share: Annotated[float, Field(ge=0.0, le=0.5), About("ours")] = 0.0
    """Share of the pool's patients held out for the validation loss that `plateau` reads; with none, or with a single
    patient, the loss on the learnt slices is read instead."""


class ContrastiveSettings(Frozen):
    """Global and local contrastive pretraining (paper II-C; sizes from C)."""

    method: Literal["contrastive"] = "contrastive"
    steps: Annotated[Steps, About("ours", "steps")] = 300
    """Optimiser steps of stage 1 (encoder, global content), where no epochs are given."""
    local_steps: Annotated[Steps, About("ours", "steps")] = 200
    """Optimiser steps of stage 2 (decoder, local content), where no epochs are given."""
    epochs: Annotated[Epochs | None, About("II-E", "epochs")] = None
    """Passes over the pool in each stage; where given, they decide the number of steps."""
    batch: Annotated[int, Field(ge=2, le=1024), About("C", "slices")] = 16
    """Slices per step; each is seen in two views."""
    lr: Annotated[Rate, About("II-E")] = 2e-3
    """Initial learning rate."""
    optimiser: Annotated[Optimiser, About("II-E")] = "muon"
    """Adam, or Muon on the convolutions with AdamW on the rest, which needs fewer steps."""
    warmup: Annotated[Fraction, About("added")] = 0.05
    """Share of a stage's steps over which the rate rises from zero."""
    clip_norm: Annotated[Norm | None, About("added")] = 1.0
    """Largest norm of the gradient; none leaves it as it is."""
    temperature: Annotated[float, Field(gt=0.0, le=10.0), About("II-C")] = 0.1
    """tau of NT-Xent."""
    projection: Annotated[Channels, About("C", "channels")] = 128
    """Size of the projected representation."""
    hidden: Annotated[Channels, About("C", "channels")] = 1024
    """Hidden units of the global projection head."""
    exclude_position: Annotated[Fraction, About("II-C")] = 0.2
    """Slices closer than this in relative position are no negatives; 0: all others are, as in the paper."""
    exclude_neighbours: Annotated[int, Field(ge=0, le=1000), About("II-C", "slices")] = 2
    """Slices of the same volume this close are no negatives; 0: all others are, as in the paper."""
    min_crop: Annotated[float, Field(ge=0.1, le=1.0), About("C")] = 0.6
    """Smallest side of a view's crop in stage 1, as a fraction of the window (C crops 100 of 192 pixels)."""
    contrast: Annotated[Fraction, About("C")] = 0.3
    """Contrast of a view is multiplied by 1 plus or minus up to this (0.7 to 1.3)."""
    brightness: Annotated[Fraction, About("C")] = 0.3
    """Brightness of a view is shifted by up to this, in units of the [0, 1] range."""
    decoder_levels: Annotated[int, Field(ge=1, le=5), About("C", "levels")] = 3
    """Decoder levels, from the bottleneck up, that stage 2 teaches."""
    points: Annotated[int, Field(ge=2, le=4096), About("C", "places")] = 64
    """Places in each image that stage 2 compares."""
    region: Annotated[int, Field(ge=1, le=15), About("C", "feature pixels")] = 1
    """Side of the square that is averaged at each place."""
    local_negatives: Annotated[int, Field(ge=0, le=4096), About("C", "places")] = 0
    """Places of the image drawn as negatives of each place, in both views (C: 5, so 10 negatives); 0 takes all."""
    negative_distance: Annotated[float, Field(ge=0.0, le=1000.0), About("C", "feature pixels")] = 8.0
    """Places closer than this are no negatives of each other (in C, regions do not overlap)."""
    local_crop: Annotated[float, Field(ge=0.1, le=1.0), About("C")] = 0.6
    """Smallest side of a view's crop in stage 2; at 1, views differ in intensity alone."""
    freeze_encoder: Annotated[bool, About("II-C")] = False
    """Whether stage 2 leaves the encoder as stage 1 made it, or trains both together."""
    plateau: Annotated[bool, About("II-E")] = False
    """Halve the learning rate when the validation loss stops falling; otherwise cosine to zero."""
    patience: Annotated[Epochs, About("ours", "epochs")] = 10
    """Epochs without progress of the validation loss before the rate is halved (Keras waits ten)."""
    val_share: Annotated[float, Field(ge=0.0, le=0.5), About("ours")] = 0.0
    """Share of the pool's patients held out for the validation loss that `plateau` reads; with none, or with a single
    patient, the loss on the learnt slices is read instead."""


PretrainSettings = Annotated[RegressionSettings | BlockSettings | ContrastiveSettings, Field(discriminator="method")]


class SemiSettings(Frozen):
    """Semi-supervised finetuning: slices without labels teach the network to agree with its own averaged weights.

    The average (the teacher) sees a slice as it is, the network a strongly changed copy; where the teacher is sure,
    its answer is the label. Mean teacher (Tarvainen & Valpola 2017), FixMatch (Sohn et al. 2020), UniMatch (Yang et al.
    2023), CutMix (Yun et al. 2019). The paper does none of this.
    """

    on: Annotated[bool, About("not named")] = False
    """Whether slices without labels are learnt from too; the command line's --semi."""
    weight: Annotated[float, Field(ge=0.0, le=5.0), About("FixMatch")] = 1.0
    """Weight of their loss beside that of the labelled slices, once it has risen."""
    ramp: Annotated[Fraction, About("mean teacher")] = 0.3
    """Share of the steps over which the weight rises from nearly nothing: exp(-5 (1 - t)^2) for t from 0 to 1."""
    confidence: Annotated[Fraction, About("FixMatch")] = 0.95
    """Least probability of the teacher's answer; a pixel below it takes no part."""
    share: Annotated[float, Field(gt=0.0, le=4.0), About("ours")] = 0.75
    """Unlabelled slices of a step for each labelled one; 0.75 doubles the time of a step (FixMatch takes 7)."""
    cutmix: Annotated[Fraction, About("UniMatch")] = 0.5
    """Share of the unlabelled slices into which a box of another one is pasted, with the teacher's answer there."""


class FinetuneSettings(Frozen):
    """Finetuning on the slices marked done (paper II-E)."""

    steps: Annotated[Steps, About("ours", "steps")] = 400
    """Optimiser steps, where no epochs are given."""
    passes: Annotated[int, Field(ge=0, le=100_000), About("ours", "epochs")] = 16
    """Least passes over the labelled slices, where no epochs are given: whoever has labelled many slices gets more
    steps. Where a number of steps is asked for, it is 0, and there are as many."""
    epochs: Annotated[Epochs | None, About("II-E", "epochs")] = None
    """Passes over the labelled slices; where given, they decide the number of steps."""
    batch: Annotated[Batch, About("C", "slices")] = 8
    """Slices per step."""
    lr: Annotated[Rate, About("II-E")] = 5e-3
    """Learning rate of decoder and head."""
    encoder_lr_factor: Annotated[Fraction, About("II-E")] = 0.3
    """Learning rate of a pretrained encoder as a share of `lr`; a random one takes `lr`."""
    warmup: Annotated[Fraction, About("not named")] = 0.05
    """Share of the steps over which the rate rises from zero."""
    weight_decay: Annotated[Fraction, About("not named")] = 1e-4
    """Decoupled weight decay; with `optimiser` adam, an L2 penalty."""
    optimiser: Annotated[Literal["adam", "adamw", "muon"], About("II-E")] = "muon"
    """Adam, AdamW, or Muon on the convolutions with AdamW on the rest, which needs several times fewer steps."""
    loss: Annotated[Literal["dice", "dice+ce"], About("II-E")] = "dice+ce"
    """Multi-label soft Dice, or soft Dice plus cross-entropy."""
    plateau: Annotated[bool, About("II-E")] = False
    """Halve the rate when the validation loss stops falling, which needs validation cases; otherwise cosine to zero."""
    patience: Annotated[Epochs, About("ours", "validations")] = 10
    """Validations without progress before the rate is halved (Keras waits ten epochs)."""
    validate_every: Annotated[Steps, About("ours", "steps")] = 50
    """Steps between validations, where there are validation cases."""
    validate_epochs: Annotated[Epochs | None, About("ours", "epochs")] = None
    """Epochs between validations; where given, they decide (Keras validates after each)."""
    clip_norm: Annotated[Norm | None, About("not named")] = 1.0
    """Largest norm of the gradient; none leaves it as it is."""
    ema: Annotated[float, Field(ge=0.0, le=0.9999), About("not named")] = 0.99
    """Decay of the averaged weights that are kept at the end; 0 keeps the last ones."""
    foreground_share: Annotated[Fraction, About("not named")] = 0.5
    """Share of each batch drawn from slices that show a class, the classes in turn; 0 draws every slice alike."""
    head_prior: Annotated[bool, About("not named")] = True
    """Whether the new head begins by saying how frequent each class is, instead of even shares."""
    augment: AugmentSettings = AugmentSettings()
    """Random changes of each slice."""
    semi: SemiSettings = SemiSettings()
    """Learning from slices without labels beside the labelled ones."""

    @model_validator(mode="before")
    @classmethod
    def _as_many_as_asked_for(cls, said: object) -> object:
        """A number of steps alone is the number; so it is in jobs from before there were passes."""
        if isinstance(said, dict) and "steps" in said and "passes" not in said:
            return {**said, "passes": 0}
        return said


class PredictSettings(Frozen):
    """Prediction."""

    batch: Annotated[Batch, About("ours", "slices")] = 16
    """Slices per forward pass; changes speed and memory, not the masks."""
    test_time_augmentation: Annotated[bool, About("not named")] = False
    """Average the prediction over shifted copies, and mirrored ones where the classes allow mirroring."""
    largest_component: Annotated[bool, About("not named")] = True
    """Keep only the largest piece of each class in 3D; voxels that touch, be it at an edge or a corner, are one."""


class Preset(Frozen):
    """A whole set of settings with a name."""

    name: str
    pool: PoolSettings = PoolSettings()
    network: NetworkSettings = NetworkSettings()
    regression: RegressionSettings = RegressionSettings()
    blocks: BlockSettings = BlockSettings()
    contrastive: ContrastiveSettings = ContrastiveSettings()
    finetune: FinetuneSettings = FinetuneSettings()
    predict: PredictSettings = PredictSettings()
