"""The morning digest: a direct message about the day that begins, for those who want one."""
