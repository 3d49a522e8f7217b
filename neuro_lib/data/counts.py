"""How many synapses a brain has, from counts of its neurons."""

from neuro_lib.portable import portable

__all__ = ["synapse_count"]


@portable
def synapse_count(neurons: float, synapses: float, granule_share: float, granule_inputs: float):
    """Synapses of a tissue with a share of granule cells (eq:synapse-count).

    Parameters
    ----------
    neurons : float
        Number of neurons, of all kinds together.
    synapses : float
        Synapses that each of the other neurons receives, on average.
    granule_share : float
        Share of the neurons that are cerebellar granule cells, from 0 to 1.
    granule_inputs : float
        Synapses that a granule cell receives.

    Returns
    -------
    float
        Number of synapses; in the unit of `neurons`, if that is in billions.

    Notes
    -----
    ``N_syn = N ((1 - g) s + g s_g)``. An average hides how unequal neurons are: it fails where the
    few that receive very many synapses (Purkinje cells) are not in it.

    Examples
    --------
    >>> f"{synapse_count(16e9, 1e4, 0.0, 4.0):.3g}"
    '1.6e+14'
    >>> f"{synapse_count(86.1e9, 1e4, 0.8, 4.0):.3g}"
    '1.72e+14'
    """
    return neurons * ((1.0 - granule_share) * synapses + granule_share * granule_inputs)
