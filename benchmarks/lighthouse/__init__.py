"""Lighthouse over pages of the built site."""
