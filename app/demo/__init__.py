"""The demonstration: a named cast, the world they live in, and their parcours played over HTTP."""
