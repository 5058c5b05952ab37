"""What things are and what may happen to them. Plain Python: no Qt, no SQL, no I/O, no clock."""
