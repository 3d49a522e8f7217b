"""What is computed of a model without its loop, and of the spikes that it fires."""
