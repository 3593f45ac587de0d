"""Training, judging and exporting degrain's networks. Start with `python -m training --help`."""
