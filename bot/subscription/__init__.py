"""Private addresses at which calendars read somebody's agenda and keep it up to date."""
