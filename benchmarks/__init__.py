"""Measurements that a person starts, with `nox -s bench`. No test depends on them.

A module for each subject; what each finds goes into records/benchmarks.json, and from there
onto the site. Both sides of a comparison run by turns, so that whatever else the machine does
disturbs both.
"""
