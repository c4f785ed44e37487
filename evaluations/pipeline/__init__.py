"""The pipeline: fetch, lock, infer, score, publish. `runs` holds the five steps, each in a module of its name."""
