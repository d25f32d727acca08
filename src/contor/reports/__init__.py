"""What leaves the books: reports and exports. They read every table through the faces of its package and write only their own."""
