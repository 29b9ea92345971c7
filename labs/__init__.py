"""What the labs' notebooks import: their data and their pictures."""
