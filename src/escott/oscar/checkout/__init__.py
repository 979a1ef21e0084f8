"""Oscar's checkout, forked: the order is placed first, then paid."""
