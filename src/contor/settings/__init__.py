"""What a tenant decides once: who it is (operating sites), how it bills (groups, segments), how its papers are numbered and shown."""
