"""Solving small symmetric positive definite systems. Pure; twelve models do not need numpy."""

import math
from collections.abc import Sequence
from operator import mul

Vector = list[float]
Matrix = list[Vector]


def zeros(size: int) -> Matrix:
    """A square matrix of noughts."""
    return [[0.0] * size for _ in range(size)]


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> Vector:
    """x with matrix · x = right, by Cholesky; ArithmeticError where the matrix is not positive definite."""
    return backward(factor := cholesky(matrix), forward(factor, right))


def cholesky(matrix: Sequence[Sequence[float]]) -> Matrix:
    """The lower factor, row by row as far as the diagonal."""
    factor: Matrix = []
    for row_number, row in enumerate(matrix):
        made: Vector = []
        for column, above in enumerate(factor):
            rest = row[column] - sum(map(mul, made, above))
            made.append(rest / above[column])
        square = row[row_number] - sum(map(mul, made, made))
        if not square > 0:
            raise ArithmeticError("The votes do not determine the strengths: the information matrix is singular.")
        made.append(math.sqrt(square))
        factor.append(made)
    return factor


def forward(factor: Matrix, right: Sequence[float]) -> Vector:
    """y with factor · y = right."""
    found: Vector = []
    for row, value in zip(factor, right, strict=True):
        found.append((value - sum(map(mul, row, found))) / row[-1])
    return found


def backward(factor: Matrix, right: Sequence[float]) -> Vector:
    """x with factorᵀ · x = right."""
    left = list(right)
    for row_number in range(len(factor) - 1, -1, -1):
        row = factor[row_number]
        left[row_number] /= row[row_number]
        value = left[row_number]
        for column in range(row_number):
            left[column] -= row[column] * value
    return left
