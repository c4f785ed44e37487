"""Manifests: a run as one document that anybody can check, wherever it was made. Pure: no Django.

`documents` seals and reads files, `shape` says what stands in them, `checks` recomputes what they claim.
"""
