"""One file per format; each turns a report into text and knows nothing else."""
