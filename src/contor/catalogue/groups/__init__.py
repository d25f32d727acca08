"""Product groups: what a contract may change to, in which direction, when, and what is given back."""
