"""Telling people which sessions have moved, were cancelled or added."""
