"""What one turn of one call is made of: taken, led, answered."""
