"""What may happen to the case book: one transaction a function, values in and values out."""
