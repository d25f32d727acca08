"""Open items: what customers still owe on each document, or we owe them; what moves it, and what is decided on it."""
