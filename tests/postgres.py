"""A private PostgreSQL for tests: that of the measurements."""

from app.bench.postgres import Postgres, programs

__all__ = ["Postgres", "programs"]
