"""What is sold by a number: plans, and options that are taken alone or beside a plan."""
