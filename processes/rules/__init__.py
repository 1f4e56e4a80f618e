"""The regulation as pure functions: the standard library alone, each function citing its article."""
