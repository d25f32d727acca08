"""What callers of the fynn API do, over HTTP, as they do it."""
