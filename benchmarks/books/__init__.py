"""What leaves the books, measured."""
