"""Jobs: learning, predicting, measuring, and what becomes of the one that runs."""

from __future__ import annotations

from slicelab.app.commands.spec import Need, row

P, W, J = Need.PROJECT, Need.WRITABLE, Need.JOB
_FILLED = (Need.PROJECT, Need.WRITABLE, Need.CASES)

JOB = (
    row(
        "job.pretrain",
        "Learn from all volumes",
        "Learns from every volume, without labels (self-supervised pretraining).",
        "Ctrl+Shift+L",
        "Job",
        "sprout",
        (*_FILLED, Need.MAY_PRETRAIN),
    ),
    row(
        "job.train",
        "Train",
        "Learns from the slices you marked done (finetuning).",
        "Ctrl+T",
        "Job",
        "school-outline",
        (*_FILLED, Need.MAY_TRAIN),
    ),
    row(
        "job.predict",
        "Predict",
        "Segments every case with the model in use.",
        "Ctrl+P",
        "Job",
        "layers-outline",
        (*_FILLED, Need.MAY_PREDICT, Need.MODEL),
    ),
    row(
        "job.map",
        "Make the map of slices",
        "The latest network looks at every slice, so that alike ones lie together (embedding).",
        "",
        "Job",
        "map-outline",
        (*_FILLED, Need.MAY_MAP, Need.NETWORK),
    ),
    row(
        "job.measure",
        "Measure Dice",
        "Compares predictions with your done slices (3D Dice).",
        "Ctrl+M",
        "Job",
        "clipboard-check-outline",
        (P, W, Need.MODEL),
    ),
    row(
        "job.crossvalidate",
        "Measure cross-validated Dice",
        "Holds labelled patients out in turn, trains on the others and measures (k-fold cross-validation). Your models "
        "stay as they are.",
        "",
        "Job",
        "rotate-3d-variant",
        (*_FILLED, Need.MAY_CROSSVALIDATE),
    ),
    row(
        "job.compare",
        "Compare with no pretraining",
        "Trains from the pretraining and from random weights on the same folds with the same seeds, and says the "
        "difference with its interval. Your models stay as they are.",
        "",
        "Job",
        "scale-balance",
        (*_FILLED, Need.MAY_COMPARE),
    ),
    row("job.pause", "Pause", "Holds the job still, or lets it go on.", "", "Job", "pause", (P, J)),
    row(
        "job.stop",
        "Stop",
        "Stops the job; what it learned so far is kept where that is worth it.",
        "",
        "Job",
        "stop",
        (P, J),
    ),
    row(
        "job.continue",
        "Continue",
        "Lets the last job that was stopped or failed go on from what it had saved, with the labels it began with.",
        "",
        "Job",
        "play",
        (P, W, Need.IDLE, Need.UNFINISHED),
    ),
    row(
        "job.continue_cpu",
        "Continue on the CPU",
        "Lets the job that ran out of graphics memory go on without the graphics processor: slower, same settings.",
        "",
        "Job",
        "play",
        (P, W, Need.IDLE, Need.UNFINISHED, Need.CPU_OFFER),
    ),
)
