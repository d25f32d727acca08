"""What must be fast, measured beside a floor on the same server in the same run."""
