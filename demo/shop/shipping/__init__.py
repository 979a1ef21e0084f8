"""How the demo shop ships; Oscar finds the repository by its module's name."""
