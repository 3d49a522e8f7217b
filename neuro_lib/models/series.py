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
    rise = level - coefficients[0]
    if rise > 0.0 and rise < coefficients[1] * high:  # nearer, if it is nearly a line
        s = rise / coefficients[1]
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
        near = 1e-16
        if slope > 0.0:
            newton = s - (value - level) / slope
            if newton >= low and newton <= high:
                step = newton
                near = 1e-9  # from here its error is squared, and less than the last digit
        if abs(step - s) < near or not low < high:
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


@portable
def exp_to_32(x: float):
    """exp(x) for x up to 32, in arithmetic alone: of that a loop makes vector instructions.

    It is wrong by a few last digits of x above zero, and of 1 below: what is less than 1e-16 is
    lost. q is exp(y) - 1 of a y near zero, by its Taylor series; that of 2 y is (1 + q)² - 1.
    """
    y = max(x, -44.0) / 512.0
    y2 = y * y
    low = 1.0 / 2.0 + y * (1.0 / 6.0) + y2 * (1.0 / 24.0 + y * (1.0 / 120.0))
    high = 1.0 / 720.0 + y * (1.0 / 5040.0) + y2 * (1.0 / 40320.0 + y * (1.0 / 362880.0))
    q = y + y2 * (low + y2 * y2 * high)
    for _ in range(9):
        q *= 2.0 + q
    return 1.0 + q
