"""Questions across all apps: the day's performance, what a manager looks at."""
