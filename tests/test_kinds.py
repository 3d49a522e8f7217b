"""A model of the wrong kind is a `TypeError` that says which kind is taken, whoever is asked."""

import pytest

import neuro_lib as nl
from neuro_lib.analysis.prediction import fit_variant
from neuro_lib.analysis.recorded_fit import spread
from tests.cases import each

I = nl.constant_current(0.1, duration=10.0, dt=0.1)
EXCITING = nl.ExponentialSynapse()
ONE_OF_EACH = (
    nl.LIF(),
    nl.FilteredLIF(),
    nl.AdEx(),
    nl.HodgkinHuxley(),
    nl.BranchedLIF(),
    nl.Competition(),
    EXCITING,
    I,
    nl.LIF,
    "LIF",
    None,
    3.0,
)
SIMULATED = nl.LIF, nl.FilteredLIF, nl.AdEx, nl.HodgkinHuxley
TAKEN = {  # what is called with a model, and which models it takes
    "simulate": (lambda m: nl.simulate(m, I), SIMULATED),
    "count_spikes": (lambda m: nl.count_spikes(m, I), SIMULATED),
    "fit_spikes": (
        lambda m: nl.fit_spikes(m, I, [9.0], generations=1),
        (nl.LIF, nl.FilteredLIF, nl.AdEx),
    ),
    "simulate_branches": (lambda m: nl.simulate_branches(m, [], I), (nl.BranchedLIF,)),
    "euler": (lambda m: nl.euler(m, I), (nl.LIF,)),
    "simulate_synapses": (lambda m: nl.simulate_synapses(m, I, []), (nl.LIF,)),
    "conductance_psp": (lambda m: nl.conductance_psp(m, EXCITING, 1.0), (nl.LIF,)),
    "psp_amplitude": (lambda m: nl.psp_amplitude(m, EXCITING, -65.0), (nl.LIF,)),
    "effective_time_constant": (lambda m: nl.effective_time_constant(m, 0.1), (nl.LIF,)),
    "steady_potential": (lambda m: nl.steady_potential(m, 0.1, 0.0), (nl.LIF,)),
    "green_function": (lambda m: nl.green_function(m, 1.0), (nl.LIF,)),
    "reset_kernel": (lambda m: nl.reset_kernel(m, 1.0), (nl.LIF,)),
    "initial_response": (lambda m: nl.initial_response(m, -60.0, 1.0), (nl.LIF,)),
    "impulse_response": (lambda m: nl.impulse_response(m, 1.0, 1.0), (nl.LIF,)),
    "step_response": (lambda m: nl.step_response(m, 1.0, 1.0), (nl.LIF,)),
    "pulse_response": (lambda m: nl.pulse_response(m, 1.0, 1.0, width=1.0), (nl.LIF,)),
    "sine_response": (lambda m: nl.sine_response(m, 1.0, 1.0, frequency=1.0), (nl.LIF,)),
    "exponential_psp": (lambda m: nl.exponential_psp(m, 1.0, 1.0, tau_s=1.0), (nl.LIF,)),
    "alpha_psp": (lambda m: nl.alpha_psp(m, 1.0, 1.0, tau_s=1.0), (nl.LIF,)),
    "convolve": (lambda m: nl.convolve(m, I), (nl.LIF,)),
    "decompose": (lambda m: nl.decompose(m, I), (nl.LIF,)),
    "impedance": (lambda m: nl.impedance(m, 1.0), (nl.LIF,)),
    "cutoff_frequency": (nl.cutoff_frequency, (nl.LIF,)),
    "volley_peak": (lambda m: nl.volley_peak(m, 1.0, [0.0], tau_s=1.0), (nl.LIF,)),
    "volley_response": (lambda m: nl.volley_response(m, 1.0, [0.0], 1.0, tau_s=1.0), (nl.LIF,)),
    "spikes_to_fire": (lambda m: nl.spikes_to_fire(m, 1.0, tau_s=1.0), (nl.LIF,)),
}


@each("model", ONE_OF_EACH)
@each("name", TAKEN)
def test_a_model_of_another_kind_is_refused_and_the_right_one_named(name, model):
    call, kinds = TAKEN[name]
    if isinstance(model, kinds):
        call(model)
        return
    with pytest.raises(TypeError, match=r"^(model|neuron|lif) must be an? ") as refused:
        call(model)
    message = str(refused.value)
    assert all(f" {kind.__name__}" in message for kind in kinds)
    named = "the class LIF" if model is nl.LIF else type(model).__name__
    assert message.endswith(f"not {named}")


WITH_A_CURRENT = {
    "simulate": lambda I: nl.simulate(nl.LIF(), I),
    "count_spikes": lambda I: nl.count_spikes(nl.LIF(), I),
    "euler": lambda I: nl.euler(nl.LIF(), I),
    "convolve": lambda I: nl.convolve(nl.LIF(), I),
    "decompose": lambda I: nl.decompose(nl.LIF(), I),
    "fit_spikes": lambda I: nl.fit_spikes(nl.LIF(), I, [9.0]),
    "simulate_synapses": lambda I: nl.simulate_synapses(nl.LIF(), I, []),
    "simulate_branches": lambda I: nl.simulate_branches(nl.BranchedLIF(), [], I),
}


@each("current", [[0.1, 0.2], 0.1, None, I.values, nl.LIF(), nl.Current])
@each("name", WITH_A_CURRENT)
def test_what_is_no_current_is_refused(name, current):
    with pytest.raises(TypeError, match=r"^I must be a Current, as step_current gives, not "):
        WITH_A_CURRENT[name](current)


ONE_INPUT = nl.SynapticInput(site=1, times=[1.0], ampa=0.001)


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda inputs: nl.simulate_branches(nl.BranchedLIF(), inputs, I),
            "inputs must be a sequence of SynapticInput, not ",
        ),
        (
            lambda inputs: nl.simulate_synapses(nl.LIF(), I, inputs),
            "inputs must be a sequence of pairs, each a synapse with its times, not ",
        ),
    ],
)
@pytest.mark.parametrize("inputs", [ONE_INPUT, EXCITING, None, 3.0, [3.0], [None], I])
def test_inputs_of_another_kind_are_refused(call, message, inputs):
    with pytest.raises(TypeError) as refused:
        call(inputs)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("synapse", [nl.LIF(), None, nl.ExponentialSynapse, ONE_INPUT])
def test_what_is_no_synapse_is_refused(synapse):
    for call in (
        lambda: nl.conductance_psp(nl.LIF(), synapse, 1.0),
        lambda: nl.psp_amplitude(nl.LIF(), synapse, -65.0),
        lambda: nl.simulate_synapses(nl.LIF(), I, [(synapse, [1.0])]),
    ):
        with pytest.raises(TypeError, match=r"^synapse must be an ExponentialSynapse or an Alpha"):
            call()


@pytest.mark.parametrize("start", [nl.LIF(), nl.FilteredLIF, "nothing", 3.0])
def test_a_variant_starts_from_a_model_with_filters(start):
    with pytest.raises(TypeError, match=r"^start must be a FilteredLIF or an AdEx, not "):
        fit_variant("nothing", I, [9.0], start=start)


@pytest.mark.parametrize("model", [nl.LIF, "LIF", None, I])
def test_a_spread_is_that_of_a_model(model):
    with pytest.raises(TypeError, match=r"^model must be an LIF, a FilteredLIF or an AdEx, not "):
        spread(lambda m: 1.0, model, "R")
