"""Rows of a file, each with one user of all processes: how they are lent."""
