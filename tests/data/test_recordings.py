"""The recordings are those of their sources, read-only, and what is said of them holds."""

import urllib.error
from pathlib import Path

import numpy as np
import pooch
import pytest

from neuro_lib import Current, interval_cv, recorded_steps, recorded_trains
from neuro_lib.data import recordings
from tools import convert_recordings

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "recordings.md"
HELD = Path(recordings.__file__).with_name("recordings.npz")
SHA256 = "2a992d222026f93d4880205840894b469062d42481274f3b70db7807e466c16b"


def test_the_committed_file_is_the_one_that_was_checked():
    assert pooch.file_hash(str(HELD)) == SHA256
    assert HELD.stat().st_size < 60_000


def test_the_recordings_made_anew_from_their_sources_are_those_that_are_held():
    try:
        made = convert_recordings.converted()
    except (urllib.error.URLError, OSError) as reason:
        pytest.skip(f"PyPI cannot be reached: {reason}")
    with np.load(HELD) as held:
        assert set(held) == set(made)
        for name in held:
            assert held[name].dtype == made[name].dtype
            np.testing.assert_array_equal(held[name], made[name])


def test_a_file_with_another_hash_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(convert_recordings.pooch, "os_cache", lambda name: tmp_path)
    source = convert_recordings.SOURCES["trains"]
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings" / source["file"]).write_bytes(b"something else")
    with pytest.raises(ValueError, match="is another file: its SHA-256 differs"):
        convert_recordings.fetched(source)


def test_the_page_and_the_module_name_the_sources_that_are_fetched():
    page, module = PAGE.read_text("utf-8"), recordings.__doc__
    terms = HELD.with_suffix(".md").read_text("utf-8")
    for source in convert_recordings.SOURCES.values():
        assert source["sha256"] in page
        for text in (page, module, terms):
            assert f"{source['package']} {source['version']}" in text.replace(
                f"[{source['package']}]", source["package"]
            ).replace(f"(https://pypi.org/project/{source['package']}/{source['version']}/)", "")
    assert source["holder"] in terms and "Redistribution and use" in terms


@pytest.mark.parametrize(
    "cell, counts", [("B6", [26, 50, 68, 82, 89]), ("B8", [20, 44, 62, 75, 81])]
)
def test_a_cell_fires_more_under_larger_steps_and_only_then(cell, counts):
    steps = recorded_steps(cell)
    assert steps.spike_count.tolist() == counts
    assert steps.u.shape == steps.I.shape == (5, steps.t.size) == (5, 12_000)
    assert np.all(np.diff(steps.amplitudes) > 0.03)
    for times, u in zip(steps.spike_times, steps.u, strict=True):
        assert np.all((times > steps.start) & (times < steps.stop))
        k = np.searchsorted(steps.t, times)
        assert np.all((u[k - 1] < -20.0) & (u[k] >= -20.0))
        chord = u[k - 1] + (times - steps.t[k - 1]) / steps.dt * (u[k] - u[k - 1])
        assert chord == pytest.approx(-20.0)
    assert -75.0 < steps.u_rest < -65.0


def test_the_step_is_where_the_potential_turns_and_of_the_size_it_says():
    for cell in recordings.CELLS:
        steps = recorded_steps(cell)
        on, off = np.searchsorted(steps.t, (steps.start, steps.stop))
        assert np.all(steps.I[:, on] - steps.I[:, on - 1] == pytest.approx(steps.amplitudes))
        assert np.all(steps.I[:, off] == steps.I[:, 0])
        rise = steps.u[:, on + 8] - steps.u[:, on - 8]
        fall = steps.u[:, off + 40] - steps.u[:, off]
        assert np.all(rise > 2.0) and np.all(fall < -3.0)
        Current(steps.I, steps.dt)  # it drives a model


def test_the_noise_at_rest_is_more_than_what_was_rounded():
    for cell in recordings.CELLS:
        u = recorded_steps(cell).u[:, :2801]
        assert np.all(u.std(axis=1) > 0.2)
        assert recordings.QUANTUM / np.sqrt(12.0) < 0.2 * u.std(axis=1).min()


def test_the_trains_are_two_of_ten_seconds():
    trains = recorded_trains()
    assert [train.size for train in trains.spike_times] == [929, 868]
    for train in trains.spike_times:
        assert train[0] > 0.0 and train[-1] < trains.duration
        assert np.diff(train).min() > 3.0
        assert 0.4 < interval_cv(train) < 0.6
        assert np.array_equal(10 * train, np.rint(10 * train))


def test_recordings_cannot_be_written_into():
    steps, trains = recorded_steps("B6"), recorded_trains()
    arrays = [steps.t, steps.I, steps.u, *steps.spike_times, *trains.spike_times, trains.cutoff]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0
    assert recorded_steps("B6") is steps


@pytest.mark.parametrize("cell", ["B7", 6, None, ["B6"]])
def test_an_unknown_cell_is_refused(cell):
    with pytest.raises(ValueError, match=r"^cell = .*: the recorded cell must be one of B6, B8$"):
        recorded_steps(cell)
