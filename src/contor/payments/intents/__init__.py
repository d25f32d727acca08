"""Intents to move money: created, handed to a provider, and ended by what was really booked."""
