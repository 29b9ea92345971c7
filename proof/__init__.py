"""Runs the snippets, compares what they print with what the pages say, and records it."""
