"""What happened, told to other systems: written down with what happened, in one gapless sequence of the tenant, and sent to its routes."""
