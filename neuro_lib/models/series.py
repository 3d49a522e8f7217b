"""Polynomials, as the steps of the models with memory make them: Taylor series cut off."""

from math import expm1

from neuro_lib.portable import Array, portable


@portable
def horner(coefficients: Array, terms: int, s: float):
    """Value of a polynomial at s, the constant being its first coefficient."""
    value = 0.0
    for k in range(terms):
        value = value * s + coefficients[terms - 1 - k]
    return value


@portable
def rising_root(coefficients: Array, terms: int, level: float, high: float):
    """Where in [0, high] a polynomial that rises there is `level`: Newton, never out of it."""
    low = 0.0
    s = high
    for _ in range(60):  # were they all halvings, they would still be more than a float's 53 bits
        value = 0.0
        slope = 0.0
        for k in range(terms):
            slope = slope * s + value
            value = value * s + coefficients[terms - 1 - k]
        if value < level:
            low = s
        else:
            high = s
        step = 0.5 * (low + high)
        if slope > 0.0:
            newton = s - (value - level) / slope
            if newton >= low and newton <= high:
                step = newton
        if abs(step - s) < 1e-16 or not low < high:
            return step
        s = step
    return s


@portable
def first_mean(x: float):
    """Mean of exp(-y) over y from 0 to x, (1 - exp(-x)) / x, also at x = 0."""
    if x == 0.0:
        return 1.0
    return -expm1(-x) / x


@portable
def rest_of_mean(x: float):
    """(exp(-x) - 1 + x) / x² for 0 ≤ x ≤ 1, where the formula itself would lose its digits."""
    term = 0.5
    total = 0.0
    for k in range(18):
        total += term
        term *= -x / (k + 3.0)
    return total
