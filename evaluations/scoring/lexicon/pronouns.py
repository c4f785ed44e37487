"""Pronouns by whom they may stand for."""

_PRONOUNS = """
he him his himself
she her hers herself
they them their theirs themselves
it its itself
"""
# Each pronoun as the first of its line.
PERSONS = {word: line.split()[0] for line in _PRONOUNS.strip().splitlines() for word in line.split()}
