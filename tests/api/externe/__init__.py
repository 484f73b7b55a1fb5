"""Sign-in through an identity provider that runs on loopback: what it opens, and everything that it must not."""
