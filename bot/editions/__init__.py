"""The programme in use: loaded, corrected, swapped whole, undone."""
