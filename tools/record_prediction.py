"""Record what the page cannot compute while a slider moves: the reference neuron, and the fits.

`neuro_lib.analysis.prediction` is the experiment; tests/analysis/test_prediction.py does it again,
and compares.
"""

import json
from pathlib import Path

from neuro_lib import HodgkinHuxley, coincidence_factor, simulate
from neuro_lib.analysis.prediction import ADEX, DELAY, VARIANTS, fit_variant, noise_of
from neuro_lib.analysis.spikes import best_delay

FILE = Path(__file__).parent.parent / "neuro_lib" / "data" / "prediction.json"


def delay_of(model, I, spikes):
    """Delay of the reference behind a model under one current (ms)."""
    return round(best_delay(simulate(model, I).spike_times, spikes, longest=DELAY), 2)


def score(model, I, spikes, delay):
    """Coincidence factor of a model, that much later, with the reference under one current."""
    predicted = simulate(model, I).spike_times + delay
    return coincidence_factor(predicted[predicted <= I.duration], spikes, duration=I.duration)


def best_fit(name, I, spikes, starts):
    """Best of three searches from nowhere and one from each start, by Γ on the noise seen."""
    fits = [fit_variant(name, I, spikes, generations=100, seed=seed) for seed in range(3)]
    fits += [fit_variant(name, I, spikes, start=start, generations=100) for start in starts]
    return max(fits, key=lambda model: score(model, I, spikes, delay_of(model, I, spikes)))


def main():
    """Simulate, fit and write."""
    reference = HodgkinHuxley()
    seen, unseen = noise_of(1, duration=20_000.0), noise_of(2, duration=10_000.0)
    train, test = simulate(reference, seen).spike_times, simulate(reference, unseen)
    fitted, delays = {}, {}
    for name in reversed(VARIANTS):  # the full model last: it can begin where a smaller one ended
        smaller = [other for other in fitted if other != ADEX][1:]
        starts = [fitted[other] for other in smaller] if name == "nothing" else []
        fitted[name] = model = best_fit(name, seen, train, starts)
        delays[name] = delay = delay_of(model, seen, train)
        one, other = score(model, seen, train, delay), score(model, unseen, test.spike_times, delay)
        print(f"without {name}: {one:.3f} seen, {other:.3f} unseen, {delay} ms\n  {model}")
    fits = {
        name: {p: float(f"{getattr(fitted[name], p):.4g}") for p in fitted[name].quantities()}
        for name in VARIANTS
    }
    recorded = {
        "spikes": test.spike_times.round(2).tolist(),
        "potential": test.u[:601:4].clip(max=-40.0).round(1).tolist(),
        "fits": fits,
        "delays": {name: delays[name] for name in VARIANTS},
    }
    FILE.write_text(json.dumps(recorded, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
