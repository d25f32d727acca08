"""The name of the work that hands letters over: who causes one marks it."""

POSTING = "post"
