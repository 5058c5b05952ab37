"""Watchroom: video wall and monitoring client for public-safety CCTV."""
