"""From a checkpoint to the folder that models/published/ keeps: a TensorFlow.js GraphModel and its card."""
