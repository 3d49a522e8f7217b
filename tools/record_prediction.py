"""Record what the page cannot compute while a slider moves: the reference neuron, and the fits.

`neuro_lib.analysis.prediction` is the experiment; tests/analysis/test_prediction.py does it again,
and compares.
"""

import json
from pathlib import Path

from neuro_lib import FilteredLIF, HodgkinHuxley, coincidence_factor, simulate
from neuro_lib.analysis.prediction import VARIANTS, fit_variant, noise_of

FILE = Path(__file__).parent.parent / "neuro_lib" / "data" / "prediction.json"


def score(model, I, spikes):
    """Coincidence factor of a model with the reference under one current."""
    predicted = simulate(model, I).spike_times
    return coincidence_factor(predicted, spikes, duration=I.duration)


def best_fit(name, I, spikes, starts):
    """Best of three searches from nowhere and one from each start, by Γ on the noise seen."""
    fits = [fit_variant(name, I, spikes, generations=100, seed=seed) for seed in range(3)]
    fits += [fit_variant(name, I, spikes, start=start, generations=100) for start in starts]
    return max(fits, key=lambda model: score(model, I, spikes))


def main():
    """Simulate, fit and write."""
    reference = HodgkinHuxley()
    seen, unseen = noise_of(1, duration=20_000.0), noise_of(2, duration=10_000.0)
    train, test = simulate(reference, seen).spike_times, simulate(reference, unseen)
    fitted = {}
    for name in reversed(VARIANTS):  # the full model last: it can begin where a smaller one ended
        starts = [] if VARIANTS[name] else list(fitted.values())[1:]
        fitted[name] = model = best_fit(name, seen, train, starts)
        one, other = score(model, seen, train), score(model, unseen, test.spike_times)
        print(f"without {name}: {one:.3f} seen, {other:.3f} unseen\n  {model}", flush=True)
    fits = {
        name: {p: float(f"{getattr(fitted[name], p):.4g}") for p in FilteredLIF.quantities()}
        for name in VARIANTS
    }
    recorded = {
        "spikes": test.spike_times.round(2).tolist(),
        "potential": test.u[:601:4].clip(max=-40.0).round(1).tolist(),
        "fits": fits,
    }
    FILE.write_text(json.dumps(recorded, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
