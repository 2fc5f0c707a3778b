"""Licences: the certificates that customers must hold, verified by a second person, warned of before they lapse."""
