"""Money in the benchmarks: read from statements, matched, collected, dunned."""
