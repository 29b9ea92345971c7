"""What stands for the whole site."""
