"""Telling people which sessions and talks have moved, were cancelled or added."""
