"""Signal Desktop's database: its tables, one room a subject."""
