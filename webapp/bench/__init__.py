"""The bench: how fast this machine works at the desk, always beside a floor measured in the same run."""
