"""The bench: the server as shipped, beside the floor and the peers, on generated data."""
