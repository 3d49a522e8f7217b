"""The syllabus: what the author's notes state, in our words, and where the book teaches it.

The notes are a summary of chapter 1 of *Neuronal Dynamics*. Each of their statements has an entry
here, in their order; `test_syllabus.py` looks whether the book keeps it.
"""

from dataclasses import dataclass

from tests.book.pages import markdown


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A statement of the notes.

    Parameters
    ----------
    says : str
        What they state, paraphrased.
    page, heading : str
        Where it is taught: a page of the book, and a heading in it.
    terms : tuple of str
        Regular expressions; the section below the heading holds a match of each.
    correction : str
        Where the notes are wrong or vague: what the book says instead, a regular expression that
        matches in a box of that section which corrects the notes. Empty where they are right.
    """

    says: str
    page: str
    heading: str
    terms: tuple[str, ...]
    correction: str = ""


HOPES = {"page": "chapters/outlook", "heading": "What the notes hoped for"}
COUNT = {"page": "chapters/numbers", "heading": "How many neurons?"}
STRUCTURE = {"page": "chapters/numbers", "heading": "Why counting does not explain intelligence"}
SYNAPSES = {"page": "chapters/numbers", "heading": "How many synapses?"}
SPIKE = {"page": "chapters/numbers", "heading": "One neuron: rest, spike, threshold"}
CIRCUIT = {"page": "chapters/if_model", "heading": "The membrane is a circuit"}
RESET = {"page": "chapters/if_model", "heading": "Threshold, spike, reset"}
ANY_CURRENT = {"page": "chapters/analytic_solution", "heading": "Any current is a row of pulses"}
PAST = {"page": "chapters/analytic_solution", "heading": "Where does the past begin?"}
KERNELS = {"page": "chapters/analytic_solution", "heading": "The reset is a filter, too"}
PATTERNS = {"page": "chapters/limitations", "heading": "Four patterns, and a fifth"}
FILTERS = {"page": "chapters/limitations", "heading": "Which filter gives which pattern"}
SYNAPSE = {"page": "chapters/synapses", "heading": "A synapse is a conductance"}
LASTING = {"page": "chapters/dendrites", "heading": "What lasts for tens of milliseconds?"}

SYLLABUS = (
    # The opening.
    Statement(
        says="deep learning succeeds, and large models may be a step to general intelligence",
        terms=("deep networks", "GPT-4o", r"artificial general\s+intelligence"),
        correction="No measurement says so",
        **HOPES,
    ),
    Statement(
        says="today's deep networks are poor at continual learning, brains are good at it",
        terms=("continual learning", "forgot", "flesch2018", "kirkpatrick2017"),
        correction="the measurements agree",
        **HOPES,
    ),
    Statement(
        says="today's deep networks are poor at logical thinking, brains are very good at it",
        terms=("logical thinking", "Wason", "lampinen2024"),
        correction="Measured is less difference",
        **HOPES,
    ),
    Statement(
        says="that is a reason to study the nervous system",
        terms=("look into the brain may help", "reason"),
        **HOPES,
    ),
    # Numbers.
    Statement(
        says="86 billion neurons in the human nervous system",
        terms=(r"86\.1 ± 8\.1\) × 10⁹ neurons", "fractionator", "[Ss]tereology"),
        **COUNT,
    ),
    Statement(
        says="16 billion of them in the cerebral cortex",
        terms=("19 % of the whole brain", "16 × 10⁹", "about 20 billion"),
        **COUNT,
    ),
    Statement(
        says="humans do not have the most: the orca's forebrain has 43 billion",
        terms=("orca", "ridgway2019", "mortensen2014"),
        correction=r"first of these numbers\s+is \*\*cortex\*\*",
        **COUNT,
    ),
    Statement(
        says="orcas are less smart than humans nevertheless",
        terms=("orcas are less smart", "Nobody has measured intelligence"),
        **STRUCTURE,
    ),
    Statement(
        says="so the structure of the brain may matter to intelligence, too",
        terms=(r"\*\*structure\*\*", "no proof", "elephant"),
        **STRUCTURE,
    ),
    Statement(
        says="a neuron connects to ten thousand postsynaptic neurons on average",
        terms=(r"\bs\b.*synapses on average", "10,000"),
        correction=r"about 7,000 per neuron",
        **SYNAPSES,
    ),
    Statement(
        says="the weights of an artificial network hold what synapses hold",
        page="chapters/numbers",
        heading="A synapse is not a parameter",
        terms=("weights of an artificial network", "delay", "inventory"),
    ),
    Statement(
        says="a network as large as the brain needs 160 trillion parameters",
        terms=("150 × 10¹²", "eq:synapse-count"),
        correction=r"good for the\s+\*\*cortex\*\*",
        **SYNAPSES,
    ),
    Statement(
        says="which is a hundred times the largest network, GPT-4",
        terms=("Llama 3.1", "GPT-3", "openai2023"),
        correction=r"\*\*rumour\*\*",
        **SYNAPSES,
    ),
    Statement(
        says="the resting potential is about −65 mV",
        terms=(r"\*\*resting potential\*\*", "−65 mV", "−73 to −62 mV", "tanaka2011"),
        **SPIKE,
    ),
    Statement(
        says="below rest the membrane is hyperpolarised, above it depolarised",
        terms=(r"below it\s+\*\*hyperpolarises\*\*", r"above \*\*depolarises\*\*"),
        **SPIKE,
    ),
    Statement(
        says="a spike is about 100 mV high",
        terms=("about 100 mV", "86 to 104 mV"),
        **SPIKE,
    ),
    Statement(
        says="a spike lasts 1 to 2 ms",
        terms=("1–2 ms", "below 1 ms", "0.71 to 0.88 ms"),
        **SPIKE,
    ),
    Statement(
        says="it takes 20 to 50 presynaptic spikes to make a postsynaptic one",
        page="chapters/numbers",
        heading="How many spikes to make a spike?",
        terms=("jitter", "eq:volley", "dekock2023"),
        correction="134 ± 28 synapses",
    ),
    # The model.
    Statement(
        says="a neuron can be reduced to a resistor and a capacitor",
        terms=(r"\*\*capacitor\*\*", r"\*\*resistor\*\*", "draw_circuit|Circuit of the passive"),
        **CIRCUIT,
    ),
    Statement(
        says="the input current is the sum of the resistor's and the capacitor's",
        terms=("eq:kirchhoff", "eq:currents", "Ohm's law"),
        **CIRCUIT,
    ),
    Statement(
        says="so the potential obeys a linear differential equation of first order",
        terms=("eq:membrane", r"\\tau_m \\frac"),
        **CIRCUIT,
    ),
    Statement(
        says="the membrane time constant is about 10 ms",
        terms=(r"7\.5 and 11\.7 ms", "tanaka2011", "vanaerde2015", "no constant"),
        **CIRCUIT,
    ),
    Statement(
        says="the equation is solved by an integral over the past input, weighted exponentially",
        terms=("eq:convolution", r"\\int_0\^\\infty", "whole past"),
        **ANY_CURRENT,
    ),
    Statement(
        says="the solution holds for a start at rest at time zero",
        terms=("eq:initial", r"u\(0\) - u_\\mathrm\{rest\}"),
        correction="two different starts",
        **PAST,
    ),
    Statement(
        says="at the threshold the neuron fires",
        terms=(r"\*\*threshold\*\* \$\\theta\$", "the neuron fires"),
        **RESET,
    ),
    Statement(
        says="and the potential drops to the rest potential",
        terms=(r"\*\*reset potential\*\*", "ex-reset"),
        correction=r"They are\s+two numbers",
        **RESET,
    ),
    Statement(
        says="(the same: what it would cost in a model whose reset makes its bursts)",
        page="chapters/limitations",
        heading="The phase plane",
        terms=("nullclines", "reset line"),
        correction=r"need not\s+be \$u_\\mathrm\{rest\}",
    ),
    Statement(
        says="the firing time is when the potential equals the threshold; just after, it is reset",
        terms=(r"\*\*firing time\*\*", "eq:threshold", r"\\lim_\{\\delta"),
        **RESET,
    ),
    Statement(
        says="with its resets the potential is the filtered input and a sum of decaying jumps",
        terms=("eq:reset-kernel", "eq:decomposition", r"u_r - \\theta"),
        correction=r"\*\*no refractory time\*\*",
        **KERNELS,
    ),
    Statement(
        says="Green's function and convolution solve linear differential equations",
        page="chapters/analytic_solution",
        heading="One pulse",
        terms=(r"\*\*Green's function\*\*", "eq:green", "δ function"),
    ),
    Statement(
        says="convolution: superposition of the answers to all pulses",
        terms=(r"\*\*convolution\*\*", "linear, so the shares add up"),
        **ANY_CURRENT,
    ),
    Statement(
        says="the Fourier transform turns convolution into multiplication",
        page="chapters/analytic_solution",
        heading="Sines: convolution becomes multiplication",
        terms=(r"Fourier transform turns convolution into multiplication", "eq:impedance"),
    ),
    # Its limitations.
    Statement(
        says="the model cannot adapt, burst or rebound",
        page="chapters/limitations",
        heading="Four breaks, four repairs",
        terms=("adaptation", "bursts", "inhibitory rebound", "compartments"),
    ),
    Statement(
        says="(left out: that a spike changes what the next input does)",
        page="chapters/limitations",
        heading="Four breaks, four repairs",
        terms=("conductance after a spike", "ex-after-spike", "the notes pass over the third"),
    ),
    Statement(
        says="pattern a: constant spiking",
        terms=(r"\*\*constant spiking\*\*", "copy of the first"),
        **PATTERNS,
    ),
    Statement(
        says="pattern b: bursts",
        terms=(r"\*\*Bursting\*\*", "groups"),
        **PATTERNS,
    ),
    Statement(
        says="pattern c: adaptation",
        terms=(r"\*\*Adaptation\*\*", "intervals grow"),
        **PATTERNS,
    ),
    Statement(
        says="pattern d: inhibitory rebound",
        terms=(r"\*\*Inhibitory rebound\*\*", r"\*end\* of an inhibition"),
        **PATTERNS,
    ),
    Statement(
        says="a picture of the four patterns",
        terms=("draw_patterns|Five rows of traces", "left the plain model"),
        **PATTERNS,
    ),
    Statement(
        says="bursts and adaptation are repaired by one more linear filter",
        terms=("bursting", "adaptation", r"A > 0", r"b > 0"),
        correction="Bursting takes two filters",
        **FILTERS,
    ),
    Statement(
        says="(left out: what repairs the rebound)",
        terms=("inhibitory rebound", r"a > 0"),
        correction=r"\*\*not the same one\*\*",
        **FILTERS,
    ),
    Statement(
        says="(left out: why spikes cannot drive the rebound)",
        page="chapters/limitations",
        heading="Why rebound needs a filter that $u$ drives",
        terms=("monotonically", "overshoot", r"tau_w > \\tau_m"),
    ),
    Statement(
        says="the postsynaptic current is proportional to the distance from a reversal potential",
        terms=("eq:synaptic-current", r"\*\*reversal potential\*\*", r"\*\*driving force\*\*"),
        **SYNAPSE,
    ),
    Statement(
        says="the reversal potential of inhibition is at rest or slightly below",
        page="chapters/synapses",
        heading="What the membrane makes of it",
        terms=("−73 mV", "−59 mV", "dallwig1999"),
        correction="Measured is more variety",
    ),
    Statement(
        says="the reversal potential of excitation is far above rest",
        terms=("AMPA and NMDA", r"near\s+0 mV, far above rest"),
        **SYNAPSE,
    ),
    Statement(
        says="inhibition that shunts",
        page="chapters/synapses",
        heading="Inhibition that moves nothing",
        terms=(r"\*\*shunting inhibition\*\*", "eq:effective-tau", "from 9.5 to 7.7 mV"),
    ),
    Statement(
        says="(left out: whether a filter repairs it)",
        page="chapters/synapses",
        heading="Why no linear filter can repair it",
        terms=("limitations", r"\*\*product\*\*", "no sum of filters"),
    ),
    Statement(
        says="the model has no spatial structure",
        page="chapters/dendrites",
        heading="A neuron with a shape",
        terms=(r"\*\*spatial\s+structure\*\*", "one point", "tree"),
    ),
    Statement(
        says="spikes that reach one branch too often prolong the spike to tens of milliseconds",
        terms=("plateau", "eq:|half-width|half its height", "schiller2000"),
        correction=r"response of the \*dendrite\*",
        **LASTING,
    ),
    # The question at the end.
    Statement(
        says="the model is simple and cannot show all that a neuron does",
        page="chapters/outlook",
        heading="What can we say about the model?",
        terms=(r"cannot show\s+all", "spike by spike"),
    ),
    Statement(
        says="is it enough for all of human intelligence?",
        page="chapters/outlook",
        heading="The evidence, for and against",
        terms=("jolivet2008", "beniaguev2021", r"\| for \|", r"\| against \|"),
    ),
    Statement(
        says="(a tag of the notes) neuromorphic computing",
        page="chapters/outlook",
        heading="In silicon",
        terms=(r"\*\*Neuromorphic\*\*", "davies2018", "does not show"),
    ),
)


def sections(text):
    """Sections of a page: each heading, and what stands below it, up to the next heading as high.

    Parameters
    ----------
    text : str
        A page in Markdown.

    Returns
    -------
    list of tuple of (str, str)
        Heading and text; a subsection is also a part of the section above it.
    """
    found, fenced = [], False
    lines = text.splitlines()
    for number, line in enumerate(lines):
        fenced ^= line.startswith("```")
        level = len(line) - len(line.lstrip("#"))
        if level and line[level : level + 1] == " " and not fenced:
            found.append((number, level, line[level:].strip()))
    result = []
    for k, (number, level, heading) in enumerate(found):
        # A page's title stands above what comes before the first heading, not above all.
        end = next((n for n, other, _ in found[k + 1 :] if other <= level or level == 1), None)
        result.append((heading, "\n".join(lines[number + 1 : end])))
    return result


def corrections(text):
    """The boxes of a text that correct the notes."""
    boxes = text.split(":::{admonition} ")[1:]
    heads = [box.partition("\n") for box in boxes]
    return [body.split("\n:::")[0] for head, _, body in heads if "orrection" in head]


def section(page, heading):
    """Text below a heading of the book, which must be there once."""
    (text,) = (text for name, text in sections(markdown(page)) if name == heading)
    return text
