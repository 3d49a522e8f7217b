"""What goes into a neuron: currents and spike trains."""
