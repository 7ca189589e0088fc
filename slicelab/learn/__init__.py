"""The learning code (torch): network, pretext methods, finetuning, prediction."""
