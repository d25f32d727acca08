"""How the API of FastBill, classic and Automatic, speaks: one address, a service in each body, JSON or XML."""
