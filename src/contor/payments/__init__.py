"""Money at banks and payment providers: merchant payment accounts and the transactions on them."""
