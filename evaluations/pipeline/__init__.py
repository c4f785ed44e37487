"""The pipeline: fetch, lock, infer, score, publish.

`search`, `contexts`, `inference` and `answers` are pure: no Django. `runs` holds the five steps.
"""
