"""The composition root: it alone knows all floors, puts the parts together and starts them."""
