"""Readings to triples."""
