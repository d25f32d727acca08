"""What can be sold: options with their prices and versions, plans with their phases, index adaptations of prices."""
