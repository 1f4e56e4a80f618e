"""The verbs of a government desk: what people do with a task besides doing it, one module for each family."""
