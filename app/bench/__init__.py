"""Measurements as ratios in one run: wall, latency, sidebar, start-up."""
