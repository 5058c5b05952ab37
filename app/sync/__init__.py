"""Synchronisation: the protocol that both sides share, and the console's side of it."""
