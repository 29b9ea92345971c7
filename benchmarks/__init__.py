"""Measurements that a person starts: how fast, how large. No test depends on them."""
