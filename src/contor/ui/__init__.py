"""Pages for people: server-rendered, they call operations through `execute` like every dialect."""
