"""What is mailed: to customers, to who is invited, to who looks after the company; each mail once."""
