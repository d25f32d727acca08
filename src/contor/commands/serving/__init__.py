"""Serve: who starts the processes, and the HTTP server of one. They are entered one by one: a worker needs no HTTP server."""
