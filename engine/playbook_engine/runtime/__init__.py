"""The machinery around the decisions: the only room with a clock, a disk, a thread."""
