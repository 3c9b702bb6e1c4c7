"""What people write down about papers for themselves: notes, what they have seen, what they want to read."""
