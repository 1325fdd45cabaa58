"""What the scripts that make references share."""
