"""What the demo shop starts with. Each function may run again and changes nothing then."""
