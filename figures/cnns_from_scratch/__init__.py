"""Figures of the lesson CNNs from Scratch."""
