"""What all readers share: the file, the gathering of its records, and the values that many formats write alike."""
