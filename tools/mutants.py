"""Plant mistakes in the models, one at a time, and show that the tests of each model find it.

A mutant is a slip that people make: a sign, ms for s, nA for pA, a factor left out, a step too
many, a reset to the wrong value. Each is planted in a copy of the project, where the tests of its
module run up to the first failure. A mutant that no test fails is a survivor: a test is missing.

What could make a mutant look caught that is not is ruled out. A failure counts if pytest reports
it, not if pytest cannot start. A planted remark, which changes nothing, must survive: so the tests
pass on the copy. And loops are compiled anew, since compiled code is kept by its content
(`neuro_lib.portable`), in a folder of the copy.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
FAILED = "a test failed"
PASSED = "all tests passed"
PATIENCE = 600  # seconds
NOT_COPIED = shutil.ignore_patterns("__pycache__", "book", ".*")

# Added to the copy's conftest.py. Failing examples are not made simpler: that they fail is enough.
HASTY = """
from hypothesis import Phase, settings

settings.register_profile("hasty", phases=[Phase.explicit, Phase.generate], deadline=None)
settings.load_profile("hasty")
"""


class Mutant(NamedTuple):
    """A slip: in the file of a module, `right` is replaced by `wrong`."""

    module: str
    right: str
    wrong: str

    def __str__(self):
        """Tell on one line which it is."""
        right, wrong = (" ".join(text.split()) for text in (self.right, self.wrong))
        return f"{self.module}: {right}  ->  {wrong}"


# By module: (what is right, what is planted in its place). What is right stands in the file once.
PLANTED = {
    "units": [
        ("MS_PER_S = 1000.0", "MS_PER_S = 1.0"),
        ("return MS_PER_S / interval", "return interval / MS_PER_S"),
        ("inside &= exceeds(values, self.above)", "inside &= values >= self.above"),
        ("inside &= values >= self.at_least", "inside &= values > self.at_least"),
        ("inside = abs(values) < HUGE", "inside = values < HUGE"),
        ("too_low = value - least <= by", "too_low = value - least < by"),
        ("numbers.flags.writeable = False", "pass"),
        ("return value - limit > SAME * abs(limit)", "return value > limit"),
        ("numbers[short] = what.at_least", "pass"),
        ("and not isinstance(value, bool)", ""),
    ],
    "values": [
        ("        if not leave_out_masked:", "        if False:"),
        ('short = array.dtype.kind == "f" and array.dtype.itemsize < 8', "short = False"),
        ("if str(own) != unit:", "if False:"),
        ("np.asarray(value)[~value.mask]", "np.asarray(value)[value.mask]"),
        ("return np.array(np.inf if value > 0 else -np.inf)", "return np.array(0.0)"),
    ],
    "inputs/steps": [
        ("floor(steps + 0.5)", "floor(steps)"),
        ("<= SAME * nearest", "<= 0.0"),
        ("if steps != floor(steps):", "if False:"),
        ("if steps > MOST_STEPS:", "if steps > 10.0 * MOST_STEPS:"),
        ("at_least=dt)", "at_least=0.0)"),
    ],
    "models/series": [
        (
            "value = value * s + coefficients[terms - 1 - k]\n    return",
            "value = value + coefficients[terms - 1 - k]\n    return",
        ),
        ("        if value < level:", "        if value > level:"),
        ("step = 0.5 * (low + high)", "step = low"),
        ("for _ in range(60):", "for _ in range(2):"),
        ("near = 1e-9", "near = 1e-2"),
        ("for _ in range(9):", "for _ in range(8):"),
        ("terms - 1 - k]\n        if", "k]\n        if"),
    ],
    "models/competition": [
        ("arrival = spikes[j] + delay", "arrival = spikes[j]"),
        ("left[k] += share * (1.0 - gone)", "left[k] += share"),
        ("mean[k] += share * gone", "mean[k] -= share * gone"),
        ("J = I_B + network.w_E * now_B", "J = I_B + network.w_E * now_A"),
        ("now_A - network.w_I * now_C", "now_A + network.w_I * now_C"),
        ("pool_C.noise, network.sigma, state)", "pool_C.noise, network.sigma**2, state)"),
        ("            waited = 0\n", ""),
        ("min(t + climb, t_end)", "t_end"),
        ("ready = when[j] + t_ref", "ready = when[j] + t_ref + dt"),
        ("relax_for(t_end - ready, u_r", "relax_for(dt, u_r"),
        ("min(ready + time_to_threshold", "min(t + time_to_threshold"),
        ("n_spikes += 1\n                u[i] = -inf", "n_spikes += 1"),
        ("and when[j] + t_ref < t:", "and when[j] < t:"),
        ("each = MS_PER_S / BIN", "each = 1.0 / BIN"),
        ("if A[k] > 2.0 * B[k]:", "if A[k] > B[k]:"),
        ("return BIN * since", "return BIN * since + BIN"),
        ("BIN * (A.size - HELD)", "BIN * A.size"),
    ],
    "models/sparse": [
        ("source = drawn(excite, n, state)", "source = drawn(0, n, state)"),
        ("first[j + 1] += first[j]", "first[j + 1] += 0.0"),
        ("fresh_noise(weights.sigma, keep)", "fresh_noise(weights.sigma, keep * keep)"),
        ("weight = -weights.g", "weight = weights.g"),
        ("inbox[at + i] = 0.0\n", "inbox[at + i] *= 1.0\n"),
        ("wait[i] = weights.held", "wait[i] = weights.held + 1.0"),
        ("u_inf, keep) + arrived", "u_inf + arrived, keep)"),
    ],
    "models/lif": [
        ("return self.tau_m / self.R", "return self.tau_m * self.R"),
        ("return u_inf + (u - u_inf) * keep", "return u_inf - (u - u_inf) * keep"),
        ("log1p((theta - u) / (u_inf - theta))", "log1p((theta - u) / u_inf)"),
        ("return (theta - u_rest) / R", "return (theta - u_rest) * R"),
        ("if u_inf <= theta:\n        return 0.0", "if R * I <= theta:\n        return 0.0"),
        (
            "return MS_PER_S / (t_ref + time_to_threshold(u_r,",
            "return MS_PER_S / (t_ref + time_to_threshold(u_rest,",
        ),
        ("MS_PER_S / (t_ref +", "1.0 / (t_ref +"),
        (
            "u_end = relax_for(t_end - t, u, u_inf, lif.tau_m)\n",
            "u_end = relax_for(t_end - t, u, u_inf, lif.tau_m)\n        break\n",
        ),
        ("t += lif.t_ref", "t = t_end + lif.t_ref"),
        ("u = lif.u_r\n", "u = 0.5 * (lif.u_r + lif.theta)\n"),
        ("else u_end, t, n_spikes", "else u_end, min(t, t_end), n_spikes"),
        ("keep = exp(-dt / lif.tau_m)", "keep = exp(-dt * lif.tau_m)"),
        ("        t_end = (k + 1) * dt\n        u_inf", "        t_end = k * dt\n        u_inf"),
        ("heads_for(I[k], lif.R, lif.u_rest)", "heads_for(I[k + 1], lif.R, lif.u_rest)"),
        ("return u_rest + R * I\n", "return u_rest + R * I / 1000.0\n"),
        ("spikes[n_spikes] = (k + 1) * dt", "spikes[n_spikes] = k * dt"),
        ("            held = pause", "            held = pause + 1.0"),
        ("(-(u - u_rest) + R * I) / tau_m", "(-(u + u_rest) + R * I) / tau_m"),
    ],
    "models/simulation": [
        ("u_start = model.u_rest", "u_start = model.u_r"),
        ("if found > n:", "if found > n + 1000:"),
        ("np.greater_equal(u_start, model.ceiling)", "np.greater(u_start, model.ceiling)"),
        ("FASTEST = 1e6 ", "FASTEST = 1e3 "),
        ("which[...] = np.arange(len(currents)).reshape(several)", "which[...] = 0"),
        ("spikes[:found].copy()", "spikes[: found - 1].copy()"),
    ],
    "analysis/responses": [
        ("return R / tau_m * exp(-s / tau_m)", "return R * exp(-s / tau_m)"),
        ("lif.u_r - lif.theta", "lif.theta - lif.u_r"),
        ("u_start - lif.u_rest, lif.tau_m", "u_start, lif.tau_m"),
        ("charge * kappa(t[k], tau_m, R)", "charge / 1000.0 * kappa(t[k], tau_m, R)"),
        ("u[k] += size * exp(-t[k] / tau)", "u[k] += size * exp(t[k] / tau)"),
        ("return -R * I * expm1(-t / tau_m)", "return -R * I * expm1(-tau_m / t)"),
        ("exp(-(t[k] - width) / tau_m)", "exp(-t[k] / tau_m)"),
        ("return 2.0 * pi * f * t / MS_PER_S", "return f * t / MS_PER_S"),
        ("return real, -x * real", "return real, x * real"),
        ("phase_angle(f, t[k]) + phase", "phase_angle(f, t[k]) - phase"),
        ("u[k] += steady - at_start * exp", "u[k] += steady + at_start * exp"),
        ("shape = t / slow / fast", "shape = t / slow"),
        ("late = first_mean(x) - late", "late = first_mean(x) + late"),
        ("late = -expm1(-x) - x * exp(-x)", "late = -expm1(-x) - exp(-x)"),
    ],
    "analysis/filters": [
        ("return MS_PER_S / (2.0 * pi * tau_m)", "return MS_PER_S / tau_m"),
        ("I.t[1:], width=I.dt)", "I.t[:-1], width=I.dt)"),
        ("I.values[..., :-1], weights)", "I.values[..., 1:], weights)"),
        ("next_fast_len(n + weights.shape[-1] - 1, real=True)", "next_fast_len(n, real=True)"),
        (
            "relax(u[k], heads_for(I[k], R, u_rest), keep)",
            "relax(u[k], heads_for(I[k], R, 0.0), keep)",
        ),
        ("seen, I.dt, u_r - theta, tau_m)", "seen, I.dt, theta - u_r, tau_m)"),
        ("and spikes[n] <= k * dt", "and spikes[n] <= (k + 1) * dt"),
        ("jump * exp(-(k * dt - spikes[n]) / tau_m)", "jump"),
        ("        left *= keep", "        left *= 1.0"),
        ("np.greater(lif.t_ref, 0), lif.t_ref)", "np.greater(lif.t_ref, 1), lif.t_ref)"),
        ("np.nextafter(spikes, np.inf), spikes)", "spikes, spikes)"),
    ],
    "models/filtered_lif": [
        ("help_of_w = np.abs(self.a) * np", "help_of_w = -np.abs(self.a) * np"),
        (
            "return max((3.0 if M.f > 0.0 else 2.0) * M.m, abs(M.g) + M.w, M.f)",
            "return 0.01 * M.m",
        ),
        ("(state.x + state.W)", "(state.x - state.W)"),
        ("- M.w * state.W", "- M.m * state.W"),
        ("F=-state.F * M.f", "F=state.F * M.f"),
        ("        J = 0.0\n", ""),
        ("    more = (level - near.x) / slope.x\n", "    more = 0.0\n"),
        ("W=W + neuron.R * neuron.b", "W=neuron.R * neuron.b"),
        ("F=neuron.R * neuron.A", "F=neuron.A"),
        ("x=neuron.u_r - neuron.u_rest", "x=0.0"),
        ("ready = min(t + s, t_end)", "ready = t_end"),
        ("relax(state.W, M.g / M.w * state.x,", "relax(state.W, 0.0,"),
        ("F=F.F", "F=F.x"),
        ("of_J=J.W)", "of_J=J.x)"),
        ("g=neuron.a * neuron.R", "g=neuron.a"),
        ("J = neuron.R * I[k]", "J = neuron.R * I[k + 1]"),
        ("w[k + 1] = state.W / neuron.R", "w[k + 1] = state.W"),
        ("return q * (1.0 + 2.0 * q) * rise", "return 1e-9 * rise"),
        ("return ROUNDING * (norm(state) + abs(J))", "return 0.0"),
    ],
    "models/adex": [
        ("return Delta_T * exp((x - rise) / Delta_T)", "return exp((x - rise) / Delta_T)"),
        ("return J - x + E - W", "return J - x - E - W"),
        ("e1 = r1 * E", "e1 = x1 * E"),
        ("w2 = v * (g * x1 - w1)", "w2 = v * (g * x1 + w1)"),
        ("x3 = m * p * (1.0 / 3.0)", "x3 = m * p * 0.5"),
        ("pulls[0] = pull_at(x, W, E, J)", "pulls[0] = pull_at(x, -W, E, J)"),
        ("W = of_w * part * bent", "W = part * bent"),
        ("W += adex.R * adex.b", "W -= adex.R * adex.b"),
        ("x = adex.u_r - adex.u_rest", "x = 0.0"),
        (
            "upswing_within(x, rise, Delta_T, d)\n        x_end",
            "upswing_within(x, rise - 1.0, Delta_T, d)\n        x_end",
        ),
        (
            "upswing(x, rise, Delta_T)\n        # Where",
            "upswing(x, rise - 1.0, Delta_T)\n        # Where",
        ),
        ("time -= part * r[i]", "time += part * r[i]"),
        ("- (peak - x) * last", "+ (peak - x) * last"),
        ("for _ in range(4)", "for _ in range(2)"),
        ("OUTWEIGHED = 8.0", "OUTWEIGHED = 1.0"),
        ("BRIEF = 64.0", "BRIEF = 1.0"),
        ("PRECISION = 1e-9", "PRECISION = 1e-2"),
        ("room = max(2.0 * Delta_T,", "room = max(100.0 * Delta_T,"),
        ("if x + up < peak and coarseness", "if coarseness"),
        (
            "of_u = I + (self.Delta_T * np.exp(above) - rest) / self.R",
            "of_u = I + (self.Delta_T * np.exp(above) + rest) / self.R",
        ),
        ("growth / adex.tau_m - 1.0 / adex.tau_w", "growth / adex.tau_m + 1.0 / adex.tau_w"),
        ("leak = (1.0 + adex.a * adex.R)", "leak = (1.0 - adex.a * adex.R)"),
        ("adex.Delta_T * log(1.0 +", "adex.Delta_T * log(2.0 +"),
        ("np.log(conductance) - 1.0)", "np.log(conductance) + 1.0)"),
    ],
    "analysis/patterns": [
        ("R=_PER_NANO / g_L,", "R=1.0 / g_L,"),
        (
            "return neuron, I / _PER_NANO\n\n\ndef filter_pattern",
            "return neuron, I\n\n\ndef filter_pattern",
        ),
        (
            'return "initial burst" if growth.max() > 3.0 else "adapting"',
            'return "initial burst" if growth.max() > 1.05 else "adapting"',
        ),
        ('return "rebound" if np.any(after) else "silent"', 'return "silent"'),
        ("after = exceeds(times, stop)", "after = times > stop"),
        ("during[0] - start > 0.5 * gaps.mean()", "during[0] > 0.5 * gaps.mean()"),
    ],
    "analysis/spikes": [
        (
            'checked_train("spike_times", spike_times, duration).size * MS_PER_S / duration',
            'checked_train("spike_times", spike_times, duration).size / duration',
        ),
        ("between.std() / between.mean()", "between.var() / between.mean()"),
        ("widest = precision * (1.0 + SAME)", "widest = precision * (1.0 - SAME)"),
        ("elif one[i] < other[j]:", "elif one[i] > other[j]:"),
        ("return 2.0 * precision * n / duration", "return precision * n / duration"),
        ("(pairs - chance * m) / (0.5 * (n + m))", "(pairs - chance * m) / (n + m)"),
        ("/ (1.0 - chance)\n", "\n"),
        ("(pairs - chance * m)", "(pairs - chance * n)"),
        ("np.flatnonzero(np.diff(times) <= 0)", "np.flatnonzero(np.diff(times) < 0)"),
        ("- times.size / windows)", "- 1.0)"),
        ("np.floor(in_steps.over(times, window))", "np.floor(times / window)"),
        ("times = times[~exceeds(times, windows * window)]", "pass"),
    ],
    "inputs/currents": [
        ("exceeds(dt, np.asarray(time_constant))", "exceeds(2.0 * dt, np.asarray(time_constant))"),
        ("np.minimum(stop, k + 1) - np.maximum(start, k)", "np.minimum(stop, k + 1) - k"),
        ("for edge in (start, stop))", "for edge in (start, stop + dt))"),
        ("whole_periods * width + np", "whole_periods * period + np"),
        ("for time in (start, width, period))", "for time in (0.0, width, period))"),
        ("** 2 / (2 * (stop - start))", "** 2 / (stop - start)"),
        (
            "sine_mean.over(np.arange(steps + 1), frequency * dt / MS_PER_S, phase)",
            "sine_mean.over(np.arange(steps + 1), frequency * dt, phase)",
        ),
        ("sin(half * (2.0 * k + 1.0) + phase)", "sin(half * 2.0 * k + phase)"),
        ("smaller = sin(half) / half", "smaller = 1.0"),
        ("intensity / sqrt(dt) * draws", "intensity * sqrt(dt) * draws"),
        ("return sigma * sqrt(1.0 - keep * keep)", "return sigma * (1.0 - keep)"),
        ("    x[0] = sigma * x[0]", "    x[0] = 0.0"),
        ("width = sqrt(12.0) * sigma", "width = sqrt(3.0) * sigma"),
        ("np.add.at(values, arrived, charge / dt)", "np.add.at(values, arrived, charge)"),
        ("np.exp(-age / tau_s) * -np.expm1", "-np.expm1"),
        ("return 16807.0 * state", "return 16806.0 * state"),
        ("radius = sqrt(-2.0 * log", "radius = sqrt(-log"),
    ],
    "models/population": [
        ("exp(-dt / neurons.tau_m[first + j])", "exp(-dt / neurons.tau_m[first])"),
        ("heads_for(row[k], R[j], u_rest[j])", "heads_for(row[k], R[j], 0.0)"),
        ("heads_for(row[k], R[j]", "heads_for(row[0], R[j]"),
        ("= neurons.theta[first + j]", "= neurons.theta[first]"),
        (
            "else lif.u_r\n                            to_end",
            "else lif.u_rest\n                            to_end",
        ),
        (
            "    wake = min(wake, ready[j])\n                u, u_end",
            "    wake = ready[j]\n                u, u_end",
        ),
        ("if fired > 0 or wake < end * dt:", "if fired > 0:"),
        (
            "end = min(begin + STRIDE, n - 1)\n                drive",
            "end = begin + STRIDE\n                drive",
        ),
        ("t = max(t, ready)", "pass"),
        ("                u, u_end = u_end, u\n", "                u_end, u_end = u_end, u\n"),
        ("top = max(top, now)", "top = now"),
        ("highest, lowest = max(highest, now.x)", "highest, lowest = now.x"),
        ("            stop = k\n", "            pass\n"),
        ("left = exp(-steps * dt / lif.tau_m)", "left = keep[j]"),
        ("wait, to_end = ready[j] - start * dt,", "wait, to_end = ready[j],"),
        ("return reset(W, neuron), t, t", "return reset(end.W, neuron), t, t"),
        ("t[j] = start * dt", "t[j] = 0.0"),
        ("goes = fine and far and not soaring", "goes = fine and not soaring"),
    ],
    "models/conductance_lif": [
        ("return tau_m / (1.0 + R * g)", "return tau_m * (1.0 + R * g)"),
        ("return 1.0 / lif.tau_m + total / C,", "return 1.0 / lif.tau_m,"),
        (
            "MAGNUS * h * h * (leak * b_late - leak_late * b)",
            "MAGNUS * h * h * (leak_late * b - leak * b_late)",
        ),
        ("EARLY = 0.5 - sqrt(3.0) / 6.0", "EARLY = 0.5 - sqrt(3.0) / 3.0"),
        ("tau_s, E_syn - lif.u_rest,", "tau_s, E_syn,"),
        ("if not synapses.shunting:", "if synapses.shunting:"),
        ("v = lif.u_r - lif.u_rest", "v = lif.u_r"),
        ("ready = stop + lif.t_ref", "ready = t_end + lif.t_ref"),
        (
            "(u_rest + R * (I + pull)) / (1.0 + R * total)",
            "(u_rest + R * (I + pull)) / (1.0 - R * total)",
        ),
        ("push = I[max(k - 1, 0)]", "push = I[k]"),
        ("x[j] *= exp(-(stop - t) /", "x[j] *= exp(-stop /"),
    ],
    "analysis/volleys": [
        ("return tau_m * (J - u) / J", "return tau_m * J / J"),
        ("(J - u) / start) * (tau_m / gap) * tau_s", "(J - u) / start) * tau_m / gap"),
        ("log(tau_m * J / start)", "log(tau_m / start)"),
        ("WIDEST = 1e4 ", "WIDEST = 1e9 "),
        (
            "return epsp * exp(time_to_peak(0.0, 1.0, tau_s, tau_m) / tau_s)",
            "return epsp * exp(-time_to_peak(0.0, 1.0, tau_s, tau_m) / tau_s)",
        ),
        ("before = density * exp(-18.0)", "before = density"),
        (
            "needed = distance / (epsp * mean_peak(jitter, tau_s, tau_m))",
            "needed = distance / epsp",
        ),
        ("return 0 - floor(-needed", "return floor(needed"),
        ("arrivals[k] = jitter * draws[k]", "arrivals[k] = draws[k]"),
    ],
    "models/branched_lif": [
        ("    C_s = whole - 2.0 * C_d\n", "    C_s = whole - C_d\n"),
        ("apart = 1.0 / tau_m + g_c / C_d", "apart = 1.0 / tau_m + g_c * C_d"),
        ("inward=apart + 2.0 * g_c / C_s", "inward=apart + g_c / C_s"),
        ("branch_2=both - apart", "branch_2=both + apart"),
        ("neuron.Mg)) * (E_SYN - u)", "neuron.Mg)) * (u - E_SYN)"),
        ("u = neuron.u_rest + v\n", "u = v\n"),
        ("last=h * (4.0 * phi_3 - phi_2)", "last=h * (3.0 * phi_3 - phi_2)"),
        ("middle=2.0 * h * (phi_2 - 2.0 * phi_3)", "middle=h * (phi_2 - 2.0 * phi_3)"),
        ("(v.branch_1 + v.branch_2 - 2.0 * v.soma)", "(v.branch_1 + v.branch_2 - v.soma)"),
        ("nmda = norm * arrivals.nmda[j]", "nmda = arrivals.nmda[j]"),
        ("v = Sites(soma=v_r,", "v = Sites(soma=level,"),
        ("from_soma = neuron.g_c * v_r", "from_soma = neuron.g_c * neuron.u_r"),
        ("branch_1=I.branch_1[n] + from_soma", "branch_1=I.branch_1[n + 1] + from_soma"),
        (
            "rates=PerMode(mean=0.0, between=rate, inward=rate)",
            "rates=PerMode(mean=0.0, between=rate, inward=free.rates.inward)",
        ),
        ("2j * np.pi * f[..., None] / MS_PER_S", "2j * np.pi * f[..., None]"),
        (
            "Z[..., target, source] / Z[..., source, source]",
            "Z[..., target, source] / Z[..., target, target]",
        ),
    ],
    "models/hodgkin_huxley": [
        ("cell.g_Na * gates.m**3", "cell.g_Na * gates.m**4"),
        ("cell.g_K * gates.n**4", "cell.g_K * gates.n**3"),
        ("bounded_exp((17.0 - v) / 18.0)", "bounded_exp((v - 17.0) / 18.0)"),
        ("open_m = 1.28 * ratio", "open_m = 0.32 * ratio"),
        ("h = open_h + 4.0 / (1.0", "h = open_h + 1.0 / (1.0"),
        ("(3.3 * root + 1.0 / root) / tau_max", "(3.3 * root + 1.0 / root) * tau_max / 1000.0"),
        ("    v = u - u_T", "    v = u + u_T"),
        ("- total * state.u) / cell.C", "+ total * state.u) / cell.C"),
        ("exp(-h * total / cell.C)", "exp(-h * total)"),
        ("return halves + (halves - whole) / 3.0", "return halves + (halves - whole) / 2.0"),
        ("n_spikes] = k * dt + done * h + late", "n_spikes] = k * dt + late"),
        ("if before.u < cell.theta and state.u", "if state.u"),
        ("cubic[3] = h * (du + du_end) - 2.0 * rise", "cubic[3] = h * (du + du_end) - rise"),
        ("u=u_start, gates=steady)", "u=u_start, gates=Gates(m=0.5, h=0.5, n=0.5, p=0.5))"),
        ("n**4 + cell.g_M * gates.p", "n**4 - cell.g_M * gates.p"),
        ("return total * u - inward(", "return total * u + inward("),
    ],
    "analysis/fit": [
        ("return 1.0 - factor_of(", "return factor_of("),
        ("if chance >= 1.0:", "if chance >= 10.0:"),
        ("    return candidates(best.x)\n", "    return candidates(bottom)\n"),
        ("values = np.where(logarithmic, np.exp(", "values = np.where(logarithmic, np.expm1("),
        ("(model.u_rest + below, model.u_rest + highest)", "(below, model.u_rest + highest)"),
        ("maxiter=generations,", "maxiter=1,"),
    ],
    "analysis/recorded_fit": [
        ("- steps.start + BEFORE for", "- steps.start for"),
        ("below=len(there))", "below=len(there) + 1)"),
        (".min(initial=steps.stop)", ".max(initial=steps.stop)"),
        ("(t < steps.stop - steps.start)", "(t <= steps.stop - steps.start)"),
        ("s, x = steps.t[rise] - steps.start,", "s, x = steps.t[rise],"),
        ("steps.u[k][rise] - rest", "steps.u[k][rise]"),
        ("return float(np.sqrt(np.mean(", "return float((np.mean("),
        ('"t_ref": (2.0, 20.0)', '"t_ref": (2.0, 8.0)'),
        ("allowed = factor * error(model)", "allowed = factor + error(model)"),
        ("ends.append(best + direction", "ends.append(direction"),
    ],
    "inputs/trains": [
        ("draws.poisson(rate * duration / MS_PER_S)", "draws.poisson(rate * duration)"),
        ("return np.sort(draws.uniform(", "return np.array(draws.uniform("),
        ("uniform(0.0, duration,", "uniform(0.0, 1.0,"),
        ('"mean rate", at_least=0', '"mean rate", above=0'),
        ('"length of the train", above=0', '"length of the train", at_least=0'),
    ],
    "models/synapses": [
        ("return EULER * self.g_max, 0.0", "return self.g_max, 0.0"),
        ("(g + x * s / tau_s) * exp(-s / tau_s)", "(g + x * s) * exp(-s / tau_s)"),
        ("(open_at_once + kick * s)", "(kick + open_at_once * s)"),
        ("return rate / MS_PER_S * area", "return rate * area"),
        ("return area * (E_syn - u)", "return area * (u - E_syn)"),
    ],
    "models/nmda": [
        ("MG_STEEPNESS = 0.062", "MG_STEEPNESS = 62.0"),
        ("log1p(gap / tau_rise)", "log1p(gap / tau_nmda)"),
        ("return exp(peak) * (tau_nmda / gap)", "return exp(peak)"),
        ("return 1.0 / (1.0 + Mg", "return 1.0 / (1.0 - Mg"),
        ("exp(-MG_STEEPNESS * u)", "exp(MG_STEEPNESS * u)"),
    ],
    "analysis/synaptic_responses": [
        ("(synapse.E_syn - u_hold) * share", "(u_hold - synapse.E_syn) * share"),
        ("return v, end * (1.0 - v) - v / tau_m", "return v, end - v / tau_m"),
        ("shares * (synapse.E_syn - u_hold)", "shares * (u_hold - synapse.E_syn)"),
        ("end = conductance_after(h, x, g, tau_s) / C", "end = conductance_after(h, x, g, tau_s)"),
        ("if t[k] >= 0.0:", "if t[k] > 1.0:"),
        ("share *= exp(-(t[k] - now) / tau_m)", "share *= exp(-now / tau_m)"),
        ("return BRISK * C / (x + g)", "return h"),
    ],
}


TESTED_WITH = {  # modules without a file of tests of their own
    "inputs/trains": "models/conductance_lif",
    "models/synapses": "models/conductance_lif",
    "models/nmda": "models/branched_lif",
    "analysis/synaptic_responses": "models/conductance_lif",
}
MUTANTS = [Mutant(module, *slip) for module, slips in PLANTED.items() for slip in slips]


def file_of(module, root=ROOT):
    """Path of the module that a mutant lives in."""
    return root / "neuro_lib" / f"{module}.py"


def tests_of(module):
    """Path of its tests, from the project's folder."""
    room, _, name = TESTED_WITH.get(module, module).rpartition("/")
    return Path("tests", room, f"test_{name}.py")


class Copy:
    """A copy of the project, in which mistakes are planted one at a time."""

    def __init__(self, folder):
        self.root = Path(folder)
        for name in ("neuro_lib", "tests"):
            shutil.copytree(ROOT / name, self.root / name, ignore=NOT_COPIED)
        for name in ("pyproject.toml", "conftest.py"):
            shutil.copy(ROOT / name, self.root)
        with open(self.root / "conftest.py", "a", encoding="utf-8") as file:
            file.write(HASTY)

    def test(self, module):
        """Run the tests of a module, up to the first failure; return the verdict and the output."""
        options = ["-x", "-q", "--no-header", "--tb=line", "-p", "no:cacheprovider"]
        options += ["--hypothesis-seed=0", f"--rootdir={self.root}"]
        run = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", *options, str(tests_of(module))],
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": str(self.root), "XDG_CACHE_HOME": f"{self.root}/cache"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
        )
        # Pytest ends with 1 for a failed test, but so does Python for a pytest that cannot start.
        last = run.stdout.rstrip().rpartition("\n")[2]
        if run.returncode and re.match(r"\d+ (failed|error)", last):
            return FAILED, run.stdout
        if not run.returncode and re.match(r"\d+ passed", last):
            return PASSED, run.stdout
        return f"pytest ends with {run.returncode}", run.stdout

    def test_with(self, mutant):
        """Plant a mutant, test, and put right again."""
        path = file_of(mutant.module, self.root)
        right = path.read_text("utf-8")
        if right.count(mutant.right) != 1:
            return None, f"what it replaces stands {right.count(mutant.right)} times in the file"
        path.write_text(right.replace(mutant.right, mutant.wrong), "utf-8")
        try:
            return self.test(mutant.module)
        except subprocess.TimeoutExpired:  # a loop without end is for the list's author to avoid
            return f"not done after {PATIENCE} s", ""
        finally:
            path.write_text(right, "utf-8")


def jobs_for(module):
    """A remark at the head of the module, which must survive, and the mutants, which must not."""
    head = file_of(module).read_text("utf-8").partition("\n")[0] + "\n"
    yield Mutant(module, head, head.replace('"""', '"""Nothing. ', 1)), PASSED
    for mutant in MUTANTS:
        if mutant.module == module:
            yield mutant, FAILED


def main(arguments=None) -> int:
    """Plant all mutants, or those of some modules; return 1 if one survives."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", choices=[*PLANTED, []], help="all unless named")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time")
    options = parser.parse_args(arguments)
    modules = options.modules or list(PLANTED)
    jobs = [job for module in modules for job in jobs_for(module)]
    start, wrong = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        free = SimpleQueue()
        for k in range(options.jobs):
            free.put(Copy(f"{folder}/{k}"))

        def run(job):
            copy = free.get()
            try:
                return job, copy.test_with(job[0])
            finally:
                free.put(copy)

        for (mutant, expected), (verdict, output) in pool.map(run, jobs):
            if verdict == expected:
                print(f"{'sound ' if expected == PASSED else 'caught'}  {mutant}", flush=True)
                continue
            wrong += 1
            if verdict == PASSED:
                print(f"SURVIVED  {mutant}", flush=True)
            else:
                print(f"NO VERDICT ({verdict})  {mutant}\n{output[-2000:]}", flush=True)
    print(
        f"{len(jobs) - len(modules)} mutants, {wrong} not caught; {time.monotonic() - start:.0f} s"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
