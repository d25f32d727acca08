"""What runs beside the requests: jobs after the commit, and the processes that run them."""
