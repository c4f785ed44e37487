"""Which scorers computed a score."""

# Raise it with every change that can change a score: pages never mix versions silently.
SCORER_VERSION = "8"
