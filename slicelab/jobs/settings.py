"""What can be set in a job, field by field, with units and sources.

"paper" is Umapathy et al., "Learning to segment with limited annotations" (section in Roman numerals);
"C" is Chaitanya et al. 2020, its reference 9.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from slicelab.jobs.base import Frozen

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
Count = Annotated[int, Field(ge=1)]


class PoolSettings(Frozen):
    """Preprocessing of the slice pool (paper II-D)."""

    n4: bool = False
    """N4 bias-field correction before anything else (the paper's B1 field correction)."""
    normalise: Literal["percentile", "minmax"] = "percentile"
    """Intensities to [0, 1] per volume: by percentiles, or by minimum and maximum."""
    low_percentile: float = 1.0
    """Percentile of the volume that becomes 0."""
    high_percentile: float = 99.0
    """Percentile of the volume that becomes 1."""
    clip: bool = True
    """Whether values outside [0, 1] are cut off; otherwise a bright vessel keeps values above 1."""
    matrix: Annotated[int, Field(ge=32, le=1024, multiple_of=32)] = 128
    """Rows and columns of a pool slice, pixels; a multiple of 32 (five poolings)."""
    pixel_mm: Positive | None = None
    """Pixel size in plane, mm. Without one, each project takes the size at which its median field of view fills
    the matrix."""


class NetworkSettings(Frozen):
    """The 2D U-Net (paper II-E; widths from C)."""

    channels: tuple[Count, ...] = (16, 32, 64, 128, 128)
    """Feature channels per encoder level; each level ends in a 2x2 max pooling."""
    bottleneck: Count = 128
    """Feature channels below the last pooling."""
    channels_per_group: Count = 16
    """GroupNorm group size, channels; batch norm would leak between pretext batches."""


class AugmentSettings(Frozen):
    """Random changes of a training slice (paper II-E: translation, crop, elastic deformation)."""

    rotate_degrees: float = 15.0
    """Largest rotation, degrees."""
    scale: Positive = 0.35
    """Largest relative zoom, in or out."""
    translate: Fraction = 0.1
    """Largest shift, as a fraction of the field of view."""
    elastic_pixels: float = 3.0
    """Standard deviation of the coarse displacement grid, pixels."""
    elastic_grid: Count = 6
    """Nodes of the coarse displacement grid along each side."""
    gamma: float = 0.7
    """Largest |log gamma|."""
    contrast: float = 0.5
    """Largest relative contrast change."""
    brightness: float = 0.2
    """Largest brightness change, in units of the [0, 1] range."""
    bias: float = 0.6
    """Amplitude of a smooth multiplicative field (log scale)."""
    noise: float = 0.03
    """Largest standard deviation of added Gaussian noise."""
    blur_pixels: float = 1.0
    """Largest standard deviation of Gaussian blur, pixels."""
    flip: bool = True
    """Left-right mirroring; only where the class set allows it (never for liver or sided organs)."""


class RegressionSettings(Frozen):
    """Masked-pixel regression (paper II-B)."""

    method: Literal["regression"] = "regression"
    steps: Count = 500
    """Optimiser steps."""
    epochs: Count | None = None
    """Passes over the pool; where given, it decides the number of steps (paper II-E: 1000)."""
    batch: Count = 16
    """Slices per step."""
    lr: Positive = 2e-3
    """Initial learning rate (paper II-E)."""
    optimiser: Literal["adam", "muon"] = "muon"
    """Adam (paper II-E), or Muon on the convolutions with AdamW on the rest, which needs fewer steps."""
    corrupted: Fraction = 0.10
    """Share of pixels replaced by noise (paper II-E)."""
    noise_std: Positive = 0.01
    """Standard deviation of the replacing noise N(0, std) (paper II-B)."""
    body_only: bool = True
    """Corrupt pixels inside the body only; air is trivially predicted. The paper corrupts everywhere."""
    plateau: bool = False
    """Halve the learning rate when the validation loss stops falling (paper II-E); otherwise cosine to zero."""


class BlockSettings(Frozen):
    """Masked-block regression: the same task on whole blocks, which cannot be interpolated from neighbours."""

    method: Literal["blocks"] = "blocks"
    steps: Count = 500
    """Optimiser steps."""
    epochs: Count | None = None
    """Passes over the pool; where given, it decides the number of steps (paper II-E: 1000)."""
    batch: Count = 16
    """Slices per step."""
    lr: Positive = 2e-3
    """Initial learning rate."""
    optimiser: Literal["adam", "muon"] = "muon"
    """Adam (paper II-E), or Muon on the convolutions with AdamW on the rest, which needs fewer steps."""
    block: Count = 16
    """Side of a block, pixels."""
    corrupted: Fraction = 0.55
    """Share of blocks hidden."""
    noise_std: Positive = 0.01
    """Standard deviation of the replacing noise."""
    body_only: bool = True
    """Measure the loss inside the body only."""
    plateau: bool = False
    """Halve the learning rate on a plateau; otherwise cosine to zero."""


class ContrastiveSettings(Frozen):
    """Global and local contrastive pretraining (paper II-C; sizes from C)."""

    method: Literal["contrastive"] = "contrastive"
    steps: Count = 300
    """Optimiser steps of stage 1 (encoder, global content)."""
    local_steps: Count = 200
    """Optimiser steps of stage 2 (decoder, local content)."""
    epochs: Count | None = None
    """Passes over the pool in each stage; where given, it decides the number of steps (paper II-E: 1000)."""
    batch: Count = 16
    """Slices per step; each is seen in two views."""
    lr: Positive = 2e-3
    """Initial learning rate."""
    optimiser: Literal["adam", "muon"] = "muon"
    """Adam (paper II-E), or Muon on the convolutions with AdamW on the rest, which needs fewer steps."""
    temperature: Positive = 0.1
    """tau of NT-Xent (paper II-C)."""
    projection: Count = 128
    """Size of the projected representation."""
    hidden: Count = 1024
    """Hidden units of the global projection head."""
    exclude_position: Fraction = 0.2
    """Slices closer than this in relative position are no negatives (0: all others are, as in the paper)."""
    exclude_neighbours: int = 2
    """Slices of the same volume this close are no negatives (0: all others are, as in the paper)."""
    decoder_levels: Count = 3
    """Decoder levels (from the bottleneck up) that stage 2 trains."""
    points: Count = 64
    """Places per image that stage 2 compares."""
    negative_distance: float = 8.0
    """Places closer than this, in feature pixels, are no negatives of each other."""
    region: Count = 1
    """Side of the square of feature pixels that is averaged at each place (C: 3)."""
    local_negatives: Annotated[int, Field(ge=0)] = 0
    """Negatives drawn for each place of stage 2 (C: 10); 0 takes all of the image."""
    local_crop: Fraction = 0.6
    """Smallest side of a view's crop in stage 2 (C: 1, views differ in intensity alone)."""
    freeze_encoder: bool = False
    """Whether stage 2 leaves the encoder as stage 1 made it (paper) or trains both together."""
    min_crop: Fraction = 0.6
    """Smallest side of a view's crop, as a fraction of the image."""
    contrast: float = 0.3
    """Contrast factor is drawn from 1 +- this (C: 0.7-1.3)."""
    brightness: float = 0.3
    """Brightness shift is drawn from +- this (C)."""
    plateau: bool = False
    """Halve the learning rate on a plateau; otherwise cosine to zero."""


PretrainSettings = Annotated[RegressionSettings | BlockSettings | ContrastiveSettings, Field(discriminator="method")]


class FinetuneSettings(Frozen):
    """Finetuning on the slices marked done (paper II-E)."""

    steps: Count = 400
    """Optimiser steps."""
    epochs: Count | None = None
    """Passes over the labelled slices; where given, it decides the number of steps (paper II-E: 500)."""
    batch: Count = 8
    """Slices per step."""
    lr: Positive = 5e-3
    """Learning rate of decoder and head (paper II-E)."""
    encoder_lr: Positive = 1.5e-3
    """Learning rate of a pretrained encoder; a random one takes `lr`."""
    warmup: Fraction = 0.05
    """Share of the steps over which the rate rises from zero."""
    weight_decay: float = 1e-4
    """AdamW weight decay; 0 with `optimiser` adam (paper)."""
    optimiser: Literal["adam", "adamw", "muon"] = "muon"
    """Adam (paper), AdamW, or Muon on the convolutions with AdamW on the rest, which needs several times fewer
    steps."""
    loss: Literal["dice", "dice+ce"] = "dice+ce"
    """Multi-label soft Dice (paper), or batch-wise soft Dice on the foreground plus cross-entropy."""
    plateau: bool = False
    """Halve the rate when the validation loss stops falling (paper; needs --val); otherwise cosine to zero."""
    patience: Count = 20
    """Validations without progress before the rate is halved."""
    validate_every: Count = 50
    """Steps between validations, where there are validation cases."""
    clip_norm: Positive = 1.0
    """Largest gradient norm."""
    ema: Fraction = 0.99
    """Decay of the averaged weights that are kept at the end; 0 keeps the last ones."""
    foreground_share: Fraction = 0.5
    """Share of each batch drawn from slices that show a class, the classes in turn; 0 draws every slice alike
    (paper)."""
    head_prior: bool = True
    """Whether the new head begins by saying how frequent each class is, instead of even shares (paper)."""
    augment: AugmentSettings = AugmentSettings()
    """Random changes of each slice."""


class PredictSettings(Frozen):
    """Prediction."""

    batch: Count = 16
    """Slices per forward pass."""
    test_time_augmentation: bool = False
    """Average the prediction over mirrored and shifted copies."""
    largest_component: bool = True
    """Keep only the largest connected piece of each class in 3D."""


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
