"""The services, demonstration and load that run on one machine."""
