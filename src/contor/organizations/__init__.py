"""Who uses Contor: organizations, their environments (tenants), users, API keys, tokens and billing addresses."""
