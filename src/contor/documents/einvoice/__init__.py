"""Electronic invoices by EN 16931: what an issued document says in UBL and CII, and what a foreign file says to us."""
