"""Symbols as the book sets them, ``τ_m`` with a subscript, and as a screen reader says them."""

import html
import re
import unicodedata

__all__ = ["set_symbol", "set_symbols", "spoken"]

_SIGNS = {"−": " minus ", "→": " to ", "λ": "lambda "}  # Unicode calls it lamda


def set_symbol(symbol):
    """Give a symbol as HTML, its subscript set as one.

    Parameters
    ----------
    symbol : str
        As code writes it (``τ_m``).

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> set_symbol("τ_m"), set_symbol("R")
    ('<var>τ<sub>m</sub></var>', '<var>R</var>')
    """
    inside = re.sub(r"_([^\W_]+)", r"<sub>\1</sub>", html.escape(symbol))
    return f"<var>{inside}</var>"


def set_symbols(text):
    """Give a text as HTML in which each symbol that has a subscript is set with it.

    Parameters
    ----------
    text : str
        Plain text.

    Returns
    -------
    str
        HTML.

    Examples
    --------
    >>> set_symbols("u_rest < −60 mV")
    '<var>u<sub>rest</sub></var> &lt; −60 mV'
    """
    parts = re.split(r"(\b[^\W\d_]+_[^\W_]+)", text)
    return "".join(set_symbol(p) if k % 2 else html.escape(p) for k, p in enumerate(parts))


def spoken(text):
    """Give a text as it is said: Greek letters and signs by their names, subscripts as words.

    Parameters
    ----------
    text : str
        Plain text.

    Returns
    -------
    str
        Words.

    Examples
    --------
    >>> spoken("τ_m"), spoken("Δ_T"), spoken("I_A − I_B")
    ('tau m', 'Delta T', 'I A minus I B')
    """
    words = "".join(map(_said, text.replace("_", " ")))
    return re.sub(r" (?=[,;:.)])", "", " ".join(words.split()))


def _said(letter):
    if letter in _SIGNS:
        return _SIGNS[letter]
    kind, _, name = unicodedata.name(letter, "").rpartition(" LETTER ")
    if not kind.startswith("GREEK"):
        return letter
    return f"{name.capitalize() if kind.endswith('CAPITAL') else name.lower()} "
