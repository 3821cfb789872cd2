"""The laptop's way out to the network; nothing here is needed to work."""
