"""The figures this project promises: each a ratio in one run against a floor or a peer. `make bench` prints them."""
