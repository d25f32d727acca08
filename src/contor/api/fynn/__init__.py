"""How the REST API of fynn speaks: a resource for each thing, API Platform's lists and refusals, permissions by its own names."""
