"""A thinned recording shows what the whole one shows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neuro_lib import recorded_steps
from neuro_lib.figures.recordings import decimate


@given(
    u=st.lists(st.integers(-5, 5), min_size=1, max_size=60),
    columns=st.integers(1, 30),
)
def test_each_column_keeps_its_lowest_and_its_highest_sample(u, columns):
    t, u = np.arange(len(u)), np.array(u)
    thin_t, thin_u = decimate(t, u, columns=columns)
    assert np.all(np.diff(thin_t) > 0) and thin_t.size <= 2 * columns
    assert np.array_equal(u[thin_t], thin_u)
    for column in np.array_split(t, columns):
        if column.size:
            kept = thin_u[(thin_t >= column[0]) & (thin_t <= column[-1])]
            assert (kept.min(), kept.max()) == (u[column].min(), u[column].max())


@pytest.mark.parametrize("cell", ["B6", "B8"])
def test_no_recorded_spike_is_lost(cell):
    steps = recorded_steps(cell)
    for u, spikes in zip(steps.u, steps.spike_times, strict=True):
        t, thin = decimate(steps.t, u, columns=250)
        assert thin.size <= 500 and thin.max() == u.max()
        width = steps.t[-1] / 250
        for spike in spikes:
            assert thin[np.abs(t - spike) < width].max() > -20.0
