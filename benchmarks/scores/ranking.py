"""Areas and rank correlations."""

import math


def ranks(values: list[float]) -> list[float]:
    """Ranks from 0, ties at their mean."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    result = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for i in range(start, end + 1):
            result[order[i]] = (start + end) / 2
        start = end + 1
    return result


def auroc(scores: list[float], labels: list[bool]) -> float:
    """How often a positive row scores above a negative one."""
    positive = [rank for rank, label in zip(ranks(scores), labels, strict=True) if label]
    return (sum(positive) - len(positive) * (len(positive) - 1) / 2) / (len(positive) * (len(labels) - len(positive)))


def spearman(first: list[float], second: list[float]) -> float:
    """Rank correlation."""
    one, two = ranks(first), ranks(second)
    mean = (len(one) - 1) / 2
    above = math.fsum((a - mean) * (b - mean) for a, b in zip(one, two, strict=True))
    return above / math.sqrt(math.fsum((a - mean) ** 2 for a in one) * math.fsum((b - mean) ** 2 for b in two))
