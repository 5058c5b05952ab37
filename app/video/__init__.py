"""Streams to pictures: decoder processes, frame rings in shared memory, stream states."""
