"""The help desk: private threads with those on duty, and reports of conduct that only their team reads."""
