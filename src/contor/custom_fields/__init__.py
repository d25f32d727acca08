"""What a tenant keeps of its customers, products, subscriptions and invoices beside what Contor knows: fields that it declares itself."""
