"""Measurements, printed as tables. They measure; tests assert."""
