"""samo: the delivery pipeline for deep-learning services that runs where you sit."""

__version__ = "0.1.0"
