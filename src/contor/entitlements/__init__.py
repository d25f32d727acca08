"""Features: what plans and options let customers use, what of it each contract has, and what a customer may use at an instant."""
