"""The neuron models: one model, one module."""
