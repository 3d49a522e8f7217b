"""Measured numbers: each with its unit, its spread, its source and the place in it.

The chapters take their numbers from here, and the sources are keys of ``web/references.bib``. What
could not be found in its source is not in this list.
"""

from dataclasses import dataclass

__all__ = ["FACTS", "Fact"]

POWERS = {1e12: "× 10¹²", 1e9: "× 10⁹", 1e6: "× 10⁶"}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A number that somebody measured, or published.

    Parameters
    ----------
    value : float, optional
        The value (in `unit`). A fact that is a range has none.
    low, high : float, optional
        Ends of a range (in `unit`).
    spread : float, optional
        What the source writes after ± (in `unit`).
    unit : str
        Unit (``mV``); what is counted (``neurons``), if it is a count.
    meaning : str
        What it is, in one line.
    source : str
        Key of an entry of ``web/references.bib``.
    place : str
        Where in the source it stands (``abstract``).
    method : str, optional
        How it was found, where methods differ; and what `low` and `high` are.

    Raises
    ------
    ValueError
        If there is neither a value nor a range, or a range is not one.

    Examples
    --------
    >>> print(FACTS["human_neurons"])
    (86.1 ± 8.1) × 10⁹ neurons
    >>> print(FACTS["pyramidal_rest"])
    −73 to −62 mV
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    spread: float | None = None
    unit: str
    meaning: str
    source: str
    place: str
    method: str = ""

    def __post_init__(self):
        if self.value is None and self.low is None:
            raise ValueError(f"{self.meaning}: a fact has a value or a range")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.meaning}: a range has two ends")
        if self.low is not None and not self.low < self.high:
            raise ValueError(f"{self.meaning}: the range {self.low} to {self.high} has no inside")

    def __str__(self):
        """Write the number with its spread and unit, a large one by a power of ten."""
        largest = max(abs(x) for x in (self.value, self.low, self.high) if x is not None)
        scale = next((scale for scale in POWERS if largest >= scale), 1.0)

        def plain(x):
            # :g would write more than a million with an exponent; none is left after scaling
            return f"{x / scale:,.10g}".replace("-", "−")

        if self.value is None:
            text = f"{plain(self.low)} to {plain(self.high)}"
        elif self.spread is not None:
            text = f"{plain(self.value)} ± {plain(self.spread)}"
            text = f"({text})" if scale > 1.0 else text
        else:
            text = plain(self.value)
        text = " ".join(part for part in (text, POWERS.get(scale, ""), self.unit) if part)
        if self.value is not None and self.low is not None:
            text += f" ({plain(self.low)} to {plain(self.high)})"
        return text


FRACTIONATOR = "isotropic fractionator"
STEREOLOGY = "stereology"
WIRING = "electron microscopy"

FACTS = {
    # Neurons.
    "worm_neurons": Fact(
        value=302, unit="neurons", source="white1986", place="abstract", method=WIRING,
        meaning="nervous system of the worm Caenorhabditis elegans",
    ),
    "fly_neurons": Fact(
        value=139_255, unit="neurons", source="dorkenwald2024", place="abstract", method=WIRING,
        meaning="brain of a fruit fly",
    ),
    "rat_neurons": Fact(
        value=200e6, unit="neurons", source="herculano2005", place="abstract",
        method=FRACTIONATOR, meaning="brain of the rat",
    ),
    "human_neurons": Fact(
        value=86.1e9, spread=8.1e9, unit="neurons", source="azevedo2009", place="abstract",
        method=FRACTIONATOR, meaning="human brain",
    ),
    "human_cerebellum_neurons": Fact(
        value=69.03e9, spread=6.65e9, unit="neurons", source="azevedo2009", place="page 535",
        method=FRACTIONATOR, meaning="human cerebellum",
    ),
    "human_cortex_share": Fact(
        value=19, unit="%", source="azevedo2009", place="abstract", method=FRACTIONATOR,
        meaning="share of the human brain's neurons that are in the cerebral cortex",
    ),
    "human_neocortex_neurons": Fact(
        value=20e9, unit="neurons", source="drachman2005", place="page 2004", method=STEREOLOGY,
        meaning="human neocortex",
    ),
    "elephant_neurons": Fact(
        value=257e9, unit="neurons", source="herculano2014", place="abstract",
        method=FRACTIONATOR, meaning="brain of the African elephant",
    ),
    "elephant_cerebellum_neurons": Fact(
        value=251e9, unit="neurons", source="herculano2014", place="abstract",
        method=FRACTIONATOR, meaning="cerebellum of the African elephant",
    ),
    "elephant_cortex_neurons": Fact(
        value=5.6e9, unit="neurons", source="herculano2014", place="abstract",
        method=FRACTIONATOR, meaning="cerebral cortex of the African elephant",
    ),
    "pilot_whale_neocortex_neurons": Fact(
        value=37.2e9, unit="neurons", source="mortensen2014", place="abstract",
        method=STEREOLOGY, meaning="neocortex of the long-finned pilot whale",
    ),
    # Synapses.
    "worm_synapses": Fact(
        value=5000, unit="synapses", source="white1986", place="abstract", method=WIRING,
        meaning="chemical synapses of the worm Caenorhabditis elegans, about",
    ),
    "fly_synapses": Fact(
        value=50e6, unit="synapses", source="dorkenwald2024", place="abstract", method=WIRING,
        meaning="chemical synapses in the brain of a fruit fly, about",
    ),
    "human_synapses_per_neuron": Fact(
        value=7000, unit="synapses", source="drachman2005", place="page 2004", method=STEREOLOGY,
        meaning="synapses per neuron of the human neocortex, on average",
    ),
    "human_synapses": Fact(
        value=150e12, unit="synapses", source="pakkenberg2003", place="abstract",
        method=STEREOLOGY, meaning="synapses of the human neocortex, about",
    ),
    "human_synapses_counted": Fact(
        value=164e12, spread=28e12, unit="synapses", source="tang2001",
        place="abstract; the spread is its CV of 0.17", method=STEREOLOGY,
        meaning="synapses of the human neocortex, five brains",
    ),
    "granule_cell_inputs": Fact(
        value=4, unit="inputs", source="gilmer2017", place="abstract",
        meaning="mossy fibres that excite a granule cell of the cerebellum, about",
    ),
    "bits_per_synapse": Fact(
        value=4.7, unit="bits", source="bartol2015", place="abstract", method=WIRING,
        meaning="what the size of a synapse can tell, in the rat's hippocampus",
    ),
    # Artificial networks.
    "gpt3_parameters": Fact(
        value=175e9, unit="parameters", source="brown2020", place="abstract",
        meaning="GPT-3",
    ),
    "llama_parameters": Fact(
        value=405e9, unit="parameters", source="llama2024", place="abstract",
        meaning="Llama 3.1, the largest",
    ),
    "switch_parameters": Fact(
        value=1.6e12, unit="parameters", source="fedus2021", place="section 5.6",
        meaning="the largest Switch Transformer, of which each input uses a small part",
    ),
    # Pyramidal cells of the rat's barrel cortex: ranges of the means of six groups.
    "pyramidal_rest": Fact(
        low=-73, high=-62, unit="mV", source="tanaka2011", place="Table 3",
        method="means of groups", meaning="resting potential of cortical pyramidal cells",
    ),
    "pyramidal_threshold": Fact(
        low=-51, high=-40, unit="mV", source="tanaka2011", place="Table 3",
        method="means of groups", meaning="threshold of cortical pyramidal cells",
    ),
    "pyramidal_tau_m": Fact(
        low=7.5, high=11.7, unit="ms", source="tanaka2011", place="Table 3",
        method="means of groups", meaning="membrane time constant of cortical pyramidal cells",
    ),
    "pyramidal_R": Fact(
        low=48, high=68, unit="MΩ", source="tanaka2011", place="Table 3",
        method="means of groups", meaning="membrane resistance of cortical pyramidal cells",
    ),
    "spike_height": Fact(
        low=86, high=104, unit="mV", source="tanaka2011", place="Table 3",
        method="means of groups",
        meaning="height of a spike of cortical pyramidal cells, from rest",
    ),
    "spike_half_width": Fact(
        low=0.71, high=0.88, unit="ms", source="tanaka2011", place="Table 3",
        method="means of groups", meaning="width of that spike at half its height",
    ),
    "prefrontal_tau_m": Fact(
        low=21.4, high=33.1, unit="ms", source="vanaerde2015", place="Table 7",
        method="means of groups",
        meaning="membrane time constant of pyramidal cells of layer 6, rat's prefrontal cortex",
    ),
    "prefrontal_R": Fact(
        low=236, high=433, unit="MΩ", source="vanaerde2015", place="Table 7",
        method="means of groups",
        meaning="membrane resistance of pyramidal cells of layer 6, rat's prefrontal cortex",
    ),
    # Synapses' currents.
    "gaba_reversal": Fact(
        value=-59, unit="mV", source="dallwig1999", place="abstract",
        method="cultured neurons of the rat's cortex, perforated patch",
        meaning="reversal potential of the currents that GABA induces",
    ),
    "gaba_reversal_without_bicarbonate": Fact(
        value=-73, unit="mV", source="dallwig1999", place="abstract",
        method="the same", meaning="the same, where there is no bicarbonate",
    ),
    "human_ampa_conductance": Fact(
        value=0.88, unit="nS", source="eyal2018", place="abstract", method="detailed models",
        meaning="AMPA conductance of a synapse of a human cell of layer 2 or 3",
    ),
    "human_nmda_conductance": Fact(
        value=1.31, unit="nS", source="eyal2018", place="abstract", method="detailed models",
        meaning="NMDA conductance of that synapse",
    ),
    # Spikes of dendrites.
    "synapses_to_nmda_spike": Fact(
        value=20, spread=10, unit="synapses", source="eyal2018", place="abstract",
        method="detailed models",
        meaning="synapses of one branch that, active at once, start an NMDA spike",
    ),
    "nmda_spike_height": Fact(
        value=5.9, spread=1.5, unit="mV", source="schiller2000", place="abstract",
        meaning="height at the soma of an NMDA spike in a basal dendrite",
    ),
    "nmda_spike_half_width": Fact(
        value=64.4, spread=19.8, unit="ms", source="schiller2000", place="abstract",
        meaning="width at half its height of an NMDA spike, at the soma",
    ),
    "distal_plateau": Fact(
        value=3, unit="mV", source="major2008", place="abstract",
        meaning="height at the soma of a plateau far out on a basal dendrite, about",
    ),
    "proximal_plateau": Fact(
        value=23, unit="mV", source="major2008", place="abstract",
        meaning="height at the soma of a plateau near the base of a basal dendrite, about",
    ),
    # Excitatory postsynaptic potentials.
    "unitary_epsp": Fact(
        value=0.5, low=0.4, high=1.0, unit="mV", source="dekock2023", place="abstract",
        method="median and interquartile range",
        meaning="EPSP that one excitatory cell of the cortex causes in another",
    ),
    "human_synapses_to_fire": Fact(
        value=134, spread=28, unit="synapses", source="eyal2018", place="abstract",
        method="detailed models", meaning="synapses that, active at once, fire a human cell of "
        "layer 2 or 3 in half of the cases",
    ),
}  # fmt: skip
