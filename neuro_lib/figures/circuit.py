"""The membrane as an electrical circuit, drawn with Schemdraw."""

import matplotlib.pyplot as plt

from neuro_lib.figures.svg import Picture, house_style, ink

__all__ = ["draw_circuit"]

ALT = (
    "Circuit of the passive membrane. The inside of the cell, at potential u(t), is joined to "
    "the outside, at 0 mV, by three branches: a current source I(t) that feeds the inside; a "
    "capacitor C, which takes the current I_C; and a resistor R in series with a battery u_rest, "
    "which take the current I_R."
)


def draw_circuit():
    """Draw the passive membrane: a capacitor beside a resistor with its battery.

    Returns
    -------
    Picture
        Display it as the last line of a cell.

    Examples
    --------
    >>> draw_circuit().alt[:32]
    'Circuit of the passive membrane.'
    """
    import schemdraw  # here, so that pages without a circuit do not wait for it
    from schemdraw import elements as elm

    with house_style():
        figure, axes = plt.subplots(figsize=(5.6, 3.0))
        circuit = schemdraw.Drawing(canvas=axes, show=False)
        circuit.config(unit=2, lw=1.4, color=ink("spikes"))
        circuit += elm.SourceI(l=4).up().color(ink("current"))
        circuit += elm.Line(l=4).right()
        circuit += elm.Dot()
        circuit.push()
        circuit += elm.Capacitor(l=4).down().color(ink("filter"))
        circuit += elm.Dot()
        circuit.pop()
        circuit += elm.Line(l=4).right()
        circuit += elm.Resistor(l=2).down().color(ink("voltage"))
        circuit += elm.BatteryCell(l=2).down().reverse()
        circuit += elm.Line(l=8).left()
        circuit.draw(show=False)
        axes.text(-0.8, 2, "I(t)", color=ink("current"), ha="right", va="center")
        axes.text(4.5, 2, "C", color=ink("filter"), va="center")
        axes.text(8.5, 3, "R", color=ink("voltage"), va="center")
        axes.text(8.6, 1, "u_rest", va="center")
        axes.text(4, 4.25, "inside: u(t)", ha="center", va="bottom")
        axes.text(4, -0.25, "outside: 0 mV", ha="center", va="top")
        for x, name, meaning in ((3.6, "I_C", "filter"), (7.4, "I_R", "voltage")):
            axes.annotate(
                "",
                (x, 2.6),
                (x, 3.6),
                color=ink(meaning),
                arrowprops={"arrowstyle": "-|>", "color": ink(meaning)},
            )
            axes.text(x - 0.15, 3.1, name, color=ink(meaning), ha="right", va="center")
        axes.set(xlim=(-2, 10), ylim=(-1, 5), aspect="equal")
        axes.set_axis_off()
    return Picture(figure, alt=ALT, name="circuit")
