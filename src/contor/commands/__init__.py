"""What the command line does: serve, demo, check, explain, import. Each module calls operations through `execute`."""
