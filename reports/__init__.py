"""Reports: the day's figures for those who decide, by mail at 17:00, and each one's work of today."""
